"""Giving rows of any app to another record, by the rule its column declares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, models

from hearth.customers.following import Following
from hearth.customers.services.merge_memory import Change

Target = Mapping[UUID, UUID]
RowId = Any


@dataclass
class Moved:
    """Rows that went over and rows that stayed, each with the record it came from, and values replaced on the way."""

    rows: list[tuple[RowId, UUID]] = field(default_factory=list)
    stayed: list[tuple[RowId, UUID]] = field(default_factory=list)
    changes: list[tuple[UUID, Change]] = field(default_factory=list)


@dataclass
class _Conflicts:
    """Rows that cannot go, by the row in their way, and values that let others go."""

    staying: dict[RowId, RowId | None] = field(default_factory=dict)
    yielding: dict[RowId, dict[str, Any]] = field(default_factory=dict)


def move_rows(following: Following, targets: Target) -> Moved:
    """Give the rows of some records to others, as far as the table's rules admit.

    One query where no rule of uniqueness speaks of the column, else two and one for each rule.
    """
    if not following.unique_constraints() and not following.other_columns():
        return Moved(_move_all(following, targets))
    origin_of = dict(
        following.rows.filter(**{f"{following.attname}__in": list(targets)})
        .order_by("pk")
        .values_list("pk", following.attname)
    )
    order = {origin: place for place, origin in enumerate(targets)}
    rows = sorted(origin_of, key=lambda row_id: order[origin_of[row_id]])
    return place_rows(following, {row_id: targets[origin_of[row_id]] for row_id in rows}, origin_of, targets)


def place_rows(
    following: Following,
    planned: Mapping[RowId, UUID],
    origin_of: Mapping[RowId, UUID],
    targets: Target | None = None,
) -> Moved:
    """Give single rows to records, those named first first, as far as the table's rules admit."""
    if not planned:
        return Moved()
    conflicts = _find_conflicts(following, planned, targets or {})
    moved = Moved(stayed=[(row_id, origin_of[row_id]) for row_id in conflicts.staying])
    yielded = zip(conflicts.yielding, replace_values(following.model, conflicts.yielding), strict=True)
    moved.changes += [(origin_of[row_id], change) for row_id, change in yielded]
    going = {row_id: planned[row_id] for row_id in planned if row_id not in conflicts.staying}
    moved.rows = [(row_id, origin_of[row_id]) for row_id in _move_each(following, going, origin_of)]
    if targets:
        moved.changes += _enrich(following, conflicts.staying, origin_of)
    return moved


def replace_values(model: type[models.Model], values: Mapping[RowId, Mapping[str, Any]]) -> list[Change]:
    """Write values over those of rows and return what was there; one query, and one for rows that get the same."""
    if not values:
        return []
    alike: dict[tuple[tuple[str, Any], ...], list[RowId]] = {}
    for row_id, new in values.items():
        alike.setdefault(tuple(new.items()), []).append(row_id)
    names = sorted({name for new in values.values() for name in new})
    rows = model._default_manager.filter(pk__any_of=list(values)).values_list("pk", *names)
    before = {row_id: dict(zip(names, kept, strict=True)) for row_id, *kept in rows}
    for new_items, row_ids in alike.items():
        model._default_manager.filter(pk__any_of=row_ids).update(**dict(new_items))
    return [
        Change.of(model, row_id, {name: before[row_id][name] for name in new}, new)
        for row_id, new in values.items()
    ]


def _move_all(following: Following, targets: Target) -> list[tuple[RowId, UUID]]:
    column, key, table = _names(following)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS kept SET {column} = move.target"  # noqa: S608  (names of ours)
            f" FROM unnest(%s::uuid[], %s::uuid[]) AS move (origin, target) WHERE kept.{column} = move.origin"
            f" RETURNING kept.{key}, move.origin",
            [list(targets), list(targets.values())],
        )
        return list(cursor.fetchall())


