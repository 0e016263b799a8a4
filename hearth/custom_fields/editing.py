"""Custom fields that are edited where they are shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.custom_fields.forms import field_of, shown_to_control
from hearth.custom_fields.importing import PREFIX
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.objects import CustomObject
from hearth.custom_fields.selectors import HeldRoles, is_changed_by
from hearth.custom_fields.services import set_custom_values
from hearth.custom_fields.values import name_of, open_value
from hearth.lists.definitions import Batch, EditableField
from hearth.lists.filters.base import Words
from hearth.organization.models import OrgUnit

NO_RIGHT: Words = _("you may not change it there")
NOT_YOURS: Words = _("only some roles change this field")
NOT_THERE: Words = _("records of this place do not have this field")


@dataclass(frozen=True)
class Places:
    """The places of rows by row id: their ids, and their paths in the tree."""

    ids: Mapping[UUID, Sequence[int]]
    paths: Mapping[UUID, Sequence[str]]


PlacesOf = Callable[[Batch[Any]], Places]


def places_reader(described: CustomObject) -> PlacesOf:
    """Return what reads the places of rows; one query and what the object's own places take."""

    def read(batch: Batch[Any]) -> Places:
        places = {row_id: list(found) for row_id, found in described.places(batch.rows).items()}
        units = OrgUnit.objects.filter(pk__in={place for found in places.values() for place in found})
        paths = dict(units.values_list("pk", "path"))
        return Places(places, {row_id: [paths[place] for place in found] for row_id, found in places.items()})

    return read


def editable_field(
    definition: FieldDefinition, described: CustomObject, held: HeldRoles, places_of: PlacesOf
) -> EditableField[Any]:
    """Return a custom field as a list, a page and the look at a row edit it.

    Sensitive ones are sent to who may change them alone: whoever changes a field sees it.
    """

    def locks(batch: Batch[Any]) -> Mapping[UUID, Words]:
        places, scope = batch.once(places_of), batch.actor.scope(described.change_permission)
        found: dict[UUID, Words] = {}
        for row_id in batch.ids:
            paths = places.paths.get(row_id, ())
            if not (scope.everywhere or any(map(scope.covers, places.ids.get(row_id, ())))):
                found[row_id] = NO_RIGHT
            elif not any(path.startswith(definition.org_unit.path) for path in paths):
                found[row_id] = NOT_THERE
            elif not is_changed_by(definition, held.at(paths)):
                found[row_id] = NOT_YOURS
        return found

    def read(row: Any) -> Any:
        return shown_to_control(definition, open_value(definition, row.custom.get(definition.key), row))

    return EditableField(
        key=PREFIX + definition.key,
        label=name_of(definition),
        permission=described.change_permission,
        control=lambda _row, _actor: field_of(definition),
        read=read,
        write=lambda row, value, actor, now: set_custom_values(
            described, row, {definition.key: value}, actor=actor, now=now
        ),
        locks=locks,
    )
