"""Many press at the same second; commits are real."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from hearth.inventory.models import Hold, QueueEntry
from hearth.inventory.services import join_queue, reserve_home
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from tests.customers.builders import make_customer
from tests.exports.builders import actor_of
from tests.inventory.builders import hold_for, make_batch, make_consultant, make_sale
from tests.inventory.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.requirement("S48")
def test_of_twelve_who_want_one_home_one_gets_it(company: OrgUnit, now: datetime) -> None:
    unit, consultant = make_sale(company, floors=1, lines=1)[0], actor_of(make_consultant(company))
    customers = [make_customer(company) for _number in range(12)]

    outcome = at_once(
        [
            lambda customer=customer: reserve_home(unit, customer=customer, actor=consultant, now=now)  # type: ignore[misc]
            for customer in customers
        ]
    )

    assert outcome == {"": 1, "reserved_already": 11}
    assert Hold.objects.filter(ended_at=None).count() == 1


def test_a_hold_that_ran_out_goes_to_one_of_two(company: OrgUnit, now: datetime) -> None:
    unit, consultant = make_sale(company, floors=1, lines=1)[0], make_consultant(company)
    hold_for(make_customer(company), unit)
    later, customers = now + timedelta(minutes=31), [make_customer(company) for _number in range(2)]

    outcome = at_once(
        [
            lambda customer=customer: hold_for(customer, unit, consultant=consultant, now=later)  # type: ignore[misc]
            for customer in customers
        ]
    )

    assert outcome == {"": 1, "held_by_another": 1}
    assert sorted(Hold.objects.values_list("outcome", flat=True)) == ["", "lapsed"]


def test_twenty_wishes_for_ten_homes_sell_each_once(company: OrgUnit, now: datetime) -> None:
    units, consultant = make_sale(company, floors=5, lines=2), actor_of(make_consultant(company))
    wishes = [(unit, make_customer(company)) for unit in units for _twice in range(2)]

    outcome = at_once(
        [
            lambda unit=unit, customer=customer: reserve_home(
                unit, customer=customer, actor=consultant, now=now
            )  # type: ignore[misc]
            for unit, customer in wishes
        ]
    )

    assert outcome == {"": 10, "reserved_already": 10}
    assert Hold.objects.values("unit").distinct().count() == Hold.objects.count() == 10
    assert Unit.objects.filter(state="subscribed").count() == 10


def test_numbers_given_at_once_have_neither_gaps_nor_doubles(company: OrgUnit, now: datetime) -> None:
    batch, consultant = make_batch(company), actor_of(make_consultant(company))
    customers = [make_customer(company) for _number in range(12)]

    at_once(
        [
            lambda customer=customer: join_queue(batch, customer=customer, actor=consultant, now=now)  # type: ignore[misc]
            for customer in customers
        ]
    )

    assert list(QueueEntry.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 13))


def test_a_choice_that_is_cut_off_between_two_steps_leaves_nothing(
    company: OrgUnit, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit, consultant = make_sale(company, floors=1, lines=1)[0], actor_of(make_consultant(company))
    customer = make_customer(company)

    def die(*words: object, **named: object) -> None:
        connection.connection.close()
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("hearth.inventory.services.holds.set_unit_state", die)
        with pytest.raises(SystemExit):
            reserve_home(unit, customer=customer, actor=consultant, now=now)
    connection.close()

    assert not Hold.objects.exists()
    assert Unit.objects.get(pk=unit.pk).state == "available"
    assert reserve_home(unit, customer=customer, actor=consultant, now=now).kind == "reservation"
