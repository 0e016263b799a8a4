"""Holding homes: one holder, by the clock, and refusals that help."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.inventory.models import Hold, ReleaseBatch
from hearth.inventory.refusals import (
    HeldByAnother,
    HomeNotFree,
    NotReleased,
    NotReleasedYet,
    PriceNotApproved,
    ReservedAlready,
    SoldAlready,
    nearest_free,
)
from hearth.inventory.services import extend_hold, give_free, reserve_home
from hearth.inventory.services.holds import HoldIsOver
from hearth.inventory.standing import Stand, standings_of
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit, Setting
from hearth.properties.models import Unit
from hearth.sales.services import cancel_contract
from tests.customers.builders import make_customer
from tests.exports.builders import actor_of
from tests.inventory.builders import hold_for, make_batch, make_consultant, make_released, make_sale
from tests.organization.builders import make_member
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def stand_of(unit: Unit, now: datetime) -> Stand:
    unit.refresh_from_db()
    return standings_of([unit], now)[unit.pk].stand


@pytest.mark.requirement("S48")
def test_a_home_is_held_for_the_time_of_the_rule(company: OrgUnit, now: datetime) -> None:
    unit = make_sale(company)[0]
    Setting.objects.create(org_unit=company, key="inventory.hold_minutes", value=45, updated_at=now)

    hold = hold_for(make_customer(company), unit)

    assert hold.expires_at == now + timedelta(minutes=45)
    assert hold.price.total_amount == 2_765_600
    assert stand_of(unit, now) == Stand.HELD
    assert EventRecord.objects.get(type="inventory.home_held").customer_id == hold.customer_id


def test_who_comes_second_is_told_until_when_and_offered_the_nearest_home(company: OrgUnit) -> None:
    first, _next, second_floor, *_others = make_sale(company)
    holder = make_customer(company, name="青枫浦")
    hold_for(holder, first)

    with pytest.raises(HeldByAnother) as refusal:
        hold_for(make_customer(company), first)

    assert refusal.value.nearest == _next
    words = str(refusal.value)
    assert words.startswith("这套房源暂留至 2026-03-18 15:00。最接近的可售房源是")
    assert _next.address in words
    assert "青枫浦" not in words
    assert second_floor.floor == 2


def test_a_hold_that_ran_out_is_free_at_once_without_a_job(company: OrgUnit, now: datetime) -> None:
    unit = make_sale(company)[0]
    lapsed = hold_for(make_customer(company), unit)
    later = now + timedelta(minutes=30)

    free = stand_of(unit, later)
    taken = hold_for(make_customer(company), unit, now=later)

    lapsed.refresh_from_db()
    assert free == Stand.FREE
    assert (lapsed.outcome, lapsed.ended_at) == ("lapsed", lapsed.expires_at)
    assert Hold.objects.live(later).get() == taken


def test_the_database_admits_one_open_hold_for_a_home(company: OrgUnit, now: datetime) -> None:
    hold = hold_for(make_customer(company), make_sale(company)[0])

    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.create(
            org_unit=company,
            unit_id=hold.unit_id,
            customer=make_customer(company),
            user=hold.user,
            kind="reservation",
            price=hold.price,
            created_at=now,
            updated_at=now,
        )


def test_a_hold_is_made_longer_by_right_and_not_once_it_is_over(company: OrgUnit, now: datetime) -> None:
    hold = hold_for(make_customer(company), make_sale(company)[0])
    manager = actor_of(make_member(company, "inventory.extend"))

    with pytest.raises(NotAllowed):
        extend_hold(hold, minutes=60, actor=actor_of(hold.user), now=now)
    longer = extend_hold(hold, minutes=60, actor=manager, now=now)

    assert longer.expires_at == now + timedelta(minutes=60)
    with pytest.raises(HoldIsOver):
        extend_hold(hold, minutes=60, actor=manager, now=now + timedelta(minutes=60))


def test_who_holds_gives_free_and_a_colleague_needs_a_right(company: OrgUnit, now: datetime) -> None:
    unit = make_sale(company)[0]
    hold = hold_for(make_customer(company), unit)

    with pytest.raises(NotAllowed):
        give_free(hold, actor=actor_of(make_consultant(company)), now=now)
    ended = give_free(hold, actor=actor_of(hold.user), now=now)

    assert (ended.outcome, stand_of(unit, now)) == ("released", Stand.FREE)
    with pytest.raises(HoldIsOver):
        give_free(hold, actor=actor_of(hold.user), now=now)


@pytest.mark.requirement("S39")
def test_a_hold_becomes_a_reservation_and_that_a_contract(company: OrgUnit, now: datetime) -> None:
    unit, customer, consultant = make_sale(company)[0], make_customer(company), make_consultant(company)
    held = hold_for(customer, unit, consultant=consultant)

    reserved = reserve_home(unit, customer=customer, actor=actor_of(consultant), now=now)
    meanwhile = stand_of(unit, now + timedelta(days=30))
    contract = make_contract(unit, customer, signed_date=date(2026, 3, 18))

    held.refresh_from_db()
    reserved.refresh_from_db()
    assert (held.outcome, meanwhile, reserved.outcome) == ("reserved", Stand.RESERVED, "signed")
    assert stand_of(unit, now) == Stand.SIGNED
    cancel_contract(contract, actor=SYSTEM, now=now)
    assert stand_of(unit, now) == Stand.FREE


def test_a_contract_over_a_home_of_somebody_else_is_refused(company: OrgUnit) -> None:
    unit = make_sale(company)[0]
    hold_for(make_customer(company), unit)

    with pytest.raises(HeldByAnother):
        make_contract(unit, make_customer(company))


def test_a_reserved_home_is_given_free_by_right(company: OrgUnit, now: datetime) -> None:
    unit, customer = make_sale(company)[0], make_customer(company)
    consultant = make_consultant(company)
    reserved = reserve_home(unit, customer=customer, actor=actor_of(consultant), now=now)

    with pytest.raises(NotAllowed):
        give_free(reserved, actor=actor_of(consultant), now=now)
    give_free(reserved, actor=actor_of(make_member(company, "inventory.extend")), now=now)

    assert stand_of(unit, now) == Stand.FREE


def test_every_refusal_says_why(company: OrgUnit, now: datetime) -> None:
    reserved, sold, kept_back, *_rest = make_sale(company)
    consultant = actor_of(make_consultant(company))
    reserve_home(reserved, customer=make_customer(company), actor=consultant, now=now)
    make_contract(sold, make_customer(company))
    Unit.objects.filter(pk=kept_back.pk).update(state="held")
    unpriced = make_batch(company)
    make_released(unpriced)
    early = make_batch(company, opens_at=now + timedelta(days=1))
    make_released(early)
    draft = make_batch(company)

    def refusal(unit: Unit) -> type[HomeNotFree]:
        with pytest.raises(HomeNotFree) as caught:
            hold_for(make_customer(company), unit)
        return type(caught.value)

    def one_of(batch: ReleaseBatch) -> Unit:
        return Unit.objects.filter(released_in__batch=batch).order_by("number")[0]

    assert [refusal(unit) for unit in (reserved, sold, kept_back)] == [
        ReservedAlready,
        SoldAlready,
        NotReleased,
    ]
    assert refusal(one_of(unpriced)) == PriceNotApproved
    assert refusal(one_of(early)) == NotReleasedYet
    assert refusal(one_of(draft)) == NotReleased


def test_customers_who_are_refused_the_same_home_are_not_all_offered_the_same(
    company: OrgUnit, now: datetime
) -> None:
    units = make_sale(company, floors=9, lines=6)
    asked = next(unit for unit in units if unit.number == "502")
    customers = [uuid7() for _number in range(30)]

    def offers() -> list[Unit | None]:
        return [nearest_free(asked, asked.list_price_amount, now, asked_for=each) for each in customers]

    found = offers()

    assert {unit.floor for unit in found if unit} <= {4, 5, 6}
    assert len({unit.pk for unit in found if unit}) > 5
    assert offers() == found


def test_the_nearest_home_has_the_same_layout_then_floor_then_price(company: OrgUnit, now: datetime) -> None:
    units = make_sale(company, floors=5, lines=3)
    by_number = {unit.number: unit for unit in units}
    Unit.objects.filter(number__endswith="03").update(layout="一室")
    asked = by_number["302"]

    def nearest() -> str:
        found = nearest_free(asked, asked.list_price_amount, now)
        assert found is not None
        return found.number

    same_floor = nearest()
    hold_for(make_customer(company), by_number["301"])
    other_floor = nearest()
    for number in ("202", "402", "201", "401"):
        hold_for(make_customer(company), by_number[number])
    two_floors_off = nearest()
    for number in ("101", "102", "501", "502"):
        hold_for(make_customer(company), by_number[number])
    other_layout = nearest()

    assert (same_floor, other_floor, two_floors_off, other_layout) == ("301", "202", "102", "303")


def test_nothing_is_offered_where_nothing_is_free(company: OrgUnit) -> None:
    unit = make_sale(company, floors=1, lines=1)[0]
    hold_for(make_customer(company), unit)

    with pytest.raises(HeldByAnother) as refusal:
        hold_for(make_customer(company), unit)

    assert refusal.value.nearest is None
    assert str(refusal.value).endswith("该项目没有其他可售房源。")


def test_homes_are_held_by_right_at_the_place(company: OrgUnit, neighbour: OrgUnit) -> None:
    unit = make_sale(company)[0]

    with pytest.raises(NotAllowed):
        hold_for(make_customer(company), unit, consultant=make_consultant(neighbour))
