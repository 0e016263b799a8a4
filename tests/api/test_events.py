"""The feed gives every event once, in an order that never changes."""

import threading
import time
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.core.horizon import settled_before
from hearth.core.models import EventRecord
from hearth.core.partitions import ensure_months
from hearth.customers.events import CustomerChanged, CustomerCreated
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from tests.api.builders import Program, make_program
from tests.organization.builders import make_group

SYSTEM = Actor.system("test")


def write_event(org_unit_id: int | None, *, now: datetime, customer_id: UUID | None = None) -> UUID:
    """Write one event in the present transaction and return its id."""
    event = CustomerCreated(org_unit_id=org_unit_id, customer_id=customer_id or uuid7(), kind="person")
    return record(event, actor=SYSTEM, now=now).id


def wait_until_settled() -> None:
    """Wait for the database's own upkeep, which runs short transactions when it likes."""
    newest = EventRecord.objects.aggregate(newest=Max("transaction"))["newest"] or 0
    for _ in range(100):
        if settled_before() > newest:
            return
        time.sleep(0.1)


def pull_all(program: Program, *, after: str = "", limit: int = 2) -> tuple[list[str], str]:
    """Follow the feed to its present end."""
    seen: list[str] = []
    while True:
        body = program.get("/events", {"after": after, "limit": limit}).body
        after = body["page"]["next"]
        if not body["data"]:
            return seen, after
        seen += [row["id"] for row in body["data"]]


@pytest.mark.django_db(transaction=True)
def test_the_feed_is_pulled_in_steps_and_goes_on_where_it_stopped() -> None:
    program = make_program(make_group())
    now = timezone.now()
    # An event's month is made in a transaction of its own.
    ensure_months([now])
    wait_until_settled()
    before, cursor = pull_all(program)
    with transaction.atomic():
        written = [str(write_event(None, now=now)) for _ in range(5)]

    wait_until_settled()
    seen, cursor = pull_all(program, after=cursor)
    with transaction.atomic():
        late = str(write_event(None, now=now))
    wait_until_settled()
    rest, _end = pull_all(program, after=cursor)

    assert (seen, rest) == (written, [late])
    assert len(before) == len(set(before))


@pytest.mark.django_db(transaction=True)
def test_no_event_is_lost_behind_a_transaction_that_ends_late() -> None:
    program = make_program(make_group())
    now = timezone.now()
    ensure_months([now])
    wait_until_settled()
    _before, cursor = pull_all(program)
    has_written, may_end, slow = threading.Event(), threading.Event(), []

    def work() -> None:
        with transaction.atomic():
            slow.append(str(write_event(None, now=now)))
            has_written.set()
            may_end.wait(20)
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    has_written.wait(20)
    with transaction.atomic():
        quick = str(write_event(None, now=now))
    meanwhile, cursor = pull_all(program, after=cursor)
    may_end.set()
    worker.join()
    wait_until_settled()
    afterwards, _end = pull_all(program, after=cursor)

    assert meanwhile == []
    assert afterwards == [slow[0], quick]


@pytest.mark.django_db(transaction=True)
def test_no_event_is_lost_when_an_older_transaction_writes_after_a_younger_one() -> None:
    program = make_program(make_group())
    now = timezone.now()
    ensure_months([now])
    wait_until_settled()
    _before, cursor = pull_all(program)
    has_written, may_end, young = threading.Event(), threading.Event(), []

    def work() -> None:
        with transaction.atomic():
            young.append(str(write_event(None, now=now)))
            has_written.set()
            may_end.wait(20)
        connection.close()

    worker = threading.Thread(target=work)
    with transaction.atomic():
        with connection.cursor() as db:
            db.execute("SELECT pg_current_xact_id()")
        worker.start()
        has_written.wait(20)
        # The younger transaction has drawn the lower position and still runs when this one is committed.
        old = str(write_event(None, now=now))
    wait_until_settled()
    meanwhile, cursor = pull_all(program, after=cursor)
    may_end.set()
    worker.join()
    wait_until_settled()
    afterwards, _end = pull_all(program, after=cursor)

    assert meanwhile == [old]
    assert afterwards == young


@pytest.mark.django_db(transaction=True)
def test_the_feed_shows_events_of_the_callers_places_and_types() -> None:
    make_group()
    company, neighbour = OrgUnit.objects.get(code="SZ"), OrgUnit.objects.get(code="GZ")
    program = make_program(company)
    now = timezone.now()
    with transaction.atomic():
        own = str(write_event(company.pk, now=now))
        write_event(neighbour.pk, now=now)
        changed = CustomerChanged(org_unit_id=company.pk, customer_id=uuid7(), fields=("name",))
        record(changed, actor=SYSTEM, now=now)

    wait_until_settled()
    created = program.get("/events", {"types": "customer.created"}).body["data"]
    every = program.get("/events").body["data"]
    unknown = program.get("/events", {"types": "customer.eaten"})

    assert [row["id"] for row in created] == [own]
    assert [row["type"] for row in every] == ["customer.created", "customer.changed"]
    assert every[1]["payload"] == {"fields": ["name"]}
    assert (unknown.status, unknown.body["errors"][0]["params"]) == (400, {"value": "customer.eaten"})
