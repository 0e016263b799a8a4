"""The foot of a table: for each column with numbers a menu of figures, and the one that the view asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from hearth.lists.cells import MONEY, PERCENT, CellKind
from hearth.lists.definitions import Column
from hearth.lists.filters.base import Words
from hearth.lists.selectors import OpenedList
from hearth.lists.selectors.totals import FIGURES


@dataclass(frozen=True)
class FootCell:
    """The foot of a column; `chosen` names its figure, `url` where it is told; no choices where nothing is summed."""

    css: str
    label: Words
    chosen: Words = ""
    url: str = ""
    choices: Sequence[tuple[Words, str]] = ()


def foot_cells(opened: OpenedList, columns: Sequence[Column[Any]]) -> list[FootCell]:
    """Return the foot of the table; nothing where no column has numbers."""
    if not any(column.total for column in columns):
        return []
    return [
        _foot(opened, column) if column.total else FootCell(column.kind.css, column.label)
        for column in columns
    ]


def _foot(opened: OpenedList, column: Column[Any]) -> FootCell:
    state = opened.state
    chosen = state.totals.get(column.key, "")
    part = reverse("lists:total", args=[state.definition.key, column.key, chosen or "sum"])
    return FootCell(
        css="figure",
        label=column.label,
        chosen=FIGURES[chosen][0] if chosen else "",
        url=f"{part}{opened.url()}" if chosen else "",
        choices=[
            *(
                (label, _with(opened, column, figure))
                for figure, (label, _sum) in FIGURES.items()
                if figure != chosen and figure in column.figures
            ),
            *([("", _with(opened, column, ""))] if chosen else []),
        ],
    )


def _with(opened: OpenedList, column: Column[Any], figure: str) -> str:
    """Return the address of the list with another figure of the column, or none."""
    state = opened.state
    totals = {key: text for key, text in {**state.totals, column.key: figure}.items() if text}
    written = ",".join(f"{key}:{text}" for key, text in totals.items())
    wanted = {**state.parameters(), "totals": written}
    return opened.url({name: text for name, text in wanted.items() if text})


def show_total(kind: CellKind, value: Decimal | float | None) -> str:
    """Write a figure to the hundredth, amounts with their sign; a dash for none."""
    if value is None:
        return "—"
    text = f"{Decimal(value):,.2f}".removesuffix(".00")
    if kind is PERCENT:
        return f"{text} %"
    return f"¥{text}" if kind is MONEY else text
