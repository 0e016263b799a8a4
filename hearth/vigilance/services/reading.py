"""Noting who read what, and forgetting it again."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from hearth.core.actor import Actor
from hearth.vigilance.catalogue import CANARY
from hearth.vigilance.models import AlarmRule, Kind, Read
from hearth.vigilance.permissions import CHANGE_RULE
from hearth.vigilance.services.raising import Finding, raise_alarm

KEPT = timedelta(days=180)


def note_read(kind: Kind, record_id: UUID | None, *, actor: Actor, is_program: bool, now: datetime) -> None:
    """Note that a person was shown something; one query.

    A canary customer raises an alarm at once, unless its reader may choose canaries.
    """
    if actor.user_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO vigilance_read (user_id, kind, record_id, read_at, is_program, address)"
            " VALUES (%s, %s, %s, %s, %s,"
            " split_part(coalesce(current_setting('hearth.attribution', true), ''), '|', 3))"
            " RETURNING %s = 'customer' AND"
            " EXISTS (SELECT FROM customers_customer c WHERE c.id = record_id AND c.is_canary)",
            [actor.user_id, kind, record_id, now, is_program, kind],
        )
        is_canary = bool(cursor.fetchone()[0])
    if is_canary and record_id and not actor.can(CHANGE_RULE):
        rule = AlarmRule.objects.filter(code=CANARY, is_active=True).first()
        if rule:
            found = Finding(actor.user_id, 1, now, now, customer_id=record_id)
            raise_alarm(rule, found, now=now)


def forget_reads(*, now: datetime) -> int:
    """Remove what was noted longer ago than half a year; return how much. May be repeated."""
    return Read.objects.filter(read_at__lt=now - KEPT).delete()[0]