def _move_each(
    following: Following, planned: Mapping[RowId, UUID], origin_of: Mapping[RowId, UUID]
) -> list[RowId]:
    """Move rows that are still where they were read."""
    column, key, table = _names(following)
    kind = following.model._meta.pk.db_type(connection)
    kind = {"bigserial": "bigint", "serial": "integer"}.get(str(kind), kind)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS kept SET {column} = move.target"  # noqa: S608  (names of ours)
            f" FROM unnest(%s::{kind}[], %s::uuid[], %s::uuid[]) AS move (id, origin, target)"
            f" WHERE kept.{key} = move.id AND kept.{column} = move.origin RETURNING kept.{key}",
            [list(planned), [origin_of[row_id] for row_id in planned], list(planned.values())],
        )
        return [row_id for (row_id,) in cursor.fetchall()]


def _names(following: Following) -> tuple[str, str, str]:
    quote = connection.ops.quote_name
    pk = following.model._meta.pk
    return quote(following.attname), quote(str(pk.column)), quote(following.model._meta.db_table)


def _find_conflicts(following: Following, planned: Mapping[RowId, UUID], targets: Target) -> _Conflicts:
    conflicts = _Conflicts()
    _keep_apart(following, planned, targets, conflicts)
    rules = sorted(following.unique_constraints(), key=lambda rule: rule.name in following.yielding)
    for rule in rules:
        for row_id, holder in _losers(following, rule, planned, conflicts):
            if values := following.yielding.get(rule.name):
                conflicts.yielding.setdefault(row_id, {}).update(values)
            else:
                conflicts.staying[row_id] = holder
    return conflicts


def _keep_apart(
    following: Following, planned: Mapping[RowId, UUID], targets: Target, conflicts: _Conflicts
) -> None:
    """Leave rows that would tie a record to itself."""
    others = following.other_columns()
    if not others:
        return
    rows = following.rows.filter(pk__any_of=list(planned)).values_list("pk", *others)
    for row_id, *tied_to in rows:
        if planned[row_id] in {targets.get(other, other) for other in tied_to}:
            conflicts.staying[row_id] = None


def _losers(
    following: Following,
    rule: models.UniqueConstraint,
    planned: Mapping[RowId, UUID],
    conflicts: _Conflicts,
) -> list[tuple[RowId, RowId]]:
    """Find the planned rows that would break a rule, each with the row that has the place."""
    column = following.attname
    names = [
        field.attname
        for field in following.model._meta.concrete_fields
        if field.name in rule.fields and field.name != following.column
    ]
    rows = following.rows.filter(
        models.Q(pk__any_of=list(planned)) | models.Q(**{f"{column}__in": list(set(planned.values()))})
    )
    if rule.condition is not None:
        rows = rows.filter(rule.condition)
    places: dict[tuple[Any, ...], RowId] = {}
    waiting: dict[RowId, tuple[Any, ...]] = {}
    for row_id, owner, *values in rows.values_list("pk", column, *names):
        if None in values and rule.nulls_distinct is not False:
            continue
        key = (planned.get(row_id, owner), *map(_comparable, values))
        if row_id not in planned:
            places[key] = row_id
        elif row_id in conflicts.staying:
            places.setdefault((owner, *key[1:]), row_id)
        else:
            waiting[row_id] = key
    return [
        (row_id, places[waiting[row_id]])
        for row_id in planned
        if row_id in waiting and places.setdefault(waiting[row_id], row_id) != row_id
    ]


def _comparable(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _enrich(
    following: Following, staying: Mapping[RowId, RowId | None], origin_of: Mapping[RowId, UUID]
) -> list[tuple[UUID, Change]]:
    """Let rows that have the place take what they lack from those that stay."""
    if following.enrich is None or not staying:
        return []
    rows = following.rows.in_bulk([*staying, *filter(None, staying.values())])
    changes = []
    for row_id, holder in staying.items():
        if holder is None:
            continue
        values = following.enrich(rows[holder], rows[row_id])
        replaced = replace_values(following.model, {holder: values} if values else {})
        changes += [(origin_of[row_id], change) for change in replaced]
        for name, value in values.items():
            setattr(rows[holder], name, value)
    return changes
