"""The fields of a customer that are edited where they are shown."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.customers.origins import NOTE
from hearth.customers.permissions import CHANGE_CUSTOMER
from hearth.customers.selectors.presentation import places_of
from hearth.customers.services import update_customer
from hearth.lists import controls
from hearth.lists.controls import Control
from hearth.lists.definitions import Batch, EditableField, FixedField, Lock
from hearth.lists.filters.base import Words

Customers = Batch[Customer]
NO_RIGHT: Words = _("you may not change it there")
BLOCKED: Words = _("blocked: nobody has a right to it")
BY_PAGE: Words = _("contacts are added and removed on the page “Change the customer”, each with its origin")
COMPUTED: Words = _("calculated from visits, purchases and contacts")


def places_of_each(batch: Customers) -> Mapping[UUID, Collection[int]]:
    """Return the places that know each customer; one query."""
    return places_of(batch.ids)


def beyond_reach(batch: Customers) -> Mapping[UUID, Words]:
    """Tell of customers known only where the actor may not change them; one query."""
    scope = batch.actor.scope(CHANGE_CUSTOMER)
    if scope.everywhere:
        return {}
    places = batch.once(places_of_each)
    return {row_id: NO_RIGHT for row_id in batch.ids if not any(map(scope.covers, places[row_id]))}


def _note_locks(batch: Customers) -> Mapping[UUID, Words]:
    blocked = {row.pk: BLOCKED for row in batch.rows if row.is_blocked(NOTE)}
    return {**batch.once(beyond_reach), **blocked}


def _sets(name: str) -> Callable[[Customer, Any, Actor, datetime], object]:
    return lambda row, value, actor, now: update_customer(row, actor=actor, now=now, **{name: value})


def _put_in_charge(customer: Customer, person: Any, actor: Actor, now: datetime) -> object:
    return update_customer(customer, actor=actor, now=now, responsible_id=person.pk if person else None)


def _field(
    key: str, label: Words, control: Control, *, name: str = "", locks: Lock[Customer] = beyond_reach
) -> EditableField[Customer]:
    """Return a field that `update_customer` sets under the name of the column."""
    return EditableField(
        key=key,
        label=label,
        permission=CHANGE_CUSTOMER,
        control=control,
        read=lambda row: getattr(row, name or key),
        write=_sets(key),
        locks=locks,
    )


FIELDS = (
    _field("name", _("Name"), controls.text(120, is_required=True)),
    _field("kind", _("Kind"), controls.one_of(Customer.Kind.choices)),
    _field("sex", _("Sex"), controls.one_of(Customer.Sex.choices, is_required=False)),
    _field("birth_date", _("Date of birth"), controls.day()),
    _field("occupation", _("Occupation"), controls.text(80)),
    _field("source", _("Source"), controls.one_of(Customer.Source.choices, is_required=False)),
    EditableField(
        key="responsible",
        label=_("Responsible person"),
        permission=CHANGE_CUSTOMER,
        control=controls.colleague("responsible_id"),
        read=lambda row: row.responsible,
        write=_put_in_charge,
        locks=beyond_reach,
        shortcut="a",
    ),
    _field(
        "household_role",
        _("Role in the household"),
        controls.one_of(Customer.HouseholdRole.choices, is_required=False),
    ),
    _field("note", _("Note"), controls.long_text(), name="usable_note", locks=_note_locks),
)
FIXED = (
    FixedField("phone", CHANGE_CUSTOMER, BY_PAGE),
    FixedField("email", CHANGE_CUSTOMER, BY_PAGE),
    FixedField("stage", CHANGE_CUSTOMER, COMPUTED),
    FixedField("tier", CHANGE_CUSTOMER, COMPUTED),
)
