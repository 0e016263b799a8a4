"""Custom fields as columns of imported files."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.selectors import changeable_fields
from hearth.custom_fields.values import CustomValueInvalid, name_of, read_value
from hearth.imports.kinds import CellKind, ImportField, Problem, Row

PREFIX = "custom_"
CELL_KINDS: Mapping[str, CellKind] = {"date": "date", "choice": "choice", "yes_no": "yes_no"}
LONGEST_CELL = 2_000
Values = tuple[tuple[FieldDefinition, Any], ...]
_name = lazy(name_of, str)
CUSTOM_MESSAGES = {
    "custom_value_invalid": _("This value does not fit. %(reason)s"),
    "custom_field_not_here": _("This field is not kept at this place, or you may not change it."),
}


def fields_to_import(object_code: str) -> Callable[[], Sequence[ImportField]]:
    """Return what gives the columns for an object's custom fields; one query when it is called."""

    def fields() -> Sequence[ImportField]:
        rows = FieldDefinition.objects.filter(object_code=object_code, is_active=True).in_order()
        return [_import_field(row) for row in rows]

    return fields


def _import_field(definition: FieldDefinition) -> ImportField:
    return ImportField(
        PREFIX + definition.key,
        _name(definition),
        CELL_KINDS.get(definition.kind, "text"),
        aliases=(definition.key, definition.name_zh, definition.name_en),
        choices={choice: (choice,) for choice in definition.choices} if definition.kind == "choice" else {},
        max_length=LONGEST_CELL,
    )


def have_custom(rows: Iterable[Row]) -> bool:
    """Tell whether any row has a column for a custom field, in a tenth of the time of looking through each."""
    names: set[str] = set()
    names.update(*(row.values for row in rows))
    return any(name.startswith(PREFIX) for name in names)


def check_custom(
    row: Row, fields: Mapping[str, FieldDefinition], *, is_new: bool = False
) -> Iterator[Problem]:
    """Find what is wrong with the custom values of a row; no query.

    A value for a field that the place does not have, or that the actor may not change, is a problem; so is a required
    one that a row leaves empty which makes a new record.
    """
    given = dict(_given(row))
    for name in given:
        if name.removeprefix(PREFIX) not in fields:
            yield Problem(row.number, name, "custom_field_not_here")
    for definition in fields.values():
        name = PREFIX + definition.key
        if name not in given and not (is_new and definition.is_required):
            continue
        try:
            read_value(definition, given.get(name))
        except CustomValueInvalid as refusal:
            reason = str(refusal.params["reason"])
            yield Problem(row.number, name, "custom_value_invalid", {"reason": reason})


def read_custom(row: Row, fields: Mapping[str, FieldDefinition]) -> Values:
    """Return the custom values of a row that passed the check."""
    found = ((fields[name.removeprefix(PREFIX)], raw) for name, raw in _given(row))
    return tuple((definition, read_value(definition, raw)) for definition, raw in found)


def _given(row: Row) -> list[tuple[str, Any]]:
    return [
        (name, raw) for name, raw in row.values.items() if name.startswith(PREFIX) and raw not in (None, "")
    ]


@dataclass
class CustomColumns:
    """The custom values of the rows of a file whose records lie at several places; each place has fields of its own.

    At most three queries for each place, once for a file, and none where the rows have no such columns.
    """

    object_code: str
    actor: Actor
    _fields: dict[int, Mapping[str, FieldDefinition]] = field(default_factory=dict)

    def check(self, row: Row, place_id: int, *, is_new: bool = True) -> Iterator[Problem]:
        """Find what is wrong with the custom values of a row, as `check_custom` does."""
        if have_custom([row]):
            yield from check_custom(row, self._at(place_id), is_new=is_new)

    def read(self, row: Row, place_id: int) -> Values:
        """Return the custom values of a row that passed the check."""
        return read_custom(row, self._at(place_id)) if have_custom([row]) else ()

    def _at(self, place_id: int) -> Mapping[str, FieldDefinition]:
        if place_id not in self._fields:
            self._fields[place_id] = changeable_fields(self.object_code, place_id, self.actor)
        return self._fields[place_id]
