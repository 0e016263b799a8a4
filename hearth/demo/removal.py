"""Removing sample rows, except those that real rows need.

The rules are read from the models, so that a new table obeys them without being named here. A row stays when it is
real, or when a row that stays refers to it by a key that may not become empty. Rows without a mark of their own
belong to their owner, the row their first cascading key names, and share its fate.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.apps import apps
from django.db import connection, models

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.objects import custom_objects

# What the analysis or the audit wrote about a row; it bears no mark and is nothing without the row.
DERIVED = {
    "segments.segmentcount": "segment",
    "customers.reveal": "customer",
    "customers.customercompleteness": "customer",
}
# What makes a kept row whole.
PARTS = {
    "customers.contactpoint": "customer",
    "privacy.consent": "customer",
    "campaigns.treatment": "campaign",
}
Model = type[models.Model]
Key: TypeAlias = "models.ForeignKey[Any, Any]"


@dataclass(frozen=True)
class Kept:
    """Sample rows of a kind that stay, and the kind of row that needs them."""

    kind: str
    count: int
    because: str
    is_because_real: bool


def remove_samples() -> tuple[dict[str, int], list[Kept]]:
    """Delete what goes, and return the numbers removed and kept by model. Runs inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.demo_kept")
        cursor.execute(
            "CREATE TEMPORARY TABLE demo_kept (model text, id text, because text, is_real boolean,"
            " PRIMARY KEY (model, id)) ON COMMIT DROP"
        )
        _keep_filled_fields()
        _find_kept()
        for statement in _empty_optional_keys():
            cursor.execute(statement)
        removed = {}
        for model in sorted(_tables(), key=_depth, reverse=True):
            cursor.execute(f"DELETE FROM {_table(model)} AS t WHERE NOT ({_stays(model, 't')})")  # noqa: S608
            if cursor.rowcount:
                removed[model._meta.label_lower] = cursor.rowcount
        cursor.execute(
            "SELECT model, count(*), because, is_real FROM demo_kept GROUP BY model, because, is_real"
            " ORDER BY model, because"
        )
        return removed, [Kept(*row) for row in cursor.fetchall()]


def _keep_filled_fields() -> None:
    """Keep the custom fields in which real records hold values: no key leads from the records to them."""
    label, table = FieldDefinition._meta.label_lower, _table(FieldDefinition)
    with connection.cursor() as cursor:
        for code, described in custom_objects.items():
            model = described.rows(Actor.system("demo")).model
            cursor.execute(
                f"INSERT INTO demo_kept SELECT %s, f.id::text, %s, true FROM {table} AS f"  # noqa: S608
                f" WHERE f.is_sample AND f.object_code = %s AND EXISTS"
                f" (SELECT FROM {_table(model)} AS c WHERE NOT c.is_sample AND c.custom ? f.key)",
                [label, model._meta.label_lower, code],
            )


def _find_kept() -> None:
    """Follow the keys from the rows that stay, until nothing new is found."""
    statements = [_keep_targets(key) for key in _keys() if key.remote_field.on_delete is not models.SET_NULL]
    is_growing = True
    with connection.cursor() as cursor:
        while is_growing:
            is_growing = False
            for statement in statements:
                cursor.execute(statement)
                is_growing = is_growing or cursor.rowcount > 0


def _keep_targets(key: Key) -> str:
    """Return the statement that keeps the sample rows which rows that stay refer to."""
    child, target = key.model, _target(key)
    joins, alias = f"JOIN {_table(target)} AS t0 ON t0.id = c.{key.column}", "t0"
    while owner := _owner(target):
        if target._meta.label_lower in PARTS:
            break
        target = _target(owner)
        joins += f" JOIN {_table(target)} AS {alias}_up ON {alias}_up.id = {alias}.{owner.column}"
        alias += "_up"
    label = target._meta.label_lower
    return (
        f"INSERT INTO demo_kept SELECT DISTINCT ON ({alias}.id) '{label}', {alias}.id::text,"  # noqa: S608
        f" '{child._meta.label_lower}', {_is_real(child, 'c')}"
        f" FROM {_table(child)} AS c {joins}"
        f" WHERE {alias}.is_sample AND {_stays(child, 'c')}"
        f" AND NOT EXISTS (SELECT FROM demo_kept k WHERE k.model = '{label}' AND k.id = {alias}.id::text)"
    )


