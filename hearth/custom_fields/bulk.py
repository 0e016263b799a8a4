"""Changing a custom field of many records at once: a value is set, or a choice is added to those a record has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import Conflict
from hearth.custom_fields.forms import field_of
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.objects import CustomObject
from hearth.custom_fields.selectors import HeldRoles, is_changed_by
from hearth.custom_fields.services import set_custom_values
from hearth.custom_fields.values import name_of, open_value, read_value
from hearth.lists.assigning import ALREADY
from hearth.lists.bulk import BulkAction, Values
from hearth.lists.definitions import Batch
from hearth.lists.filters.base import Words
from hearth.lists.setting import Setting, setting

PathsOf = Callable[[Batch[Any]], Mapping[UUID, Sequence[str]]]
KEY, CHOICE = "custom-", "choice"
NOT_HERE, NO_RIGHT = _("it has no such field"), _("you may not change this field there")


@dataclass(frozen=True)
class ManyField:
    """A field of the records of an object, as somebody with some roles changes it in many of them."""

    described: CustomObject
    definition: FieldDefinition
    held: HeldRoles
    paths_of: PathsOf

    @property
    def name(self) -> str:
        return name_of(self.definition)

    def read(self, row: Any) -> Any:
        """Return what a record has."""
        return open_value(self.definition, row.custom.get(self.definition.key), row)

    def write(self, row: Any, value: Any, actor: Actor, now: datetime) -> object:
        """Set the value of one record, by the act of its own page."""
        return set_custom_values(self.described, row, {self.definition.key: value}, actor=actor, now=now)

    def chosen(self, row: Any) -> set[str]:
        """Return the choices a record has, of some of several."""
        return set(self.read(row) or ())

    def write_chosen(self, row: Any, chosen: set[str], actor: Actor, now: datetime) -> object:
        """Set the choices of one record, in the order of the field."""
        ordered = [each for each in self.definition.choices if each in chosen]
        return self.write(row, ordered, actor, now)

    def places(self, batch: Batch[Any]) -> Any:
        return self.described.places(batch.rows)

    def leave_out(self, batch: Batch[Any]) -> Mapping[UUID, Words]:
        """Leave out records without the field, and those where the actor may not change it; three queries."""
        scope, places = batch.actor.scope(self.described.change_permission), self.places(batch)
        paths, at = batch.once(self.paths_of), self.definition.org_unit.path
        left_out: dict[UUID, Words] = {}
        for row_id in batch.ids:
            found = paths.get(row_id, ())
            may_change = scope.everywhere or any(map(scope.covers, places.get(row_id, ())))
            if not any(path.startswith(at) for path in found):
                left_out[row_id] = NOT_HERE
            elif not (may_change and is_changed_by(self.definition, self.held.at(found))):
                left_out[row_id] = NO_RIGHT
        return left_out


def changes_of(field: ManyField) -> Sequence[BulkAction]:
    """Return the changes of one field: it is set, or of some of several choices one is added or removed.

    A sensitive field must have none, since a run keeps what was before.
    """
    definition = field.definition
    if definition.kind == FieldDefinition.Kind.CHOICES:
        return [_choosing(field, is_added=True), _choosing(field, is_added=False)]
    value = Setting(
        field=partial(field_of, definition),
        read=field.read,
        write=field.write,
        clean=partial(read_value, definition),
    )
    right = field.described.change_permission
    key = f"{KEY}{definition.key}"
    return [setting(key, field.name, "pencil", right, value, field.leave_out, places=field.places)]


def _choosing(field: ManyField, *, is_added: bool) -> BulkAction:
    """Return the change that adds one choice to those a record has, or takes it away, as people use labels."""

    def is_so(row: Any, values: Values) -> bool:
        return (values[CHOICE] in field.chosen(row)) == is_added

    def sort_out(batch: Batch[Any], values: Values) -> Mapping[UUID, Words]:
        return {**{row.pk: ALREADY for row in batch.rows if is_so(row, values)}, **field.leave_out(batch)}

    def change(row: Any, values: Values, actor: Actor, now: datetime) -> Values:
        was_so = is_so(row, values)
        if not was_so:
            field.write_chosen(row, field.chosen(row) ^ {values[CHOICE]}, actor, now)
        return {"was_so": was_so}

    def restore(row: Any, before: Values, values: Values, actor: Actor, now: datetime) -> None:
        if not is_so(row, values):
            raise Conflict
        if not before["was_so"]:
            field.write_chosen(row, field.chosen(row) ^ {values[CHOICE]}, actor, now)

    label = gettext("%(field)s: add") if is_added else gettext("%(field)s: remove")
    return BulkAction(
        key=f"{KEY}{field.definition.key}-{'add' if is_added else 'remove'}",
        label=label % {"field": field.name},
        icon="tag" if is_added else "minus",
        permission=field.described.change_permission,
        make_form=partial(_choice_form, field),
        values_of=lambda cleaned: {CHOICE: cleaned[CHOICE]},
        sort_out=sort_out,
        places=field.places,
        change=change,
        restore=restore,
    )


def _choice_form(field: ManyField, _actor: Actor, given: QueryDict | None) -> forms.Form:
    form = forms.Form(given)
    form.fields[CHOICE] = forms.ChoiceField(
        label=field.name,
        choices=[(each, each) for each in field.definition.choices],
        widget=forms.Select({"class": "form-select"}),
    )
    return form
