"""Comparing stored instants with the instant for which an analysis is made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hearth.postponed import Postponed

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Postponed("ibis")
    ir = Postponed("ibis.expr.types")


DAY_SECONDS = 86_400


def as_of_literal(as_of: datetime, column: ir.Column, *, days_before: int = 0) -> ir.Scalar:
    """Give the instant `days_before` days of 24 hours before `as_of`, in the column's own type.

    Columns with a zone get an instant with one, columns without are UTC: comparing the two kinds
    would silently use the session's zone. Dates are compared with the date in `as_of`'s own zone.

    :raises ValueError: if `as_of` has no zone
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of needs a time zone")
    moment = as_of - timedelta(days=days_before)
    kind = column.type()
    if kind.is_date():
        return ibis.literal(moment.date())
    if kind.timezone is None:
        return ibis.literal(moment.astimezone(UTC).replace(tzinfo=None), type="timestamp")
    return ibis.literal(moment.astimezone(UTC), type="timestamp('UTC')")


def whole_days_since(column: ir.Column, as_of: datetime) -> ir.Column:
    """Give the whole days of 24 hours from the column's instant to `as_of`, missing where it is.

    Both sides pass through the same conversion, so a session's zone cancels out.
    """
    elapsed = seconds_between(column, as_of_literal(as_of, column))
    return (elapsed // DAY_SECONDS).cast("int64")


def seconds_between(start: ir.Value, end: ir.Value) -> ir.Value:
    """Give the seconds from `start` to `end`, whole ones."""
    if start.type().is_date():
        start, end = start.cast("timestamp"), end.cast("timestamp")
    return end.epoch_seconds() - start.epoch_seconds()
