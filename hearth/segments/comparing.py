"""Comparisons of one column with literals, written so that every engine computes the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings

from hearth.postponed import Postponed

if TYPE_CHECKING:
    import ibis
else:
    ibis = Postponed("ibis")

Column = Any
DAY = timedelta(days=1)


def number_literal(value: Decimal) -> Column:
    """Write a whole number as one, and a fraction as an exact decimal, never as a float."""
    if value == value.to_integral_value():
        return ibis.literal(int(value), "int64")
    return ibis.literal(value, "decimal(24, 4)")


def compare_numbers(op: str, column: Column, value: Decimal | tuple[Decimal, Decimal]) -> Column:
    if isinstance(value, tuple):
        return (column >= number_literal(value[0])) & (column <= number_literal(value[1]))
    literal = number_literal(value)
    match op:
        case "eq":
            return column == literal
        case "ne":
            return column != literal
        case "lt":
            return column < literal
        case "lte":
            return column <= literal
        case "gt":
            return column > literal
    return column >= literal


def moment_like(column: Column, moment: datetime) -> Column:
    """Write an instant as a literal of the column's type: itself, or the day it falls on here."""
    if column.type().is_date():
        return ibis.literal(moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date())
    return ibis.literal(moment.astimezone(UTC), "timestamp('UTC')")


def day_start(column: Column, day: date) -> Column:
    """Write the beginning of a day here as a literal of the column's type."""
    if column.type().is_date():
        return ibis.literal(day)
    return moment_like(column, datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE)))


def compare_dates(op: str, column: Column, value: date | tuple[date, date] | int, as_of: datetime) -> Column:
    """Compare with days here: `before` and `after` leave the day itself out, `between` takes both days in."""
    if isinstance(value, tuple):
        return (column >= day_start(column, value[0])) & (column < day_start(column, value[1] + DAY))
    if isinstance(value, int):
        edge = moment_like(column, as_of - value * DAY)
        if op == "older_than_days":
            return column <= edge
        return (column > edge) & (column <= moment_like(column, as_of))
    if op == "before":
        return column < day_start(column, value)
    return column >= day_start(column, value + DAY)


def compare_since(op: str, last: Column, value: Decimal | tuple[Decimal, Decimal], as_of: datetime) -> Column:
    """Compare the whole days since an instant with a number, by comparing the instant itself."""

    def at_least(days: int) -> Column:
        return last <= moment_like(last, as_of - _bounded(days) * DAY)

    def at_most(days: int) -> Column:
        return last > moment_like(last, as_of - _bounded(days + 1) * DAY)

    if isinstance(value, tuple):
        return at_least(ceil(value[0])) & at_most(floor(value[1]))
    is_whole = value == value.to_integral_value()
    match op:
        case "eq":
            return at_least(ceil(value)) & at_most(floor(value))
        case "ne":
            return last.notnull() & ~(at_least(ceil(value)) & at_most(floor(value)))
        case "lt":
            return at_most(int(value) - 1 if is_whole else floor(value))
        case "lte":
            return at_most(floor(value))
        case "gt":
            return at_least(int(value) + 1 if is_whole else ceil(value))
    return at_least(ceil(value))


def _bounded(days: int) -> int:
    """Keep the literal within the years that every engine knows."""
    return min(max(days, -36_500), 365_000)
