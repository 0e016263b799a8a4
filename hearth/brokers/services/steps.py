"""Steps that acts on registrations share; they open no transaction."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from hearth.brokers.events import RegistrationRefused
from hearth.brokers.models import ChannelRegistration
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.leads.keeping import day_begins

State = ChannelRegistration.State


def lock_numbers(project_id: UUID, masked: Iterable[bytes]) -> None:
    """Have whoever registers or confirms one of the numbers for the project wait until the end of the transaction."""
    with connection.cursor() as cursor:
        for index in sorted(set(masked)):
            key = f"registration|{project_id}|{index.hex()}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def end_of(day: date, days: int) -> datetime:
    """Return the midnight after so many days; the day itself does not count."""
    return day_begins(day + timedelta(days=days + 1))


def refuse(row: ChannelRegistration, because: str, *, actor: Actor, now: datetime) -> None:
    """Note that a locked registration does not hold, and why."""
    row.state, row.because, row.updated_at = State.INVALID, because, now
    row.save(update_fields=["state", "because", "updated_at"])
    event = RegistrationRefused(**about(row), broker_id=row.broker_id, because=because)
    record(event, actor=actor, now=now)


def expire(row: ChannelRegistration, *, now: datetime) -> None:
    """End the protection of a locked registration."""
    row.state, row.updated_at = State.EXPIRED, now
    row.save(update_fields=["state", "updated_at"])


def about(row: ChannelRegistration) -> dict[str, Any]:
    """Return what every event of a registration tells."""
    return {
        "org_unit_id": row.org_unit_id,
        "customer_id": row.customer_id,
        "project_id": row.project_id,
        "subject_id": row.pk,
        "is_sample": row.is_sample,
    }
