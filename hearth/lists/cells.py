"""What stands in the cells of a list: values as Python, and each kind of value as HTML and as plain text.

Cells are written by functions and not by templates: a page of the list has hundreds of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import localtime

from hearth.core.templatetags.ui import ago, icon, money
from hearth.lib.typed_tables import CellType


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a row with a second line; `icon` takes the place of the first letter."""

    text: str
    note: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    """A word with a colour; `hint` is shown where the pointer rests."""

    text: str | Promise
    colour: str = "secondary"
    hint: str = ""


@dataclass(frozen=True)
class CellKind:
    """How values are written: `show` as HTML (empty for nothing), `plain` for files, which know its `type`.

    Of `is_share` the sum means nothing.
    """

    show: Callable[[Any], str]
    plain: Callable[[Any], Any]
    css: str = ""
    type: CellType = CellType.TEXT
    is_share: bool = False


def _text(value: object) -> str:
    return "" if value in (None, "") else escape(str(value))


def _number(value: Decimal | int | None) -> str:
    return f"{value:,}" if value else ""


def _percent(value: int | None) -> str:
    return "" if value is None else f"{value} %"


def _money(value: Decimal | None) -> str:
    return "" if value is None else money(value)


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def _ago(value: datetime | None) -> str:
    if value is None:
        return ""
    return f'<span title="{localtime(value):%Y-%m-%d %H:%M}">{escape(ago(value))}</span>'


def _minute(value: datetime | None) -> str:
    return "" if value is None else f"{localtime(value):%Y-%m-%d %H:%M}"


def _badge(value: Badge | None) -> str:
    if not value:
        return ""
    title = f' title="{escape(value.hint)}"' if value.hint else ""
    return f'<span class="badge bg-{value.colour}-lt"{title}>{escape(str(value.text))}</span>'


def _heading(value: Heading) -> str:
    face = icon(value.icon) if value.icon else escape(value.text[:1])
    note = f'<span class="list-note">{escape(value.note)}</span>' if value.note else ""
    return f'<span class="avatar avatar-sm">{face}</span><span>{escape(value.text)}{note}</span>'


def _plain_list(values: Sequence[object]) -> str:
    return ", ".join(str(value) for value in values)


def _same(value: Any) -> Any:
    return value


TEXT = CellKind(_text, _same, "text-secondary")
WORDS = CellKind(_text, _same, "text-wrap")
NUMBER = CellKind(_number, _same, "figure", CellType.NUMBER)
MONEY = CellKind(_money, _same, "figure", CellType.AMOUNT)
PERCENT = CellKind(_percent, _same, "figure", CellType.NUMBER, is_share=True)
DAY = CellKind(_day, _same, "text-secondary", CellType.DAY)
AGO = CellKind(_ago, _same, "text-secondary", CellType.INSTANT)
MINUTE = CellKind(_minute, _same, "text-secondary", CellType.INSTANT)
BADGE = CellKind(_badge, lambda value: str(value.text) if value else "")
NAMES = CellKind(lambda values: _text(_plain_list(values)), _plain_list, "text-secondary")
HEADING = CellKind(_heading, lambda value: value.text, "list-heading")
