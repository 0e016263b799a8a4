"""The rows of a list as its reader may see them, page by page, and how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count as CountOf
from django.db.models import Model, Q, QuerySet

from hearth.core.actor import Actor
from hearth.core.bounded import TookTooLong, within
from hearth.core.pages import cursor_at, estimated_count, keyset_page
from hearth.lists.definitions import Batch, ListDefinition, Order
from hearth.lists.filters import Reader
from hearth.lists.filters.base import Words
from hearth.lists.state import ListState

EASILY_COUNTED = 2_000
# How long somebody who asked for exact numbers waits for them.
SECONDS = 5


@dataclass(frozen=True)
class ListPage:
    """Some rows of a list and the cursor of those after them."""

    batch: Batch[Any]
    next_cursor: str


@dataclass(frozen=True)
class Count:
    """How many rows a list has: counted, or about, by the planner."""

    number: int
    is_exact: bool


@dataclass(frozen=True)
class GroupCount:
    """How many rows of a list have one value."""

    code: str
    label: Words
    number: int


@dataclass(frozen=True)
class GroupCounts:
    """How many rows of a list have each value: counted, or about, by the planner."""

    groups: Sequence[GroupCount]
    is_exact: bool


def list_rows(state: ListState, reader: Reader) -> QuerySet[Any]:
    """Return the rows the reader may see and asked for, unordered; a searched text may cost one query."""
    rows = state.definition.rows(reader.actor)
    if state.text and state.definition.search:
        rows = rows.filter(state.definition.search(state.text))
    one_of = Q()
    for asked in state.asked:
        if asked.is_any:
            one_of |= asked.field.q(asked.test, reader)
        else:
            rows = rows.filter(asked.field.q(asked.test, reader))
    return rows.filter(one_of)


def read_page(state: ListState, reader: Reader, *, cursor: str = "") -> ListPage:
    """Return one page: its keys by the index of the order, then the rows whole; two queries, without the columns'.

    :raises BadCursor: if the cursor belongs to another order
    """
    order, sign = order_of(state)
    keys = _with_order(list_rows(state, reader), order)
    if order.held:
        keys = keys.only("id", order.held)
    found = keyset_page(keys, order=f"{sign}{order.column.lstrip('-')}", cursor=cursor, limit=state.limit)
    batch = read_batch(state.definition, [row.pk for row in found.rows], reader.actor)
    return ListPage(batch, found.next_cursor)


def order_of(state: ListState) -> tuple[Order, str]:
    """Return the order of a list and the sign of its direction."""
    order = state.definition.order_of[state.order or next(iter(state.definition.order_of))]
    is_descending = order.column.startswith("-") != state.is_reversed
    return order, "-" if is_descending else ""


def row_beside(state: ListState, reader: Reader, row_id: UUID, *, is_before: bool) -> UUID | None:
    """Return the row after (or before) one in the order of a list; two queries, by the index of the order.

    The row itself need not fit the filters any more: it only says where in the order its reader is. Nothing is
    returned at the end of the list, and for a row the reader does not see.
    """
    order, sign = order_of(state)
    column = order.column.lstrip("-")
    row = _with_order(state.definition.rows(reader.actor), order).filter(pk=row_id).first()
    if row is None:
        return None
    if is_before:
        sign = "" if sign else "-"
    keys = _with_order(list_rows(state, reader), order)
    keys = keys.only("id", order.held) if order.held else keys
    ordered = f"{sign}{column}"
    found = keyset_page(keys, order=ordered, cursor=cursor_at(row, ordered), limit=1)
    return next((beside.pk for beside in found.rows), None)


def keys_in_order(rows: QuerySet[Any], state: ListState) -> QuerySet[Any, UUID]:
    """Return the ids of rows of a list in its order."""
    order, sign = order_of(state)
    ordered = _with_order(rows, order).order_by(f"{sign}{order.column.lstrip('-')}", f"{sign}id")
    return ordered.values_list("pk", flat=True)


def _with_order(rows: QuerySet[Any], order: Order) -> QuerySet[Any]:
    rows = rows.filter(order.among)
    return rows.annotate(**{order.column.lstrip("-"): order.expression()}) if order.expression else rows


def read_batch(definition: ListDefinition[Any], ids: Sequence[UUID], actor: Actor) -> Batch[Any]:
    """Read rows whole by ids that the actor was found to see, in the order given; one query."""
    found: dict[Any, Model] = definition.whole().in_bulk(ids)
    return Batch([found[row_id] for row_id in ids if row_id in found], actor)


def about_how_many(state: ListState, reader: Reader) -> Count:
    """Count a short list, estimate a long one; at most two queries, never a scan of all rows."""
    return about(list_rows(state, reader))


def about(rows: QuerySet[Any]) -> Count:
    """Count few rows, estimate many; at most two queries, never a scan of all rows."""
    estimate = estimated_count(rows)
    if estimate < EASILY_COUNTED:
        counted = rows.order_by()[: EASILY_COUNTED + 1].count()
        if counted <= EASILY_COUNTED:
            return Count(counted, is_exact=True)
    return Count(max(estimate, EASILY_COUNTED), is_exact=False)


def count_rows(state: ListState, reader: Reader) -> Count:
    """Count all rows; where that takes too long, say about how many there are."""
    rows = list_rows(state, reader).order_by()
    try:
        with within(SECONDS):
            return Count(rows.count(), is_exact=True)
    except TookTooLong:
        return Count(estimated_count(rows), is_exact=False)


def group_counts(state: ListState, reader: Reader) -> GroupCounts:
    """Count the rows by the values of the grouping, in the order of its words; one query over all rows.

    Where that takes too long, each value is estimated: one query for each, that reads no row.
    """
    field = state.definition.filter_of[state.group]
    rows = list_rows(state, reader).order_by()
    try:
        with within(SECONDS):
            counted = rows.values_list(field.path).annotate(rows=CountOf("pk"))
            numbers: dict[Any, int] = dict(counted)
    except TookTooLong:
        return GroupCounts(
            [
                GroupCount(code, label, estimated_count(rows.filter(**{field.path: code})))
                for code, label in field.choices
            ],
            is_exact=False,
        )
    found = [GroupCount(code, label, numbers.pop(code, 0)) for code, label in field.choices]
    rest = sum(numbers.values())
    return GroupCounts([*found, GroupCount("", "", rest)] if rest else found, is_exact=True)
