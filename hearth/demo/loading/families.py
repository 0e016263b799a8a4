"""Relatives, companies with their contacts, and needs of the families of one project."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.customers.services import NewCustomer, create_customers
from hearth.demo.city.families import Families, Need, Tie
from hearth.demo.loading.project import LoadedProject
from hearth.families.services import NeedValues
from hearth.families.services.samples import (
    SampleNeeds,
    SampleRelationship,
    write_sample_needs,
    write_sample_relationships,
)
from hearth.organization.models import OrgUnit

TEN_THOUSAND = 10_000


@dataclass(frozen=True)
class FamilyLoader:
    """Writes what is known of families, with a number of queries that does not depend on theirs."""

    place: OrgUnit
    actor: Actor
    now: datetime

    def load(self, families: Families, loaded: LoadedProject) -> None:
        """Write companies first, then who belongs to whom, then needs; the companies join the loaded customers."""
        self._load_companies(families, loaded)
        write_sample_relationships(
            [_relationship(tie, loaded.customers) for tie in families.ties],
            org_unit_id=self.place.pk,
            actor=self.actor,
            now=self.now,
        )
        needs = [
            SampleNeeds(
                customer=loaded.customers[person],
                stated=[(version.stated_at, _values(version)) for version in versions],
            )
            for person, versions in families.needs.items()
        ]
        write_sample_needs(needs, org_unit_id=self.place.pk, actor=self.actor, now=self.now)

    def _load_companies(self, families: Families, loaded: LoadedProject) -> None:
        new = [
            NewCustomer(
                name=company.name,
                kind=Customer.Kind.COMPANY,
                phones=(company.phone,),
                external_key=company.key,
                known_since=company.known_since,
            )
            for company in families.companies
        ]
        rows = create_customers(new, org_unit=self.place, actor=self.actor, now=self.now, is_sample=True)
        loaded.customers |= {row.external_key: row for row in rows}


def _relationship(tie: Tie, customers: dict[str, Customer]) -> SampleRelationship:
    return SampleRelationship(
        customer=customers[tie.key],
        other=customers[tie.other],
        kind=tie.kind,
        noted_at=tie.noted_at,
        position=tie.position,
        valid_from=tie.since,
    )


def _values(need: Need) -> NeedValues:
    return NeedValues(
        purpose=need.purpose,
        budget_from_amount=Decimal(need.budget_from * TEN_THOUSAND),
        budget_to_amount=Decimal(need.budget_to * TEN_THOUSAND),
        area_from=Decimal(need.area_from),
        area_to=Decimal(need.area_to),
        layout=need.layout,
        timing=need.timing,
        districts=need.districts,
        motives=need.motives,
        ability_to_pay=need.ability_to_pay,
        income=need.income,
        decision_makers=need.decision_makers,
        value_ratings=need.ratings,
    )
