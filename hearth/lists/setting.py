"""Changes that set one value of many rows, or do one act to each; apps say how it is done to one row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from hearth.core.actor import Actor
from hearth.core.errors import Conflict
from hearth.lists.assigning import ALREADY, LeaveOut
from hearth.lists.bulk import BulkAction, Places, Values
from hearth.lists.definitions import Batch
from hearth.lists.filters.base import Words

VALUE = "value"


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A value that one act sets: `field` asks for it, `read` tells what a row has, `write` is the app's own act.

    `read` returns the value as JSON has it, and `clean` brings what the field gives to the same form; it may refuse by
    a `DomainError`.
    """

    field: Callable[[], forms.Field]
    read: Callable[[Any], Any]
    write: Callable[[Any, Any, Actor, datetime], object]
    clean: Callable[[Any], Any] = _same


def setting(
    key: str,
    label: Words,
    icon: str,
    permission: str,
    value: Setting,
    leave_out: LeaveOut,
    *,
    places: Places,
) -> BulkAction:
    """Return the change that sets one value; rows that have it are left out, and it is taken back where it stands."""

    def make_form(_actor: Actor, given: QueryDict | None) -> forms.Form:
        form = forms.Form(given)
        form.fields[VALUE] = value.field()
        return form

    def values_of(cleaned: Mapping[str, Any]) -> Values:
        return {VALUE: value.clean(cleaned[VALUE])}

    def sort_out(batch: Batch[Any], values: Values) -> Mapping[UUID, Words]:
        same = {row.pk: ALREADY for row in batch.rows if value.read(row) == values[VALUE]}
        return {**same, **leave_out(batch)}

    def change(row: Any, values: Values, actor: Actor, now: datetime) -> Values:
        before = {VALUE: value.read(row)}
        value.write(row, values[VALUE], actor, now)
        return before

    def restore(row: Any, before: Values, values: Values, actor: Actor, now: datetime) -> None:
        if value.read(row) != values[VALUE]:
            raise Conflict
        value.write(row, before[VALUE], actor, now)

    return BulkAction(
        key=key,
        label=label,
        icon=icon,
        permission=permission,
        make_form=make_form,
        values_of=values_of,
        sort_out=sort_out,
        places=places,
        change=change,
        restore=restore,
    )


def doing(
    key: str,
    label: Words,
    icon: str,
    permission: str,
    act: Callable[[Any, Actor, datetime], object],
    leave_out: LeaveOut,
    *,
    places: Places,
    take_back: Callable[[Any, Actor, datetime], object] | None = None,
) -> BulkAction:
    """Return the change that does one act to each row and asks for nothing; without `take_back` it stays."""

    def change(row: Any, _values: Values, actor: Actor, now: datetime) -> Values:
        act(row, actor, now)
        return {}

    def restore(row: Any, _before: Values, _values: Values, actor: Actor, now: datetime) -> None:
        if take_back is not None:
            take_back(row, actor, now)

    return BulkAction(
        key=key,
        label=label,
        icon=icon,
        permission=permission,
        make_form=lambda _actor, given: forms.Form(given),
        values_of=lambda _cleaned: {},
        sort_out=lambda batch, _values: leave_out(batch),
        places=places,
        change=change,
        restore=restore if take_back else None,
    )
