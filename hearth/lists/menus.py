"""The longer menus above a list as HTML, written by functions for the reason of the table: many small entries."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from hearth.core.templatetags.ui import icon
from hearth.lists.definitions import Column
from hearth.lists.filters import Filter


def filter_entries(filters: Iterable[Filter], editors: str, here: str, *, prefix: str = "") -> SafeString:
    """Write a button for each filter that opens its editor in the menu's place.

    `editors` is where editors are, `here` the parameters of the list; `prefix` makes it one of several tests.
    """
    query = escape(here)
    return mark_safe(  # noqa: S308  (labels and the address are escaped)
        "".join(
            f'<button class="dropdown-item" type="button" hx-get="{editors}{prefix}{each.key}/{query}"'
            f' hx-target="closest .dropdown-menu" hx-swap="innerHTML">{escape(str(each.label))}</button>'
            for each in filters
        )
    )


def column_entries(shown: Sequence[Column[Any]], others: Iterable[Column[Any]]) -> SafeString:
    """Write a line with a box for each column: first those shown, in their order, then the others."""
    handle = icon("grip-vertical", "icon icon-sm")
    begin = f'<label class="dropdown-item"><span class="list-handle" aria-hidden="true">{handle}</span>'
    entries = [(column, " checked") for column in shown] + [(column, "") for column in others]
    return mark_safe(  # noqa: S308  (labels are escaped)
        "".join(
            f'{begin}<input class="form-check-input m-0 me-2" type="checkbox" name="columns" value="{column.key}"'
            f'{checked} aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown">{escape(str(column.label))}</label>'
            for column, checked in entries
        )
    )
