"""Queues: numbers without gaps, in the order in which customers came."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from hearth.core.errors import NotAllowed
from hearth.core.personal_data import Person, holders
from hearth.inventory.models import QueueEntry
from hearth.inventory.services import join_queue, leave_queue
from hearth.inventory.services.queue import DoesNotWait, WaitsAlready
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.exports.builders import actor_of
from tests.inventory.builders import make_batch, make_consultant, queue_up

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("S75")
def test_numbers_follow_each_other_and_a_withdrawal_keeps_the_order(company: OrgUnit, now: datetime) -> None:
    batch, consultant = make_batch(company), make_consultant(company)
    entries = [queue_up(make_customer(company), batch, consultant=consultant) for _number in range(3)]

    leave_queue(entries[1], actor=actor_of(consultant), now=now)
    after = queue_up(make_customer(company), batch, consultant=consultant)

    assert [entry.number for entry in (*entries, after)] == [1, 2, 3, 4]
    assert list(QueueEntry.objects.order_by("number").values_list("state", flat=True)) == [
        "waiting",
        "withdrawn",
        "waiting",
        "waiting",
    ]


def test_a_customer_waits_once_and_may_come_back_at_the_end(company: OrgUnit, now: datetime) -> None:
    batch, customer, consultant = make_batch(company), make_customer(company), make_consultant(company)
    first = queue_up(customer, batch, consultant=consultant)

    with pytest.raises(WaitsAlready) as refusal:
        queue_up(customer, batch, consultant=consultant)
    leave_queue(first, actor=actor_of(consultant), now=now)
    again = queue_up(customer, batch, consultant=consultant)

    assert refusal.value.params == {"number": 1}
    assert again.number == 2
    with pytest.raises(DoesNotWait):
        leave_queue(first, actor=actor_of(consultant), now=now)


def test_each_batch_has_a_queue_of_its_own(company: OrgUnit) -> None:
    customer = make_customer(company)

    numbers = [queue_up(customer, make_batch(company)).number for _batch in range(2)]

    assert numbers == [1, 1]


def test_sincerity_money_is_optional_and_positive(company: OrgUnit, now: datetime) -> None:
    batch, consultant = make_batch(company), make_consultant(company)

    entry = join_queue(
        batch, customer=make_customer(company), amount=Decimal(50_000), actor=actor_of(consultant), now=now
    )

    assert entry.amount == 50_000
    with pytest.raises(IntegrityError), transaction.atomic():
        QueueEntry.objects.filter(pk=entry.pk).update(amount=0)


def test_an_erased_person_leaves_a_number_without_a_name(company: OrgUnit, now: datetime) -> None:
    batch, customer = make_batch(company), make_customer(company)
    queue_up(customer, batch)
    queue_up(make_customer(company), batch)
    person = Person(frozenset({customer.pk}), frozenset(), frozenset(), now)

    given = holders["inventory.queue"].export
    table = given(person) if given else None
    holders["inventory.queue"].erase(person, now)

    assert table is not None
    assert [row["number"] for row in table.rows] == [1]
    assert list(QueueEntry.objects.order_by("number").values_list("number", "state", "customer")) == [
        (1, "withdrawn", None),
        (2, "waiting", QueueEntry.objects.get(number=2).customer_id),
    ]


def test_numbers_are_given_by_right_at_the_place(company: OrgUnit, neighbour: OrgUnit) -> None:
    with pytest.raises(NotAllowed):
        queue_up(make_customer(company), make_batch(company), consultant=make_consultant(neighbour))
