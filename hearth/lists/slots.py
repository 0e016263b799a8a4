"""Values where they are shown, and what can be done with each in place: edited, or not and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from hearth.core.conflicts import in_words
from hearth.lists.cells import HEADING
from hearth.lists.definitions import Batch, Column, ListDefinition
from hearth.lists.filters.base import Words


@dataclass(frozen=True)
class Slot:
    """One value of a row for one reader; `lock` says why somebody who edits such rows cannot edit this."""

    key: str
    label: Words
    shown: SafeString
    is_editable: bool
    lock: Words = ""


def locks_of(definition: ListDefinition[Any], key: str, batch: Batch[Any]) -> Mapping[UUID, Words] | None:
    """Return why rows of a batch keep the value of a field; None where the reader edits it nowhere."""
    field, fixed = definition.field_of.get(key), definition.fixed_of.get(key)
    if field and batch.actor.can(field.permission):
        return batch.once(field.locks)
    if fixed and batch.actor.can(fixed.permission):
        return dict.fromkeys(batch.ids, fixed.reason)
    return None


def cell_marks(
    definition: ListDefinition[Any], column: Column[Any], batch: Batch[Any]
) -> Callable[[UUID], str]:
    """Return what writes the attributes of a cell that can be edited, or that says why not."""
    locks = None if column.kind is HEADING else locks_of(definition, column.key, batch)
    if locks is None:
        return lambda _row_id: ""
    shortcut = field.shortcut if (field := definition.field_of.get(column.key)) else ""
    edit = f' data-inline="{escape(column.key)}"' + (f' data-shortcut="{shortcut}"' if shortcut else "")
    # Rows share a few reasons: each is translated and escaped once.
    reasons = {id(reason): reason for reason in locks.values()}
    words = {key: f' data-lock="{escape(str(reason))}"' for key, reason in reasons.items()}
    return lambda row_id: words[id(locks[row_id])] if row_id in locks else edit


def slots_of(definition: ListDefinition[Any], batch: Batch[Any], *, keys: Sequence[str] = ()) -> list[Slot]:
    """Return the values of the only row of a batch as its page shows them: all columns, unless keys are named.

    What is empty is left out unless it can be filled in. The queries are those of the columns and locks.
    """
    columns = {column.key: column for column in definition.columns_for(batch.actor)}
    named = keys or [key for key, column in columns.items() if column.kind is not HEADING]
    slots = [_slot(definition, columns.get(key), key, batch) for key in named]
    return [slot for slot in slots if slot.shown or slot.is_editable]


def _slot(definition: ListDefinition[Any], column: Column[Any] | None, key: str, batch: Batch[Any]) -> Slot:
    locks = locks_of(definition, key, batch)
    lock = locks.get(batch.ids[0], "") if locks else ""
    field = definition.field_of.get(key)
    label = field.label if field else column.label if column else key
    is_editable = field is not None and locks is not None and not lock
    return Slot(key, label, shown_value(definition, column, key, batch), is_editable, lock)


def shown_value(
    definition: ListDefinition[Any], column: Column[Any] | None, key: str, batch: Batch[Any]
) -> SafeString:
    """Write the value of the only row of a batch as its column does, or as its editor says it."""
    if column and column.kind is not HEADING:
        return mark_safe(column.kind.show(column.read(batch)[0]))  # noqa: S308  (escaped by its kind)
    field, row = definition.field_of[key], batch.rows[0]
    return escape(in_words(field.control(row, batch.actor), field.read(row)))
