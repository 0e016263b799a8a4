"""The change that puts a colleague in charge of many rows; apps say how one row is assigned."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.errors import Conflict, InvalidInput
from hearth.lists.bulk import BulkAction, Places, Values, person_of
from hearth.lists.definitions import Batch
from hearth.lists.filters.base import Words
from hearth.organization.selectors import users_visible_to

ALREADY: Words = _("already so")
Assign = Callable[[Any, User | None, Actor, datetime], object]
LeaveOut = Callable[[Batch[Any]], Mapping[UUID, Words]]


class PersonForm(forms.Form):
    """Who shall be in charge; empty for nobody."""

    person = forms.ModelChoiceField(
        label=_("In charge"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        widget=forms.Select({"class": "form-select"}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.queryset = users_visible_to(actor).filter(is_active=True).order_by("display_name", "id")


def assigning(
    label: Words, permission: str, attribute: str, assign: Assign, leave_out: LeaveOut, *, places: Places
) -> BulkAction:
    """Return the change that puts one colleague in charge by the column `attribute` (`responsible_id`)."""

    def sort_out(batch: Batch[Any], values: Values) -> Mapping[UUID, Words]:
        same = {row.pk: ALREADY for row in batch.rows if getattr(row, attribute) == values["person"]}
        return {**same, **leave_out(batch)}

    def change(row: Any, values: Values, actor: Actor, now: datetime) -> Values:
        person = person_of(values)
        if values["person"] and person is None:
            raise InvalidInput("person")
        before = {"person": getattr(row, attribute)}
        assign(row, person, actor, now)
        return before

    def restore(row: Any, before: Values, values: Values, actor: Actor, now: datetime) -> None:
        if getattr(row, attribute) != values["person"]:
            raise Conflict
        assign(row, person_of(before), actor, now)

    return BulkAction(
        key="assign",
        label=label,
        icon="user-check",
        permission=permission,
        make_form=_make_form,
        values_of=_values_of,
        sort_out=sort_out,
        places=places,
        change=change,
        restore=restore,
    )


def _make_form(actor: Actor, given: QueryDict | None) -> forms.Form:
    return PersonForm(given, actor=actor)


def _values_of(cleaned: Mapping[str, Any]) -> Values:
    return {"person": cleaned["person"].pk if cleaned["person"] else None}
