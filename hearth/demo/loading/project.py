"""One project with its homes, people and everything that happened there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.timezone import localdate

from hearth.cases.models import Cause
from hearth.cases.services import NewCase, write_cases
from hearth.cases.services.accounts import Account
from hearth.channels.services.interactions import NewInteraction, record_interactions
from hearth.core.actor import Actor
from hearth.customers.models import Customer, UnitRole
from hearth.customers.services import NewCustomer, NewUnitRole, assign_unit_roles, create_customers
from hearth.demo.city.records import Building, Home, Matter, Person, ProjectCity
from hearth.demo.city.told import ASKED, Asked
from hearth.organization.models import OrgUnit
from hearth.privacy.services import NewConsent, record_consents
from hearth.properties.models import Building as BuildingRow
from hearth.properties.models import Entrance, Project, Unit
from hearth.properties.services import UnitDraft, add_entrances, create_building, create_project, create_units
from hearth.sales.services import NewContract, NewPayment, write_contracts, write_payments

FOR_SALE = Unit.State.AVAILABLE


@dataclass
class LoadedProject:
    """What later steps and the truths need of a project that is in the database; ids by the city's keys."""

    project: Project
    buildings: dict[str, UUID] = field(default_factory=dict)
    units: dict[str, UUID] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    cases: dict[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True)
