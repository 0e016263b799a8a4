"""Monthly partitions of the event stream, made when the first event of a month comes."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.db import connection, transaction

_known_months: set[date] = set()


def ensure_months(instants: Iterable[datetime]) -> None:
    """Make the partitions these instants fall into; one query where this process has not seen all their months.

    The application role owns nothing: a function of the owner makes the partition. A month is remembered when
    the transaction commits, because until then its partition may vanish again.
    """
    months = {date(year, month, 1) for year, month in {_month_of(instant) for instant in instants}}
    wanted = sorted(months - _known_months)
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute("SELECT core_ensure_event_month(month) FROM unnest(%s::date[]) AS month", [wanted])
        transaction.on_commit(lambda: _known_months.update(wanted))


def _month_of(instant: datetime) -> tuple[int, int]:
    there = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return there.year, there.month


def forget_months() -> None:
    """Forget what is known, after the database was rebuilt under this process."""
    _known_months.clear()
