"""What a list shows, read from the address and written back to it.

Everything a person can set stands in the query string: `?q=li&stage=pre_owner,stable_owner&sort=-name`. A filter
whose name begins with `any.` joins the others of its kind: at least one of them must fit.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from hearth.lists.cells import HEADING
from hearth.lists.definitions import Column, ListDefinition
from hearth.lists.filters import Filter, Reader, Test, Unreadable

ANY = "any."
# What moves within a list, and is no part of what it shows.
NAVIGATION = frozenset({"view", "from", "cursor", "peek"})
TABLE, BOARD, CALENDAR, PLAN = "table", "board", "calendar", "plan"
LIMITS = (50, 100, 200)
# Heights of rows, and how narrow and wide a column may be, in pixels.
DENSITIES = ("comfortable", "compact")
NARROWEST, WIDEST = 48, 1_200
Parameters = Mapping[str, str]
_MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])")
_PARTS = {"last": "days", "next": "days", "older": "days", "period": "period"}


@dataclass(frozen=True)
class Asked:
    """One test of a filter; with `is_any` it is one of several of which one must fit."""

    field: Filter
    test: Test
    is_any: bool = False

    @property
    def name(self) -> str:
        return f"{ANY if self.is_any else ''}{self.field.key}"


@dataclass(frozen=True, kw_only=True)
class ListState:
    """What a list shows; empty values are what it shows when nothing is asked."""

    definition: ListDefinition[Any]
    text: str = ""
    asked: Sequence[Asked] = ()
    order: str = ""
    is_reversed: bool = False
    columns: Sequence[Column[Any]] = ()
    widths: Mapping[str, int] = field(default_factory=dict)
    density: str = ""
    totals: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    display: str = TABLE
    by: str = ""
    month: str = ""
    limits: Mapping[str, int] = field(default_factory=dict)
    limit: int = LIMITS[0]
    ignored: Sequence[str] = field(default=(), compare=False)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.asked)

    def narrowing(self) -> dict[str, str]:
        """Write the part of the state that decides over the rows and their order, without how they are shown."""
        usual = next(iter(self.definition.order_of))
        order = f"{'-' if self.is_reversed else ''}{self.order or usual}"
        written = {
            "q": self.text,
            **{each.name: each.field.write(each.test) for each in self.asked},
            "sort": "" if order == usual else order,
        }
        return {name: value for name, value in written.items() if value}

    def parameters(self) -> dict[str, str]:
        """Write the state as the address has it; what is usual goes unsaid."""
        written = {
            **self.narrowing(),
            "columns": ",".join(column.key for column in self.columns),
            "widths": ",".join(f"{key}:{pixels}" for key, pixels in self.widths.items()),
            "density": self.density,
            "totals": ",".join(f"{key}:{figure}" for key, figure in self.totals.items()),
            "group": self.group,
            "display": "" if self.display == TABLE else self.display,
            "by": "" if self.by == next(iter(by_keys(self.definition, self.display)), "") else self.by,
            "month": self.month,
            "limits": ",".join(f"{code}:{most}" for code, most in self.limits.items()),
            "rows": "" if self.limit == LIMITS[0] else str(self.limit),
        }
        return {name: value for name, value in written.items() if value}


def read_state(definition: ListDefinition[Any], parameters: Parameters, reader: Reader) -> ListState:
    """Read parameters; what is unknown or makes no sense is left out and named in `ignored`."""
    rest = dict(parameters)
    ignored: list[str] = []
    text = rest.pop("q", "").strip() if definition.search else ""
    order, is_reversed = _read_order(definition, rest.pop("sort", ""), ignored)
    columns = _read_columns(definition, rest.pop("columns", ""), reader, ignored)
    widths = _read_widths(definition, rest.pop("widths", ""), reader, ignored)
    density = _read_density(rest.pop("density", ""), ignored)
    totals = _read_totals(definition, rest.pop("totals", ""), reader, ignored)
    group, limit = rest.pop("group", ""), rest.pop("rows", "")
    display, by = _read_display(definition, rest.pop("display", ""), rest.pop("by", ""), ignored)
    month = rest.pop("month", "")
    limits = _read_limits(definition, rest.pop("limits", ""), by if display == BOARD else "", ignored)
    asked = list(_read_filters(definition, rest, reader, ignored))
    fields = definition.filter_of
    if group and not (group in fields and fields[group].is_grouping):
        ignored.append("group")
        group = ""
    return ListState(
        definition=definition,
        text=text,
        asked=asked,
        order=order,
        is_reversed=is_reversed,
        columns=columns,
        widths=widths,
        density=density,
        totals=totals,
        group=group,
        display=display,
        by=by,
        month=month if display == CALENDAR and _MONTH.fullmatch(month) else "",
        limits=limits,
        limit=int(limit) if limit in map(str, LIMITS) else LIMITS[0],
        ignored=ignored,
    )


def by_keys(definition: ListDefinition[Any], display: str) -> Sequence[str]:
    """Return the filters that a display can be arranged by; the first is the usual one."""
    if display == BOARD:
        return [board.key for board in definition.boards]
    if display == PLAN:
        return [definition.plan.by] if definition.plan else []
    return definition.calendars if display == CALENDAR else ()


def _read_display(
    definition: ListDefinition[Any], display: str, by: str, ignored: list[str]
) -> tuple[str, str]:
    keys = by_keys(definition, display)
    if display and display != TABLE and not keys:
        ignored.append("display")
    if not keys:
        return TABLE, ""
    if by and by not in keys:
        ignored.append("by")
    return display, by if by in keys else keys[0]


def _read_order(definition: ListDefinition[Any], text: str, ignored: list[str]) -> tuple[str, bool]:
    key = text.removeprefix("-")
    if key and key not in definition.order_of:
        ignored.append("sort")
        return "", False
    return key, text.startswith("-")


def _read_columns(
    definition: ListDefinition[Any], text: str, reader: Reader, ignored: list[str]
) -> list[Column[Any]]:
    allowed = {column.key: column for column in definition.columns_for(reader.actor)}
    keys = [key for key in dict.fromkeys(text.split(",")) if key]
    if any(key not in definition.column_of for key in keys):
        ignored.append("columns")
    usual = [key for key, column in allowed.items() if column.is_usual and column.kind is not HEADING]
    return [allowed[key] for key in keys if key in allowed] if keys != usual else []


def _read_widths(
    definition: ListDefinition[Any], text: str, reader: Reader, ignored: list[str]
) -> dict[str, int]:
    """Read `name:220,phone:140`, in the order of the columns, so that the same widths are the same address."""
    given = _pairs(text)
    allowed = [column.key for column in definition.columns_for(reader.actor)]
    if any(key not in definition.column_of or not _is_width(width) for key, width in given.items()):
        ignored.append("widths")
    return {key: int(given[key]) for key in allowed if _is_width(given.get(key, ""))}


def _read_totals(
    definition: ListDefinition[Any], text: str, reader: Reader, ignored: list[str]
) -> dict[str, str]:
    """Read `total:sum,area:average`: what the foot of the table tells of columns with numbers."""
    given = _pairs(text)
    told = {column.key: column.figures for column in definition.columns}
    if any(figure not in told.get(key, ()) for key, figure in given.items()):
        ignored.append("totals")
    allowed = definition.columns_for(reader.actor)
    return {column.key: given[column.key] for column in allowed if given.get(column.key) in column.figures}


def _read_limits(definition: ListDefinition[Any], text: str, by: str, ignored: list[str]) -> dict[str, int]:
    """Read `open:20,answered:10`: how many cards the columns of a board shall hold at most; of boards alone."""
    if not by:
        return {}
    given, codes = _pairs(text), [code for code, _label in definition.filter_of[by].choices]
    if any(code not in codes or not _is_limit(most) for code, most in given.items()):
        ignored.append("limits")
    return {code: int(given[code]) for code in codes if _is_limit(given.get(code, ""))}


def _is_limit(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6 and int(text) > 0


def _pairs(text: str) -> dict[str, str]:
    return dict(part.partition(":")[::2] for part in text.split(",") if part)


def _is_width(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 5 and NARROWEST <= int(text) <= WIDEST


def _read_density(text: str, ignored: list[str]) -> str:
    if text and text not in DENSITIES:
        ignored.append("density")
    return text if text in DENSITIES else ""


def _read_filters(
    definition: ListDefinition[Any], rest: Parameters, reader: Reader, ignored: list[str]
) -> Iterable[Asked]:
    allowed = {each.key: each for each in definition.filters_for(reader.actor)}
    for name, text in rest.items():
        each = allowed.get(name.removeprefix(ANY))
        if each is None:
            ignored.append(name)
        elif text:
            try:
                yield Asked(each, each.read(text, reader), name.startswith(ANY))
            except Unreadable:
                ignored.append(name)


def flatten(query: QueryDict) -> dict[str, str]:
    """Bring what forms send to the form of the address: `stage=a&stage=b&stage~op=not` → `stage=not:a,b`.

    The editor of a filter sends its parts as `name~op`, `name~start`, `name~end`, `name~days`, `name~period`.
    """
    parts: dict[str, dict[str, str]] = {}
    for key in query:
        name, _tilde, part = key.partition("~")
        if name not in NAVIGATION:
            parts.setdefault(name, {})[part] = ",".join(value for value in query.getlist(key) if value)
    return {name: text for name, given in parts.items() if (text := _join(given))}


def _join(given: Mapping[str, str]) -> str:
    operator = given.get("op", "")
    if operator == "between":
        start, end = given.get("start", ""), given.get("end", "")
        return f"{start}..{end}" if start or end else ""
    if operator in {"empty", "filled"}:
        return f"{operator}:"
    value = given.get(_PARTS.get(operator, ""), "")
    return f"{operator}:{value}" if operator and value else value


def query_string(parameters: Parameters) -> str:
    """Write parameters for a link; never empty, so that it means this list and not a reader's own beginning."""
    return f"?{urlencode(parameters, safe=',:~')}" if parameters else "?view=all"
