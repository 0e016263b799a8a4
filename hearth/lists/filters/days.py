"""Filters over days and instants: between two days, or told from today, so that a saved view stays right."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.lists.filters.base import Filter, Reader, Test, Unreadable, Words

LONGEST = 36_500
PERIODS: Mapping[str, Words] = {
    "today": _("today"),
    "yesterday": _("yesterday"),
    "week": _("this week"),
    "month": _("this month"),
    "quarter": _("this quarter"),
    "year": _("this year"),
}
Span = tuple[date | None, date | None]


class DayKind:
    """A column of days. A span holds both its ends; an open end is left empty: `2026-01-01..`."""

    code = "day"
    operators: Mapping[str, Words] = {
        "between": _("between"),
        "period": _("in"),
        "last": _("in the last … days"),
        "next": _("in the next … days"),
        "older": _("more than … days ago"),
        "empty": _("is empty"),
        "filled": _("is not empty"),
    }
    is_instant = False

    def check(self, field: Filter, test: Test, reader: Reader) -> Test:
        operator, values = test.operator, test.values
        if operator in {"empty", "filled"}:
            return Test(operator)
        if len(values) != 1:
            raise Unreadable
        if operator == "period" and values[0] not in PERIODS:
            raise Unreadable
        if operator in {"last", "next", "older"}:
            return Test(operator, (str(_whole(values[0])),))
        if operator == "between":
            _read_span(values[0])
        return test

    def condition(self, field: Filter, test: Test, reader: Reader) -> Q:
        if test.operator in {"empty", "filled"}:
            return Q(**{f"{field.path}__isnull": test.operator == "empty"})
        start, end = span_of(test, reader.today)
        condition = Q()
        if start:
            condition &= Q(**{f"{field.path}__gte": self._first(start)})
        if end:
            condition &= Q(**{f"{field.path}__{'lt' if self.is_instant else 'lte'}": self._after(end)})
        return condition

    def _first(self, day: date) -> date | datetime:
        return day

    def _after(self, day: date) -> date | datetime:
        return day

    def words(self, field: Filter, test: Test, reader: Reader) -> str:
        if test.operator == "between":
            start, end = _read_span(test.values[0])
            return " – ".join([str(start or "…"), str(end or "…")]) if start != end else str(start)
        if test.operator == "period":
            return str(PERIODS[test.values[0]])
        if not test.values:
            return str(self.operators[test.operator])
        said = {
            "last": gettext("in the last %(days)s days"),
            "next": gettext("in the next %(days)s days"),
            "older": gettext("more than %(days)s days ago"),
        }
        return said[test.operator] % {"days": test.values[0]}

    def editor(self, field: Filter, test: Test | None, reader: Reader) -> Mapping[str, Any]:
        span: Span = _read_span(test.values[0]) if test and test.operator == "between" else (None, None)
        return {
            "operators": self.operators,
            "periods": PERIODS,
            "start": span[0],
            "end": span[1],
            "value": test.values[0] if test and test.values and test.operator != "between" else "",
        }


class InstantKind(DayKind):
    """A column of instants, asked by days of the reader's clock."""

    is_instant = True

    def _first(self, day: date) -> date | datetime:
        return timezone.make_aware(datetime.combine(day, time.min))

    def _after(self, day: date) -> date | datetime:
        return self._first(day + timedelta(days=1))


def span_of(test: Test, today: date) -> Span:
    """Return the first and the last day a test means; None where it is open."""
    value = test.values[0]
    if test.operator == "between":
        return _read_span(value)
    if test.operator == "period":
        return _period(value, today)
    days = timedelta(days=int(value))
    if test.operator == "last":
        return today - days, today
    return (today, today + days) if test.operator == "next" else (None, today - days)


def _period(name: str, today: date) -> Span:
    if name == "today":
        return today, today
    if name == "yesterday":
        return today - timedelta(days=1), today - timedelta(days=1)
    if name == "week":
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[name]
    first = today.replace(month=(today.month - 1) // months * months + 1, day=1)
    years, month = divmod(first.month - 1 + months, 12)
    return first, date(first.year + years, month + 1, 1) - timedelta(days=1)


def _read_span(text: str) -> Span:
    """Read `2026-01-01..2026-02-01`, either end open, or one day.

    :raises Unreadable: if these are no days
    """
    start, dots, end = text.partition("..")
    try:
        first = date.fromisoformat(start) if start else None
        last = date.fromisoformat(end) if end else None
    except ValueError as error:
        raise Unreadable from error
    if first is None and last is None:
        raise Unreadable
    return (first, last) if dots else (first, first)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 <= int(text) <= LONGEST:
        raise Unreadable
    return int(text)


DAY, INSTANT = DayKind(), InstantKind()
