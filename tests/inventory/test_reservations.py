"""Reservations: deposits, withdrawing in time, and the day by which to sign."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.personal_data import Person
from hearth.inventory.models import Hold
from hearth.inventory.personal_data import deposits_kept, erase_holds
from hearth.inventory.refusals import HomeNotFree
from hearth.inventory.services import (
    Deposit,
    give_free,
    hold_home,
    lapse_reservations,
    reserve_home,
    withdraw_reservation,
)
from hearth.inventory.services.deposits import DepositNotPositive, DepositTooLarge, EarnestTooLarge
from hearth.inventory.services.holds import HoldIsOver
from hearth.inventory.services.reservations import NoWithdrawal, WithdrawalOver
from hearth.organization.models import OrgUnit, Setting
from hearth.properties.models import Unit
from hearth.sales.services import SignedBeforeReserved
from tests.customers.builders import make_customer
from tests.exports.builders import actor_of
from tests.inventory.builders import NOW, hold_for, make_consultant, make_sale
from tests.organization.builders import make_group, make_member, sign_in
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db
EARNEST = Deposit("earnest", Decimal("50000.00"))
SINCERITY = Deposit("sincerity", Decimal("20000.50"))
WEEK_OVER = NOW + timedelta(days=8)


def reserve(unit: Unit, deposit: Deposit | None = None, **said: Any) -> Hold:
    """Reserve a home for a new customer."""
    said.setdefault("customer", make_customer(unit.org_unit))
    said.setdefault("actor", actor_of(make_consultant(unit.org_unit)))
    return reserve_home(unit, deposit=deposit, now=NOW, **said)


def set_rule(place: OrgUnit, name: str, value: Any) -> None:
    Setting.objects.create(org_unit=place, key=f"inventory.{name}", value=value, updated_at=NOW)


def state_of(unit: Unit) -> str:
    unit.refresh_from_db()
    return unit.state


@pytest.mark.requirement("S48")
def test_who_withdraws_in_time_gets_the_whole_deposit_back(company: OrgUnit) -> None:
    unit = make_sale(company)[0]
    reserved = reserve(unit, EARNEST)
    last = datetime(2026, 3, 21, 15, 59, 59, tzinfo=UTC)

    ended = withdraw_reservation(reserved, actor=actor_of(make_consultant(company)), now=last)

    assert reserved.withdrawal_ends_at == datetime(2026, 3, 21, 16, tzinfo=UTC)
    assert (ended.outcome, ended.returned_amount, state_of(unit)) == (
        "withdrawn",
        EARNEST.amount,
        "available",
    )
    event = EventRecord.objects.get(type="inventory.reservation_withdrawn")
    assert (event.amount, event.customer_id) == (-EARNEST.amount, reserved.customer_id)


def test_after_the_days_of_withdrawing_the_refusal_says_until_when_it_was(company: OrgUnit) -> None:
    unit = make_sale(company)[0]
    reserved = reserve(unit, EARNEST)
    consultant = actor_of(make_consultant(company))

    with pytest.raises(WithdrawalOver) as refusal:
        withdraw_reservation(reserved, actor=consultant, now=reserved.withdrawal_ends_at)  # type: ignore[arg-type]

    assert "2026-03-22 00:00" in str(refusal.value)
    assert (state_of(unit), Hold.objects.get().ended_at) == ("subscribed", None)


@pytest.mark.parametrize(
    ("deposit", "days", "returned"),
    [(EARNEST, 1, EARNEST.amount), (EARNEST, 5, 0), (SINCERITY, 5, SINCERITY.amount), (None, 5, None)],
)
def test_a_reservation_given_free_late_keeps_earnest_money_only(
    company: OrgUnit, deposit: Deposit | None, days: int, returned: Decimal | None
) -> None:
    reserved = reserve(make_sale(company)[0], deposit)
    manager = actor_of(make_member(company, "inventory.extend"))

    ended = give_free(reserved, actor=manager, now=NOW + timedelta(days=days))

    assert ended.returned_amount == returned


def test_the_place_says_how_long_one_may_withdraw_and_by_when_to_sign(company: OrgUnit) -> None:
    set_rule(company, "withdrawal_days", 0)
    set_rule(company, "sign_within_days", 15)

    reserved = reserve(make_sale(company)[0], EARNEST)

    assert reserved.sign_by_date == date(2026, 4, 2)
    with pytest.raises(NoWithdrawal):
        withdraw_reservation(reserved, actor=actor_of(make_consultant(company)), now=NOW)


def test_a_hold_is_not_withdrawn_from_and_nothing_is_withdrawn_twice(company: OrgUnit) -> None:
    first, second, *_rest = make_sale(company)
    consultant = actor_of(make_consultant(company))
    reserved = reserve(second)
    withdraw_reservation(reserved, actor=consultant, now=NOW)

    with pytest.raises(HoldIsOver):
        withdraw_reservation(hold_for(make_customer(company), first), actor=consultant, now=NOW)
    with pytest.raises(HoldIsOver):
        withdraw_reservation(reserved, actor=consultant, now=NOW)


def test_a_consultant_of_the_neighbour_withdraws_nobody(company: OrgUnit, neighbour: OrgUnit) -> None:
    reserved = reserve(make_sale(company)[0], EARNEST)

    with pytest.raises(NotAllowed):
        withdraw_reservation(reserved, actor=actor_of(make_consultant(neighbour)), now=NOW)


@pytest.mark.parametrize(
    ("kind", "amount", "refusal"),
    [
        ("earnest", "0", DepositNotPositive),
        ("sincerity", "-1", DepositNotPositive),
        ("earnest", "553120.01", EarnestTooLarge),
        ("sincerity", "2765600.01", DepositTooLarge),
    ],
)
def test_an_impossible_deposit_is_refused_and_leaves_the_home_free(
    company: OrgUnit, kind: str, amount: str, refusal: type[Exception]
) -> None:
    unit = make_sale(company)[0]

    with pytest.raises(refusal):
        reserve(unit, Deposit(kind, Decimal(amount)))

    assert (state_of(unit), Hold.objects.count()) == ("available", 0)


def test_a_fifth_of_the_price_can_be_earnest_money(company: OrgUnit) -> None:
    reserved = reserve(make_sale(company)[0], Deposit("earnest", Decimal("553120.00")))

    assert reserved.deposit_amount * 5 == reserved.price.total_amount  # type: ignore[operator]


def test_a_reservation_runs_out_after_its_day_but_the_clock_keeps_nobodys_money(company: OrgUnit) -> None:
    bare, refundable, earnest, signed, *_rest = make_sale(company)
    for unit, deposit in ((bare, None), (refundable, SINCERITY), (earnest, EARNEST)):
        reserve(unit, deposit)
    buyer = make_customer(company)
    reserve(signed, customer=buyer)
    make_contract(signed, buyer, signed_date=date(2026, 3, 18))

    on_the_day = lapse_reservations(now=NOW + timedelta(days=7))
    after, again = lapse_reservations(now=WEEK_OVER), lapse_reservations(now=WEEK_OVER)

    assert (on_the_day, after, again) == (0, 2, 0)
    states = [state_of(unit) for unit in (bare, refundable, earnest, signed)]
    assert states == ["available", "available", "subscribed", "contracted"]
    assert Hold.objects.get(unit=refundable).returned_amount == SINCERITY.amount
    assert Hold.objects.get(unit=earnest).ended_at is None
    assert EventRecord.objects.filter(type="inventory.reservation_lapsed").count() == 2


def test_a_contract_is_not_signed_before_its_reservation(company: OrgUnit) -> None:
    unit, customer = make_sale(company)[0], make_customer(company)
    reserve(unit, EARNEST, customer=customer)

    with pytest.raises(SignedBeforeReserved) as refusal:
        make_contract(unit, customer, signed_date=date(2026, 3, 17))

    assert refusal.value.params == {"day": "2026-03-18"}
    assert (state_of(unit), Hold.objects.get().ended_at) == ("subscribed", None)


def test_what_a_deposit_was_paid_for_outlives_an_erasure(company: OrgUnit) -> None:
    first, second, *_rest = make_sale(company)
    customer = make_customer(company)
    reserve(first, EARNEST, customer=customer)
    reserve(second, customer=customer)

    removed = erase_holds(Person(frozenset({customer.pk}), frozenset(), frozenset(), NOW), NOW)

    assert removed == 1
    assert [row.unit_id for row in Hold.objects.all()] == [first.pk]
    assert deposits_kept([customer.pk]).number == 1
    assert (state_of(first), state_of(second)) == ("subscribed", "available")


def test_the_page_reserves_with_a_deposit_and_says_what_each_button_does(
    client: Client, company: OrgUnit
) -> None:
    unit, customer = make_sale(company)[0], make_customer(company, name="青枫浦")
    sign_in(client, make_consultant(company))
    address = reverse("inventory:home", args=[unit.pk])

    half = client.post(reverse("inventory:reserve", args=[unit.pk]), {"who": "青枫浦", "deposit_amount": "1"})
    too_much = {"who": "青枫浦", "deposit_kind": "earnest", "deposit_amount": "600000"}
    refused = client.post(reverse("inventory:reserve", args=[unit.pk]), too_much)
    sent = {**too_much, "deposit_amount": "50000"}
    client.post(reverse("inventory:reserve", args=[unit.pk]), sent)
    shown = client.get(address).content.decode()

    assert (half.status_code, refused.status_code) == (422, 422)
    assert "553120.00" in refused.content.decode()
    hold = Hold.objects.get()
    assert (hold.customer_id, hold.deposit_amount, hold.deposit_kind) == (
        customer.pk,
        Decimal(50_000),
        "earnest",
    )
    assert reverse("inventory:withdraw", args=[hold.pk]) in shown
    client.post(reverse("inventory:withdraw", args=[hold.pk]))
    assert Hold.objects.get().outcome == "withdrawn"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "withdraw", "free", "lapse", "hold"]),
        st.sampled_from(["", "earnest", "sincerity"]),
        st.decimals(min_value=-5, max_value=900_000, places=2),
        st.integers(0, 9),
    ),
    max_size=10,
)


class AnySale(TestCase):
    """After every step of any history a deposit is whole, is back, or stays: to the cent."""

    @settings(max_examples=20, deadline=None)
    @given(STEPS)
    def test_deposits_are_with_the_company_or_went_back(
        self, steps: list[tuple[str, str, Decimal, int]]
    ) -> None:
        group = make_group()
        company = OrgUnit.objects.get(code="SZ", path__startswith=group.path)
        unit, now = make_sale(company)[0], NOW
        consultant = actor_of(make_member(company, "inventory.hold", "inventory.extend"))

        for act, kind, amount, days in steps:
            now += timedelta(days=days)
            customer = make_customer(company)
            live = Hold.objects.live(now).filter(unit=unit).first()
            deposit = Deposit(kind, amount) if kind else None
            try:
                if act == "reserve":
                    reserve_home(unit, customer=customer, actor=consultant, now=now, deposit=deposit)
                elif act == "hold":
                    hold_home(unit, customer=customer, actor=consultant, now=now)
                elif act == "lapse":
                    lapse_reservations(now=now)
                elif live and act == "withdraw":
                    withdraw_reservation(live, actor=consultant, now=now)
                elif live and act == "free":
                    give_free(live, actor=consultant, now=now)
            except (
                HomeNotFree,
                DepositNotPositive,
                DepositTooLarge,
                HoldIsOver,
                NoWithdrawal,
                WithdrawalOver,
            ):
                pass
            self.assert_whole(unit)

    def assert_whole(self, unit: Unit) -> None:
        """Look that each ended deposit says what went back, and that the home is subscribed while reserved."""
        rows = list(Hold.objects.filter(unit=unit))
        for row in rows:
            if row.deposit_amount is None or row.ended_at is None:
                assert row.returned_amount is None
            elif row.outcome in ("withdrawn", "lapsed") or row.deposit_kind == "sincerity":
                assert row.returned_amount == row.deposit_amount
            else:
                assert row.returned_amount in (Decimal(0), row.deposit_amount)
        is_reserved = any(row.kind == "reservation" and row.ended_at is None for row in rows)
        assert (state_of(unit) == Unit.State.SUBSCRIBED) == is_reserved


def test_the_system_is_no_consultant(company: OrgUnit) -> None:
    unit = make_sale(company)[0]

    with pytest.raises(NotAllowed):
        reserve(unit, actor=Actor.system("test"))
