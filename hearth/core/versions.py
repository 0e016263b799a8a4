"""The version of a row as text: when people last changed it, exact to the microsecond."""

from datetime import UTC, datetime, timedelta

from hearth.core.models import Record

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def version_of(row: Record) -> str:
    """Return the version of a row; it changes with each change by people, not when a score does."""
    return f"{(row.updated_at - EPOCH) // timedelta(microseconds=1):x}"