class ProjectLoader:
    """Writes one project; every row is marked as a sample."""

    place: OrgUnit
    actor: Actor
    now: datetime
    responsible_ids: tuple[int, ...] = ()

    def load(self, city: ProjectCity) -> LoadedProject:
        """Write everything in the order in which it depends on each other."""
        loaded = self._load_homes(city)
        self._load_people(city, loaded)
        self._load_contracts(city, loaded)
        self._load_contacts(city, loaded)
        self._load_matters(city, loaded)
        self._load_consents(city, loaded)
        return loaded

    def _load_homes(self, city: ProjectCity) -> LoadedProject:
        plan = city.plan
        project = create_project(
            self.place,
            code=plan.code,
            name=plan.name,
            city=plan.city,
            district=plan.district,
            address=plan.address,
            life_phase=plan.life_phase,
            planned_handover_date=plan.handover_date,
            actor=self.actor,
            now=self.now,
            is_sample=True,
        )
        loaded = LoadedProject(project)
        entrances: dict[tuple[str, int], Entrance] = {}
        rows = {
            building.key: self._load_building(building, project, entrances) for building in city.buildings
        }
        drafts = [
            self._draft(home, rows[home.building.key], entrances[home.building.key, home.entrance], city)
            for home in city.homes
        ]
        units = create_units(drafts, actor=self.actor, now=self.now, is_sample=True)
        loaded.buildings = {key: row.pk for key, row in rows.items()}
        loaded.units = {unit.external_key: unit.pk for unit in units}
        return loaded

    def _load_building(
        self, building: Building, project: Project, entrances: dict[tuple[str, int], Entrance]
    ) -> BuildingRow:
        row = create_building(
            project,
            name=building.name,
            phase_name=building.phase,
            floors=building.floors,
            actor=self.actor,
            now=self.now,
            is_sample=True,
        )
        names = [f"{number}单元" for number in range(1, building.entrances + 1)]
        made = add_entrances(row, names, actor=self.actor, now=self.now, is_sample=True)
        for number, entrance in enumerate(made, start=1):
            entrances[building.key, number] = entrance
        return row

    def _draft(self, home: Home, building: BuildingRow, entrance: Entrance, city: ProjectCity) -> UnitDraft:
        return UnitDraft(
            building=building,
            entrance=entrance,
            number=home.number,
            floor=home.floor,
            layout=home.layout,
            orientation=home.orientation,
            fit_out=city.plan.fit_out,
            floor_area=home.area,
            list_price_amount=home.price,
            built_year=home.building.handover_date.year,
            state=city.unsold_states.get(home.key, FOR_SALE),
            external_key=home.key,
        )

    def _load_people(self, city: ProjectCity, loaded: LoadedProject) -> None:
        people = [member for household in city.households for member in household.members]
        new = [self._customer(person) for person in (*people, *city.doubled)]
        rows = create_customers(new, org_unit=self.place, actor=self.actor, now=self.now, is_sample=True)
        loaded.customers = {row.external_key: row for row in rows}

    def _customer(self, person: Person) -> NewCustomer:
        responsible = None
        if self.responsible_ids and person.role == "head":
            responsible = self.responsible_ids[len(person.key + person.name) % len(self.responsible_ids)]
        return NewCustomer(
            name=person.name,
            sex=person.sex,
            birth_date=person.birth_date,
            identity_number=person.identity_number,
            occupation=person.occupation,
            source=person.source,
            phones=person.phones,
            emails=(person.email,) if person.email else (),
            household_key=person.household,
            household_role=person.role,
            responsible_id=responsible,
            external_key=person.key,
            known_since=person.known_since,
        )

    def _load_contracts(self, city: ProjectCity, loaded: LoadedProject) -> None:
        contracts = [
            NewContract(
                number=purchase.number,
                customer_id=loaded.customers[purchase.buyer].pk,
                unit_id=loaded.units[purchase.home.key],
                project_id=loaded.project.pk,
                org_unit_id=self.place.pk,
                signed_date=purchase.signed_date,
                total_amount=purchase.total,
                handover_date=purchase.handover_date,
            )
            for purchase in city.purchases
        ]
        if not contracts:
            return
        rows = write_contracts(contracts, actor=self.actor, now=self.now, is_sample=True)
        ids = {row.number: row.pk for row in rows}
        write_payments(
            list(self._payments(city, loaded, ids)), actor=self.actor, now=self.now, is_sample=True
        )
        roles = list(self._further_roles(city, loaded))
        assign_unit_roles(roles, actor=self.actor, now=self.now, is_sample=True)

    def _payments(
        self, city: ProjectCity, loaded: LoadedProject, contracts: Mapping[str, UUID]
    ) -> Iterator[NewPayment]:
        for purchase in city.purchases:
            for payment in purchase.payments:
                yield NewPayment(
                    receipt_number=payment.receipt,
                    customer_id=loaded.customers[purchase.buyer].pk,
                    org_unit_id=self.place.pk,
                    paid_date=payment.paid_date,
                    amount=payment.amount,
                    contract_id=contracts[purchase.number],
                    unit_id=loaded.units[purchase.home.key],
                    project_id=loaded.project.pk,
                    subject=payment.subject,
                )

    def _further_roles(self, city: ProjectCity, loaded: LoadedProject) -> Iterator[NewUnitRole]:
        for purchase in city.purchases:
            unit_id = loaded.units[purchase.home.key]
            others = [(purchase.co_owner, UnitRole.Role.CO_OWNER, purchase.signed_date)]
            if purchase.handover_date:
                others += [
                    (person, UnitRole.Role.RESIDENT, purchase.handover_date) for person in purchase.residents
                ]
            for person, role, day in others:
                if person:
                    customer_id = loaded.customers[person].pk
                    yield NewUnitRole(customer_id=customer_id, unit_id=unit_id, role=role, valid_from=day)

    def _load_contacts(self, city: ProjectCity, loaded: LoadedProject) -> None:
        new = [
            NewInteraction(
                customer_id=loaded.customers[contact.person].pk,
                org_unit_id=self.place.pk,
                channel=contact.channel,
                direction=contact.direction,
                summary=contact.summary,
                project_id=loaded.project.pk,
                occurred_at=contact.occurred_at,
            )
            for contact in city.contacts
        ]
        record_interactions(new, actor=self.actor, now=self.now, is_sample=True)

    def _load_matters(self, city: ProjectCity, loaded: LoadedProject) -> None:
        categories = dict(Cause.objects.in_use().values_list("code", "pk"))
        new = [self._case(matter, loaded, categories) for matter in city.matters]
        rows = write_cases(new, actor=self.actor, now=self.now, is_sample=True)
        loaded.cases = {row.external_key: row.pk for row in rows}

    def _case(self, matter: Matter, loaded: LoadedProject, categories: Mapping[str, int]) -> NewCase:
        asked = ASKED.get(matter.topic)
        return NewCase(
            org_unit_id=self.place.pk,
            kind=matter.kind,
            title=matter.title,
            body=matter.body,
            channel=matter.channel,
            opened_at=matter.opened_at,
            customer_id=loaded.customers[matter.person].pk,
            project_id=loaded.project.pk,
            unit_id=loaded.units.get(matter.home),
            grade=matter.grade,
            topic=matter.topic,
            reply=matter.reply,
            answered_at=matter.answered_at,
            closed_at=matter.closed_at,
            external_key=matter.key,
            category_id=categories.get(asked.category) if asked else None,
            account=_told(asked, matter.opened_at) if asked else None,
        )

    def _load_consents(self, city: ProjectCity, loaded: LoadedProject) -> None:
        new = [
            NewConsent(
                customer_id=loaded.customers[decision.person].pk,
                purpose_code=decision.purpose,
                channel=decision.channel,
                decision=decision.decision,
                how=decision.how,
                decided_at=decision.decided_at,
            )
            for decision in city.decisions
        ]
        record_consents(new, actor=self.actor, now=self.now, is_sample=True)


def _told(asked: Asked, opened_at: datetime) -> Account:
    day = localdate(opened_at)
    return Account(
        happened_date=day,
        demand=asked.demand,
        demand_note=asked.words,
        expected_date=day + timedelta(days=asked.days),
    )
