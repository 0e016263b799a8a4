"""The stream of events."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.core.actor import Actor
from hearth.core.events import Event, record, record_many, subscribe
from hearth.core.jobs import deliver_events
from hearth.core.models import EventRecord
from hearth.lib.identifiers import uuid7

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class KettleBoiled(Event):
    type: ClassVar[str] = "test.kettle_boiled"
    cup_id: UUID
    sugar: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class TeaPoured(Event):
    type: ClassVar[str] = "test.tea_poured"


poured: list[str] = []


@subscribe(TeaPoured)
def note_tea(event: EventRecord) -> None:
    poured.append(str(event.id))


def test_an_event_keeps_who_what_and_when(actor: Actor, now: datetime) -> None:
    cup = uuid7()

    written = record(
        KettleBoiled(cup_id=cup, sugar=Decimal("1.5"), amount=Decimal("9.90")), actor=actor, now=now
    )

    kept = EventRecord.objects.get(id=written.id)
    assert (kept.type, kept.occurred_at, kept.actor_kind) == ("test.kettle_boiled", now, "system")
    assert kept.payload == {"cup_id": str(cup), "sugar": "1.5"}
    assert kept.amount == Decimal("9.90")


def test_events_of_any_month_find_their_partition_and_a_rising_position(actor: Actor, now: datetime) -> None:
    instants = [now - timedelta(days=400), now, now + timedelta(days=200)]

    record_many(
        [KettleBoiled(cup_id=uuid7(), occurred_at=instant) for instant in instants], actor=actor, now=now
    )

    kept = EventRecord.objects.order_by("position")
    assert [row.occurred_at for row in kept] == instants


def test_an_act_outside_a_transaction_is_refused(actor: Actor, now: datetime) -> None:
    in_atomic_block, connection.in_atomic_block = connection.in_atomic_block, False

    try:
        with pytest.raises(transaction.TransactionManagementError):
            record(TeaPoured(), actor=actor, now=now)
    finally:
        connection.in_atomic_block = in_atomic_block


def test_a_subscriber_is_queued_with_the_act_and_gone_with_its_rollback(actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        record(TeaPoured(), actor=actor, now=now)
        queued = ProcrastinateJob.objects.filter(task_name="core.deliver_events").count()
        transaction.set_rollback(True)

    assert queued == 1
    assert ProcrastinateJob.objects.filter(task_name="core.deliver_events").count() == 0


def test_a_queued_event_reaches_its_subscriber(actor: Actor, now: datetime) -> None:
    event = record(TeaPoured(), actor=actor, now=now)
    job = ProcrastinateJob.objects.get(task_name="core.deliver_events")

    deliver_events(**job.args)

    assert poured == [str(event.id)]


def test_many_events_cost_the_same_number_of_queries(actor: Actor, now: datetime) -> None:
    record(KettleBoiled(cup_id=uuid7()), actor=actor, now=now)
    record(KettleBoiled(cup_id=uuid7()), actor=actor, now=now)
    counts = []

    for number in (1, 300):
        with CaptureQueriesContext(connection) as queries:
            record_many([KettleBoiled(cup_id=uuid7()) for _ in range(number)], actor=actor, now=now)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_application_may_add_events_but_not_change_them(actor: Actor, now: datetime) -> None:
    record(KettleBoiled(cup_id=uuid7()), actor=actor, now=now)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE hearth_app")
        cursor.execute("SET LOCAL hearth.places = '*'")
        cursor.execute("SELECT count(*) FROM core_eventrecord")
        assert cursor.fetchone()[0] == 1
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            cursor.execute("UPDATE core_eventrecord SET type = 'x'")
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            cursor.execute("DELETE FROM core_eventrecord")
        cursor.execute("RESET ROLE")
