"""What the demo accounts find on their desks: tasks, a company's own fields with values, saved views, a pinned note."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle
from typing import Any

from django.db.models import Model
from django.utils.timezone import localdate

from hearth.accounts.models import User
from hearth.cases.models import Case
from hearth.channels.models import Channel, Interaction
from hearth.channels.services.composing import pin_contact
from hearth.channels.services.interactions import NewInteraction, record_interactions
from hearth.core.actor import Actor
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.objects import custom_objects
from hearth.custom_fields.services import FieldValues, define_field, set_custom_values
from hearth.customers.models import Customer
from hearth.demo.city.desk import (
    DUE_DAYS,
    ERRANDS,
    KEEP_FIRST_VIEW,
    MOST_ERRANDS,
    OWN_FIELDS,
    PINNED_NOTE,
    RECORDS_WITH_VALUES,
    SHARES_VIEWS,
    TEAM_ERRANDS,
    VIEWS,
    OwnField,
)
from hearth.demo.city.places import COMPANIES, GROUP_CODE
from hearth.demo.loading.accounts import place_of
from hearth.demo.loading.organization import Places
from hearth.demo.loading.project import LoadedProject
from hearth.demo.loading.service import work_on_cases
from hearth.lists.definitions import lists
from hearth.lists.models import SavedView
from hearth.lists.services import pin_view, save_view
from hearth.organization.models import Role
from hearth.organization.selectors import actor_for, people_with
from hearth.properties.models import Unit
from hearth.sales.models import Contract
from hearth.tasks.permissions import VIEW_TASK
from hearth.tasks.services import NewTask, create_tasks


@dataclass(frozen=True)
class DeskLoader:
    """Writes a bounded number of rows whatever the size of the city; `users` are the demo accounts by role."""

    places: Places
    users: Mapping[str, User]
    actor: Actor
    now: datetime
    today: date

    def load(self, loaded: LoadedProject) -> None:
        """Write everything about the customers, homes, contracts and cases of one project."""
        heads = [row for row in loaded.customers.values() if row.household_role == "head"]
        self._load_fields(loaded, heads)
        self._load_tasks(heads)
        self._load_views()
        self._pin_note(heads[0], loaded)
        work_on_cases(loaded, self.users, actor=self.actor, now=self.now)

    def _load_tasks(self, heads: Sequence[Customer]) -> None:
        about = zip(cycle(ERRANDS), cycle(heads), strict=False)
        tasks = [*self._team_tasks(heads), *self._own_tasks(about)]
        create_tasks(tasks[:MOST_ERRANDS], actor=self.actor, now=self.now, is_sample=True)

    def _team_tasks(self, heads: Sequence[Customer]) -> Iterator[NewTask]:
        """Ask teams of the first company for what somebody has yet to take on."""
        roles = {role.code: role.pk for role in Role.objects.all()}
        place = self.places[COMPANIES[0].code]
        for (code, title, days), head in zip(TEAM_ERRANDS, cycle(heads), strict=False):
            due = self.today + timedelta(days=days)
            yield NewTask(place.pk, title, due, role_id=roles[code], customer_id=head.pk)

    def _own_tasks(self, about: Iterator[tuple[str, Customer]]) -> Iterator[NewTask]:
        """Give each account that works on tasks one that is late, then each one for today, and so on."""
        homes = {role.code: self.places[place_of(role)] for role in Role.objects.all()}
        able = {
            place: set(people_with(VIEW_TASK, place, today=localdate(self.now)).values_list("pk", flat=True))
            for place in set(homes.values())
        }
        for days in DUE_DAYS:
            for code, user in self.users.items():
                if user.pk in able[homes[code]]:
                    title, customer = next(about)
                    due = self.today + timedelta(days=days)
                    yield NewTask(homes[code].pk, title, due, user.pk, customer_id=customer.pk)

    def _load_fields(self, loaded: LoadedProject, heads: Sequence[Customer]) -> None:
        taken = set(FieldDefinition.objects.values_list("object_code", "key"))
        records: Mapping[str, Sequence[Model]] = {
            "customer": heads[:RECORDS_WITH_VALUES],
            "unit": _first(Unit.objects.filter(project=loaded.project).order_by("external_key")),
            "contract": _first(Contract.objects.filter(unit__project=loaded.project).order_by("number")),
            "case": _first(Case.objects.filter(project=loaded.project).order_by("external_key")),
        }
        for code, rows in records.items():
            fields = [
                each for each in OWN_FIELDS if each.object_code == code and (code, each.key) not in taken
            ]
            for each in fields:
                self._define(each)
            for number, row in enumerate(rows):
                values = {each.key: self._value(each, number) for each in fields}
                set_custom_values(custom_objects[code], row, values, actor=self.actor, now=self.now)

    def _define(self, own: OwnField) -> None:
        values = FieldValues(
            key=own.key, name_zh=own.name_zh, name_en=own.name_en, kind=own.kind, choices=own.choices
        )
        group = self.places[GROUP_CODE]
        define_field(own.object_code, values, org_unit=group, actor=self.actor, now=self.now, is_sample=True)

    def _value(self, own: OwnField, number: int) -> Any:
        value = own.values[number % len(own.values)]
        return self.today + timedelta(days=value) if own.kind == FieldDefinition.Kind.DATE else value

    def _load_views(self) -> None:
        """Share views in the name of an account, and let some keep the first one; none where the account is real."""
        owner = self.users.get(SHARES_VIEWS)
        if owner is None:
            return
        views = [
            save_view(
                lists[view.list_key],
                actor=self._acting(owner),
                now=self.now,
                name=view.name,
                parameters=view.parameters,
                visibility=SavedView.Visibility.PLACE,
                org_unit=self.places[GROUP_CODE],
                is_sample=True,
            )
            for view in VIEWS
        ]
        for user in filter(None, map(self.users.get, KEEP_FIRST_VIEW)):
            pin_view(views[0], actor=self._acting(user), is_pinned=True)

    def _acting(self, user: User) -> Actor:
        return actor_for(user, today=localdate(self.now))

    def _pin_note(self, customer: Customer, loaded: LoadedProject) -> None:
        summary, body = PINNED_NOTE
        note = NewInteraction(
            customer_id=customer.pk,
            org_unit_id=loaded.project.org_unit_id,
            channel=Channel.NOTE,
            direction=Interaction.Direction.INTERNAL,
            summary=summary,
            body=body,
            occurred_at=self.now,
        )
        rows = record_interactions([note], actor=self.actor, now=self.now, is_sample=True)
        pin_contact(rows[0], actor=self.actor, now=self.now)


def _first(rows: Any) -> list[Model]:
    return list(rows[:RECORDS_WITH_VALUES])
