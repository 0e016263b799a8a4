"""What a merge remembers: which rows it moved and which values it replaced."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from hearth.core.sealed_places import Renew, renew_remembered
from hearth.customers.following import Model


@dataclass(frozen=True)
class Change:
    """Values of one row before and after, as JSON. `after` names only what tells whether somebody changed it since."""

    label: str
    row_id: str
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def model(self) -> Model:
        return apps.get_model(self.label)

    @classmethod
    def of(cls, model: Model, row_id: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> "Change":
        return cls(
            model._meta.label,
            str(row_id),
            {name: encode(model, name, value) for name, value in before.items()},
            {name: encode(model, name, value) for name, value in after.items()},
        )


@dataclass
class Memory:
    """Rows by the column they follow by and the record they belonged to, and changes in the order they were made.

    `stayed` names the rows that a rule kept where they were.
    """

    moved: dict[str, dict[UUID, list[str]]] = field(default_factory=dict)
    changed: list[Change] = field(default_factory=list)
    stayed: dict[str, list[str]] = field(default_factory=dict)

    def note_moved(self, key: str, rows: Iterable[tuple[Any, UUID]]) -> None:
        for row_id, origin in rows:
            self.moved.setdefault(key, {}).setdefault(origin, []).append(str(row_id))

    def note_stayed(self, key: str, row_id: Any) -> None:
        self.stayed.setdefault(key, []).append(str(row_id))

    def to_text(self) -> str:
        changed = [[item.label, item.row_id, item.before, item.after] for item in self.changed]
        moved = {
            key: {str(origin): rows for origin, rows in origins.items()}
            for key, origins in self.moved.items()
        }
        content = {"moved": moved, "changed": changed, "stayed": self.stayed}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> "Memory":
        content = json.loads(text)
        moved = {
            key: {UUID(origin): rows for origin, rows in origins.items()}
            for key, origins in content["moved"].items()
        }
        return cls(moved, [Change(*item) for item in content["changed"]], content["stayed"])


def renew_memory(text: str, merge_id: UUID, renew: Renew) -> str:
    """Return a memory with the sealed values that its changes remember renewed."""
    memory = Memory.from_text(text)
    changed = [_renew_change(change, renew) for change in memory.changed]
    if changed == memory.changed:
        return text
    return Memory(memory.moved, changed, memory.stayed).to_text()


def _renew_change(change: Change, renew: Renew) -> Change:
    if not isinstance(change.model._meta.pk, models.UUIDField):
        return change  # only rows with such a key hold sealed values
    row_id, among = UUID(change.row_id), [change.model]
    return replace(
        change,
        before=renew_remembered(change.before, row_id, among, renew),
        after=renew_remembered(change.after, row_id, among, renew),
    )


def encode(model: Model, name: str, value: Any) -> Any:
    """Write the value of a column as JSON."""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)


def decode(model: Model, name: str, value: Any) -> Any:
    """Read what `encode` wrote."""
    column = _column(model, name)
    if value is None:
        return None
    if isinstance(column, models.BinaryField):
        return bytes.fromhex(value)
    if isinstance(column, models.ForeignKey):
        return column.target_field.to_python(value)
    return value if isinstance(column, models.JSONField) else column.to_python(value)


def _column(model: Model, name: str) -> "models.Field[Any, Any]":
    return next(column for column in model._meta.concrete_fields if column.attname == name)
