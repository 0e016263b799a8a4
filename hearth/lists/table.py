"""The table of a list as HTML, written by functions: one template node a cell would cost more than the query."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from hearth.lists.cells import HEADING
from hearth.lists.definitions import Batch, Column, ListDefinition
from hearth.lists.filters.base import Words
from hearth.lists.selectors import OpenedList
from hearth.lists.slots import cell_marks

_PLACEHOLDER = UUID(int=0)


@dataclass(frozen=True)
class HeaderCell:
    """The head of a column; `url` sorts by it, `sorted` says how it is sorted now (ARIA's words).

    `width` is in pixels, None for what the values take.
    """

    key: str
    label: Words
    css: str
    url: str
    sorted: str
    width: int | None = None


def columns_of(opened: OpenedList, shown: Sequence[Column[Any]]) -> list[Column[Any]]:
    """Return the columns of the table: those chosen, else the usual ones; the first always names the row."""
    chosen = list(opened.state.columns) or [column for column in shown if column.is_usual]
    first = next(column for column in shown if column.kind is HEADING)
    return [first, *(column for column in chosen if column is not first)]


def header_cells(opened: OpenedList, columns: Sequence[Column[Any]]) -> list[HeaderCell]:
    """Return the heads of the columns, each with the address that sorts by it, or turns the order round."""
    state = opened.state
    usual = next(iter(state.definition.order_of))
    current = state.order or usual
    cells = []
    for column in columns:
        url, direction = "", ""
        if column.order:
            is_current = column.order == current
            sort = f"-{column.order}" if is_current and not state.is_reversed else column.order
            wanted = {**state.parameters(), "sort": "" if sort == usual else sort}
            url = opened.url({name: value for name, value in wanted.items() if value})
            starts_down = state.definition.order_of[column.order].column.startswith("-")
            if is_current:
                direction = "descending" if starts_down != state.is_reversed else "ascending"
        width = state.widths.get(column.key)
        cells.append(HeaderCell(column.key, column.label, column.kind.css, url, direction, width))
    return cells


def record_url(definition: ListDefinition[Any]) -> Callable[[UUID], str]:
    """Return how the address of a row's own page is written, without looking the route up for each row."""
    before, after = reverse(definition.record_url_name, args=[_PLACEHOLDER]).split(str(_PLACEHOLDER))
    return lambda row_id: f"{before}{row_id}{after}"


def body(
    batch: Batch[Any], columns: Sequence[Column[Any]], definition: ListDefinition[Any], *, may_choose: bool
) -> SafeString:
    """Write the rows; the queries are those of the columns and of what locks them, whatever the number of rows.

    `may_choose` begins each with a box, for changes of many rows.
    """
    url_of = record_url(definition)
    values = [column.read(batch) for column in columns]
    kinds = [(column.kind, f' class="{column.kind.css}"' if column.kind.css else "") for column in columns]
    labels = [escape(str(column.label)) for column in columns]
    marks = [cell_marks(definition, column, batch) for column in columns]
    begin = '<td class="list-box"><input class="form-check-input" type="checkbox" name="row" value='
    lines, select = [], escape(gettext("Select this row"))
    for number, row_id in enumerate(batch.ids):
        cells = [
            f'<td{css}><a href="{url_of(row_id)}">{kind.show(value[number])}</a></td>'
            if kind is HEADING
            else f'<td{css} data-label="{label}"{mark(row_id)}>{kind.show(value[number])}</td>'
            for value, (kind, css), label, mark in zip(values, kinds, labels, marks, strict=True)
        ]
        box = f'{begin}"{row_id}" aria-label="{select}"></td>' if may_choose else ""
        lines.append(f'<tr data-row="{row_id}" tabindex="-1">{box}{"".join(cells)}</tr>')
    return mark_safe("".join(lines))  # noqa: S308  (each kind of cell escapes what it shows)
