"""The rows of a list as a board of columns, and as a month of days."""

from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Model, Q, QuerySet, Sum, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import RowNumber, TruncDate

from hearth.core.bounded import TookTooLong, within
from hearth.core.pages import estimated_count
from hearth.lists.definitions import Batch, Board
from hearth.lists.filters import Filter, Reader, Test
from hearth.lists.filters.base import Words
from hearth.lists.filters.days import InstantKind
from hearth.lists.selectors.rows import keys_in_order, list_rows, read_batch
from hearth.lists.state import ListState

CARDS, A_DAY = 50, 4
# A board is a page: nobody waits long for the numbers at the heads of its columns.
SECONDS = 1.5


@dataclass(frozen=True)
class BoardColumn:
    """One column of a board: its first rows, how many there are (counted, or about), and their sum if counted."""

    code: str
    label: Words
    number: int
    amount: Decimal | None
    batch: Batch[Any]
    is_exact: bool = True

    @property
    def more(self) -> int:
        return max(0, self.number - len(self.batch.rows))


@dataclass(frozen=True)
class Day:
    """One day of a month: its first rows and how many there are."""

    day: date
    is_within: bool
    number: int
    batch: Batch[Any]

    @property
    def more(self) -> int:
        return self.number - len(self.batch.rows)


def board_of(state: ListState) -> Board:
    """Return the board a list is shown as."""
    return next(board for board in state.definition.boards if board.key == state.by)


def read_board(state: ListState, reader: Reader) -> list[BoardColumn]:
    """Return the columns of a board; two queries, and one for each column with rows.

    Where the rows are too many to be counted at once, their numbers are the planner's, and sums are left out.
    """
    board = board_of(state)
    field = state.definition.filter_of[board.key]
    rows = list_rows(state, reader).order_by()
    by_code, is_exact = _heads(rows, board, field)
    ids = {code: _first_cards(rows.filter(**{field.path: code}), state) for code in by_code}
    whole = _whole(state, [row_id for found in ids.values() for row_id in found], reader)
    return [
        BoardColumn(
            code=code,
            label=label,
            number=max(by_code.get(code, {}).get("rows", 0), len(ids.get(code, ()))),
            amount=by_code.get(code, {}).get("total"),
            batch=Batch([whole[row_id] for row_id in ids.get(code, ()) if row_id in whole], reader.actor),
            is_exact=is_exact or len(ids.get(code, ())) < CARDS,
        )
        for code, label in field.choices
    ]


def _heads(rows: QuerySet[Any], board: Board, field: Filter) -> tuple[Mapping[str, Mapping[str, Any]], bool]:
    """Return number and sum of each column with rows, and whether they were counted."""
    sums = {"total": Sum(board.amount)} if board.amount else {}
    try:
        with within(SECONDS):
            totals = list(rows.values(field.path).annotate(rows=Count("pk"), **sums))
        return {each[field.path]: each for each in totals}, True
    except TookTooLong:
        about = {code: estimated_count(rows.filter(**{field.path: code})) for code, _label in field.choices}
        return {code: {"rows": number} for code, number in about.items()}, False


def _first_cards(rows: QuerySet[Any], state: ListState) -> list[UUID]:
    return list(keys_in_order(rows, state)[:CARDS])


def _whole(state: ListState, ids: Sequence[UUID], reader: Reader) -> dict[UUID, Model]:
    return {row.pk: row for row in read_batch(state.definition, ids, reader.actor).rows}


def month_of(state: ListState, today: date) -> date:
    """Return the first day of the month a calendar shows."""
    return date.fromisoformat(f"{state.month}-01") if state.month else today.replace(day=1)


def read_month(state: ListState, reader: Reader) -> list[list[Day]]:
    """Return the weeks of a month, each day with its first rows; three queries."""
    field = state.definition.filter_of[state.by]
    first = month_of(state, reader.today)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    span = Test("between", (f"{weeks[0][0]}..{weeks[-1][-1]}",))
    day: Combinable = TruncDate(field.path) if isinstance(field.kind, InstantKind) else F(field.path)
    rows = list_rows(state, reader).filter(field.q(span, reader)).order_by().annotate(list_day=day)
    numbers: dict[date, int] = dict(rows.values_list("list_day").annotate(rows=Count("pk")))
    ranked = rows.annotate(
        list_rank=Window(RowNumber(), partition_by=F("list_day"), order_by=[F(field.path), F("id")])
    )
    ids: dict[date, list[UUID]] = {}
    for row_id, found in ranked.filter(Q(list_rank__lte=A_DAY)).values_list("pk", "list_day"):
        ids.setdefault(found, []).append(row_id)
    whole = _whole(state, [row_id for found in ids.values() for row_id in found], reader)

    def show(each: date) -> Day:
        shown = [whole[row_id] for row_id in ids.get(each, ()) if row_id in whole]
        return Day(each, each.month == first.month, numbers.get(each, 0), Batch(shown, reader.actor))

    return [[show(each) for each in week] for week in weeks]


def months_around(first: date) -> tuple[str, str]:
    """Return the months before and after, as the address has them."""
    before, after = first - timedelta(days=1), first + timedelta(days=31)
    return f"{before:%Y-%m}", f"{after:%Y-%m}"