def _empty_optional_keys() -> Iterator[str]:
    """Yield the statements that empty keys of staying rows where the row they name goes."""
    for key in _keys():
        if key.remote_field.on_delete is models.SET_NULL:
            target = _target(key)
            yield (
                f"UPDATE {_table(key.model)} AS c SET {key.column} = NULL FROM {_table(target)} AS t"  # noqa: S608
                f" WHERE t.id = c.{key.column} AND NOT ({_stays(target, 't')}) AND {_stays(key.model, 'c')}"
            )


def _stays(model: Model, alias: str) -> str:
    """Return the condition under which a row stays."""
    label, owner = model._meta.label_lower, _owner(model)
    owned = f"EXISTS ({_owner_row(model, alias)})" if owner else ""
    if not _is_marked(model) or label in DERIVED:
        return owned or "true"
    kept = f"EXISTS (SELECT FROM demo_kept k WHERE k.model = '{label}' AND k.id = {alias}.id::text)"
    return f"(NOT {alias}.is_sample OR {kept}{f' OR {owned}' if label in PARTS else ''})"


def _owner_row(model: Model, alias: str) -> str:
    owner = _owner(model)
    if owner is None:
        raise LookupError(model._meta.label_lower)
    parent, inner = _target(owner), f"{alias}_up"
    return (
        f"SELECT FROM {_table(parent)} AS {inner} WHERE {inner}.id = {alias}.{owner.column}"
        f" AND {_stays(parent, inner)}"
    )


def _is_real(model: Model, alias: str) -> str:
    """Return whether the row is real itself, for the report."""
    return f"NOT {alias}.is_sample" if _is_marked(model) else "true"


def _depth(model: Model) -> int:
    """Count the owners above a model; what belongs to another row is deleted before it."""
    owner = _owner(model)
    return 1 + _depth(_target(owner)) if owner else 0


def _owner(model: Model) -> "Key | None":
    """Return the key of the row whose fate a row shares; none for rows with a mark of their own."""
    label = model._meta.label_lower
    name = DERIVED.get(label) or PARTS.get(label)
    if name:
        return next(key for key in _keys_of(model) if key.name == name)
    if _is_marked(model):
        return None
    return next((key for key in _keys_of(model) if key.remote_field.on_delete is models.CASCADE), None)


def _tables() -> list[Model]:
    """List the models that bear the mark or belong to one that does."""
    return [
        model
        for model in apps.get_models()
        if model._meta.managed and model is not EventRecord and (_is_marked(model) or _owner(model))
    ]


def _keys() -> list[Key]:
    return [key for model in apps.get_models() if model is not EventRecord for key in _keys_of(model)]


def _keys_of(model: Model) -> list[Key]:
    """List the keys of a model that lead to rows which may be samples."""
    keys = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    return [key for key in keys if _may_be_sample(_target(key), frozenset({model}))]


def _may_be_sample(model: Model, above: frozenset[Model]) -> bool:
    if _is_marked(model):
        return model is not EventRecord
    return any(
        _target(field) not in above and _may_be_sample(_target(field), above | {model})
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
    )


def _target(key: Key) -> Model:
    target: Model = key.related_model
    return target


def _is_marked(model: Model) -> bool:
    return any(field.name == "is_sample" for field in model._meta.concrete_fields)


def _table(model: Model) -> str:
    return connection.ops.quote_name(model._meta.db_table)
