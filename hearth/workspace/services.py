"""Noting who looked at which customer, so that the next look can say what is new."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from hearth.workspace.models import Look

SAME_LOOK = timedelta(minutes=30)
KEPT = timedelta(days=365)


def note_look(customer_id: UUID, *, user_id: int, now: datetime) -> datetime | None:
    """Note that a person looks at a customer, and return when they did so before; nothing for the first time.

    Looks within half an hour are one. One statement, so that two tabs of a browser do not meet.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workspace_look AS kept (user_id, customer_id, looked_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (user_id, customer_id) DO UPDATE SET looked_at = excluded.looked_at,"
            " before_at = CASE WHEN kept.looked_at < %s THEN kept.looked_at ELSE kept.before_at END"
            " RETURNING before_at",
            [user_id, customer_id, now, now - SAME_LOOK],
        )
        before: datetime | None = cursor.fetchone()[0]
    return before


def forget_looks(*, now: datetime) -> int:
    """Remove looks older than a year and return how many there were; may be repeated."""
    return Look.objects.filter(looked_at__lt=now - KEPT).delete()[0]
