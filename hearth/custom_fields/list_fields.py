"""Custom fields as columns, filters and editable fields of a list."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import DateField, DecimalField, Q
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, GreaterThanOrEqual, IsNull, LessThanOrEqual

from hearth.core.actor import Actor
from hearth.custom_fields.bulk import ManyField, changes_of
from hearth.custom_fields.editing import PlacesOf, editable_field, places_reader
from hearth.custom_fields.importing import PREFIX
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.objects import custom_objects
from hearth.custom_fields.selectors import HeldRoles, is_changed_by, is_seen_by, roles_of
from hearth.custom_fields.values import name_of, open_value, show_value, typed_value
from hearth.lib.typed_tables import CellType
from hearth.lists import cells
from hearth.lists.cells import CellKind
from hearth.lists.definitions import Batch, Column, Further
from hearth.lists.filters import CHOICE, DAY, FLAG, NUMBER, TEXT, Filter, FilterKind, Reader, Test
from hearth.lists.filters.days import span_of

Kind = FieldDefinition.Kind
NUMBERS = frozenset({Kind.NUMBER, Kind.MONEY})
TYPES: dict[str, CellType] = {
    Kind.NUMBER: CellType.NUMBER,
    Kind.MONEY: CellType.AMOUNT,
    Kind.DATE: CellType.DAY,
}
KINDS: dict[str, FilterKind] = {
    Kind.TEXT: TEXT,
    Kind.NUMBER: NUMBER,
    Kind.MONEY: NUMBER,
    Kind.CHOICE: CHOICE,
    Kind.CHOICES: CHOICE,
    Kind.YES_NO: FLAG,
    Kind.DATE: DAY,
}
COMPARISONS = {"least": GreaterThanOrEqual, "most": LessThanOrEqual, "equal": Exact}


def further_of(object_code: str) -> Callable[[Actor], Further[Any]]:
    """Return what gives a list the custom fields that its reader may see; two queries, one where there are none.

    Sensitive fields may be shown, not asked for: their values are sealed. A field of some roles is
    shown of the records where the reader holds one of them, and asked for by who holds one at its place or above.
    """

    def further(actor: Actor) -> Further[Any]:
        rows = FieldDefinition.objects.filter(object_code=object_code, is_active=True).in_order()
        found = list(rows.select_related("org_unit"))
        held = roles_of(actor) if found else HeldRoles()
        seen = [row for row in found if is_seen_by(row, held.anywhere())]
        asked = [
            row for row in seen if row.kind in KINDS and not row.is_sensitive and _is_seen_in_all(row, held)
        ]
        described = custom_objects[object_code]
        places_of = places_reader(described)

        def paths_of(batch: Batch[Any]) -> Mapping[UUID, Sequence[str]]:
            return batch.once(places_of).paths

        changed = [row for row in seen if not row.is_sensitive and is_changed_by(row, held.anywhere())]
        return Further(
            [_column(row, held, places_of) for row in seen],
            [_filter(row) for row in asked],
            [action for row in changed for action in changes_of(ManyField(described, row, held, paths_of))],
            [editable_field(row, described, held, places_of) for row in seen],
        )

    return further


def _is_seen_in_all(definition: FieldDefinition, held: HeldRoles) -> bool:
    """Tell whether the roles show a field of every record: those that have it are at its place or below."""
    return is_seen_by(definition, held.at([definition.org_unit.path]))


def _column(definition: FieldDefinition, held: HeldRoles, places_of: PlacesOf) -> Column[Any]:
    def is_shown(row: Any, paths: Mapping[UUID, Sequence[str]]) -> bool:
        return is_seen_by(definition, held.at(paths.get(row.pk, ())))

    def read(batch: Batch[Any]) -> Sequence[Any]:
        kept = [(row, row.custom.get(definition.key)) for row in batch.rows]
        if not _is_seen_in_all(definition, held):
            paths = batch.once(places_of).paths
            kept = [(row, value if is_shown(row, paths) else None) for row, value in kept]
        return [open_value(definition, value, row) for row, value in kept]

    is_summed = (
        definition.kind in NUMBERS and not definition.is_sensitive and _is_seen_in_all(definition, held)
    )
    return Column(
        PREFIX + definition.key,
        name_of(definition),
        read,
        _kind(definition),
        is_usual=False,
        total=partial(_number, definition) if is_summed else "",
    )


def _kind(definition: FieldDefinition) -> CellKind:
    return CellKind(
        show=lambda value: cells.TEXT.show(show_value(definition, value)),
        plain=partial(typed_value, definition),
        css=cells.TEXT.css,
        type=TYPES.get(definition.kind, CellType.TEXT),
    )


def _filter(definition: FieldDefinition) -> Filter:
    conditions = {
        Kind.NUMBER: _compares,
        Kind.MONEY: _compares,
        Kind.CHOICE: _holds_one,
        Kind.CHOICES: _holds_one,
        Kind.DATE: _lies_within,
    }
    condition = conditions.get(Kind(definition.kind))
    return Filter(
        PREFIX + definition.key,
        name_of(definition),
        KINDS[definition.kind],
        f"custom__{definition.key}",
        tuple((choice, choice) for choice in definition.choices),
        condition=condition(definition) if condition else None,
    )


def _number(definition: FieldDefinition) -> Combinable:
    return Cast(KeyTextTransform(definition.key, "custom"), DecimalField(max_digits=20, decimal_places=4))


def _compares(definition: FieldDefinition) -> Callable[[Test, Reader], Q]:
    number = _number(definition)
    return lambda test, _reader: Q(COMPARISONS[test.operator](number, Decimal(test.values[0])))


def _lies_within(definition: FieldDefinition) -> Callable[[Test, Reader], Q]:
    kept = KeyTextTransform(definition.key, "custom")
    day = Cast(kept, DateField())

    def condition(test: Test, reader: Reader) -> Q:
        if test.operator in {"empty", "filled"}:
            return Q(IsNull(kept, test.operator == "empty"))
        start, end = span_of(test, reader.today)
        found = Q(GreaterThanOrEqual(day, start)) if start else Q()
        return found & Q(LessThanOrEqual(day, end)) if end else found

    return condition


def _holds_one(definition: FieldDefinition) -> Callable[[Test, Reader], Q]:
    """Ask by containment, which an index answers."""
    is_list = definition.kind == Kind.CHOICES

    def condition(test: Test, _reader: Reader) -> Q:
        found = Q()
        for value in test.values:
            found |= Q(custom__contains={definition.key: [value] if is_list else value})
        return ~found if test.operator == "not" else found

    return condition
