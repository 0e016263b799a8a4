"""The table, the board and the calendar of a list, as their templates need them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from hearth.lists.bulk import actions_for, openings_for
from hearth.lists.cells import HEADING
from hearth.lists.definitions import Aging, Batch, Column, Plan
from hearth.lists.filters import Reader
from hearth.lists.menus import column_entries
from hearth.lists.selectors import OpenedList, about_how_many, read_page
from hearth.lists.selectors.displays import board_of, month_of, months_around, read_board, read_month
from hearth.lists.state import BOARD, CALENDAR, PLAN, TABLE, by_keys
from hearth.lists.table import body, columns_of, header_cells, record_url
from hearth.lists.tools import tools_for
from hearth.lists.totals import foot_cells


def display_context(opened: OpenedList, reader: Reader, cursor: str) -> dict[str, Any]:
    """Return what the display that was asked for needs."""
    if opened.state.display == BOARD:
        return _board(opened, reader)
    if opened.state.display == CALENDAR:
        return _calendar(opened, reader)
    if (plan := opened.state.definition.plan) and opened.state.display == PLAN:
        return _plan(plan, opened, reader, cursor)
    return _table(opened, reader, cursor)


def switches(opened: OpenedList) -> list[dict[str, Any]]:
    """Return the displays this list has, each with its address; none where there is only the table."""
    state = opened.state
    own = {"display", "by", "month", "limits"}
    rest = {name: text for name, text in state.parameters().items() if name not in own}
    looks = {
        TABLE: ("table", gettext("Table")),
        BOARD: ("layout-kanban", gettext("Board")),
        CALENDAR: ("calendar", gettext("Calendar")),
    }
    if plan := state.definition.plan:
        looks[PLAN] = plan.icon, str(plan.label)
    found = [name for name in looks if name == TABLE or by_keys(state.definition, name)]
    if len(found) == 1:
        return []
    return [
        {
            "name": name,
            "icon": looks[name][0],
            "label": looks[name][1],
            "is_open": name == state.display,
            "url": opened.url(rest if name == TABLE else {**rest, "display": name}),
        }
        for name in found
    ]


def arrangements(opened: OpenedList) -> list[dict[str, Any]]:
    """Return what the display can be arranged by, where there is a choice."""
    state = opened.state
    keys = by_keys(state.definition, state.display)
    if len(keys) < 2:
        return []
    return [
        {
            "label": state.definition.filter_of[key].label,
            "is_open": key == state.by,
            "url": opened.url({**_without_by(opened), **({"by": key} if key != keys[0] else {})}),
        }
        for key in keys
    ]


def _without_by(opened: OpenedList) -> dict[str, str]:
    """Return the parameters without what belongs to one arrangement alone."""
    rest = opened.state.parameters()
    return {name: text for name, text in rest.items() if name not in {"by", "limits"}}


def _table(opened: OpenedList, reader: Reader, cursor: str) -> dict[str, Any]:
    state = opened.state
    available = state.definition.columns_for(reader.actor)
    columns = columns_of(opened, available)
    found = read_page(state, reader, cursor=cursor)
    chosen = {column.key for column in columns}
    definition, actor = state.definition, reader.actor
    actions, openings = actions_for(definition, actor), openings_for(definition, actor)
    may_choose = bool(actions or openings or tools_for(actor))
    rows = body(found.batch, columns, definition, may_choose=may_choose) if found.batch.rows else ""
    return {
        "actions": actions,
        "openings": openings,
        "may_choose": may_choose,
        "header": header_cells(opened, columns),
        "foot": foot_cells(opened, columns),
        "body": rows,
        "count": about_how_many(state, reader),
        "next_url": f"{opened.url()}&cursor={found.next_cursor}" if found.next_cursor else "",
        "column_entries": column_entries(
            columns[1:], (column for column in available[1:] if column.key not in chosen)
        ),
    }


def _plan(plan: Plan, opened: OpenedList, reader: Reader, cursor: str) -> dict[str, Any]:
    shown, next_cursor = plan.read(opened.state, reader, cursor)
    next_url = f"{opened.url()}&cursor={next_cursor}" if next_cursor else ""
    return {**shown, "plan_template": plan.template, "next_url": next_url}


def _board(opened: OpenedList, reader: Reader) -> dict[str, Any]:
    state = opened.state
    board = board_of(state)
    allowed = {column.key: column for column in state.definition.columns_for(reader.actor)}
    columns = [allowed[key] for key in board.card if key in allowed]
    heading = next(column for column in allowed.values() if column.kind is HEADING)
    return {
        "board": board,
        "may_move": board.move is not None and reader.actor.can(board.permission),
        "board_columns": [
            {
                "column": column,
                "cards": _cards(column.batch, heading, columns, opened, board.aging, reader),
                "most": state.limits.get(column.code),
                "is_over": column.number > state.limits.get(column.code, column.number),
                "url": reverse(state.definition.url_name) + opened.url(_of_value(opened, column.code)),
            }
            for column in read_board(state, reader)
        ],
    }


def _cards(
    batch: Batch[Any],
    heading: Column[Any],
    columns: Sequence[Column[Any]],
    opened: OpenedList,
    aging: Aging | None,
    reader: Reader,
) -> SafeString:
    url_of = record_url(opened.state.definition)
    headings = heading.read(batch)
    values = [(column.kind, column.read(batch)) for column in columns]
    cards = []
    for number, (row_id, row) in enumerate(zip(batch.ids, batch.rows, strict=True)):
        shown = "".join(
            f"<span>{text}</span>" for kind, value in values if (text := kind.show(value[number]))
        )
        name = headings[number]
        note = f'<span class="list-note">{escape(name.note)}</span>' if name.note else ""
        dot = _dot(aging, row, reader.today) if aging else ""
        cards.append(
            f'<article class="list-card" data-row="{row_id}" tabindex="0">{dot}<a href="{url_of(row_id)}">'
            f'{escape(name.text)}</a>{note}<div class="list-card-values">{shown}</div></article>'
        )
    return mark_safe("".join(cards))  # noqa: S308  (each kind of cell escapes what it shows)


def _dot(aging: Aging, row: Any, today: date) -> str:
    """Write the dot of a card that waits for long; nothing for any other."""
    since = aging.since(row)
    days = (today - since).days if since else -1
    if days < aging.amber:
        return ""
    text = escape(ngettext("waits for %(days)s day", "waits for %(days)s days", days) % {"days": days})
    colour = "red" if days >= aging.red else "yellow"
    return (
        f'<span class="status-dot status-{colour} list-age" title="{text}"></span>'
        f'<span class="visually-hidden">{text}</span>'
    )


def _calendar(opened: OpenedList, reader: Reader) -> dict[str, Any]:
    state = opened.state
    definition = state.definition
    heading = next(column for column in definition.columns if column.kind is HEADING)
    url_of = record_url(definition)
    first = month_of(state, reader.today)
    before, after = months_around(first)
    weeks = [
        [
            (
                day,
                [
                    (row_id, url_of(row_id), name.text)
                    for row_id, name in zip(day.batch.ids, heading.read(day.batch), strict=True)
                ],
                reverse(definition.url_name) + opened.url(_of_value(opened, day.day.isoformat())),
            )
            for day in week
        ]
        for week in read_month(state, reader)
    ]
    return {
        "weeks": weeks,
        "month": first,
        "today": reader.today,
        "before_url": opened.url({**state.parameters(), "month": before}),
        "after_url": opened.url({**state.parameters(), "month": after}),
        "now_url": opened.url({name: text for name, text in state.parameters().items() if name != "month"}),
    }


def _of_value(opened: OpenedList, value: str) -> dict[str, str]:
    """Return the parameters of the table of the rows with one value of what the display is arranged by."""
    rest = opened.state.parameters()
    kept = {name: text for name, text in rest.items() if name not in {"display", "by", "month", "limits"}}
    return {**kept, opened.state.by: value}
