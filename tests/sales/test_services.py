"""Signing, paying and cancelling."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from operator import itemgetter
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.customers.models import CustomerPlace, UnitRole
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.sales.models import Contract, Payment
from hearth.sales.permissions import CHANGE_CONTRACT, VIEW_CONTRACT
from hearth.sales.selectors import money_of_customer
from hearth.sales.services import (
    AmountNotPositive,
    ContractNotLive,
    ContractNumberTaken,
    DateInFuture,
    NothingPaid,
    ReceiptNumberTaken,
    RefundTooLarge,
    UnitAlreadySold,
    cancel_contract,
    receive_payment,
    sign_contract,
)
from tests.customers.builders import make_customer, make_home
from tests.organization.builders import make_actor, make_group
from tests.sales.builders import NOW, make_contract

pytestmark = pytest.mark.django_db


def pay(
    contract: Contract, amount: Decimal | int, receipt: str = "R1", day: date = date(2025, 7, 1)
) -> Payment:
    return receive_payment(
        contract,
        actor=Actor.system(),
        receipt_number=receipt,
        paid_date=day,
        amount=Decimal(amount),
        now=NOW,
    )


@pytest.mark.requirement("S39")
@pytest.mark.requirement("S48")
def test_signing_makes_the_customer_the_owner_and_leaves_one_event(company: OrgUnit) -> None:
    unit, customer = make_home(company), make_customer(company)

    contract = make_contract(unit, customer, signed_date=date(2025, 6, 1))

    unit.refresh_from_db()
    assert unit.state == Unit.State.CONTRACTED
    assert list(UnitRole.objects.values_list("customer_id", "unit_id", "role", "valid_from")) == [
        (customer.pk, unit.pk, "owner", date(2025, 6, 1))
    ]
    event = EventRecord.objects.get(type="sales.contract_signed")
    assert (event.customer_id, event.unit_id, event.subject_id, event.amount) == (
        customer.pk,
        unit.pk,
        contract.pk,
        contract.total_amount,
    )
    assert event.occurred_at.date() == date(2025, 6, 1)


def test_a_contract_of_the_small_hours_is_signed_on_the_day_of_the_companys_clock(company: OrgUnit) -> None:
    one_in_the_morning = datetime(2025, 6, 2, 1, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)

    contract = make_contract(
        make_home(company), make_customer(company), signed_date=date(2025, 6, 2), now=one_in_the_morning
    )

    assert contract.signed_date == date(2025, 6, 2)


def test_a_buyer_from_another_city_becomes_known_where_the_home_is(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    customer = make_customer(neighbour)

    make_contract(make_home(company), customer)

    assert set(CustomerPlace.objects.values_list("org_unit_id", flat=True)) == {company.pk, neighbour.pk}


def test_a_home_is_sold_once(company: OrgUnit) -> None:
    unit = make_home(company)
    make_contract(unit, make_customer(company))

    with pytest.raises(UnitAlreadySold):
        make_contract(unit, make_customer(company))

    assert Contract.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"total_amount": Decimal(0)}, AmountNotPositive),
        ({"total_amount": Decimal(-5)}, AmountNotPositive),
        ({"signed_date": NOW.date() + timedelta(days=1)}, DateInFuture),
    ],
)
def test_impossible_contracts_are_refused(
    company: OrgUnit, changes: dict[str, Decimal | date], refusal: type[Exception]
) -> None:
    unit, customer = make_home(company), make_customer(company)

    with pytest.raises(refusal):
        make_contract(unit, customer, **changes)  # type: ignore[arg-type]

    assert not Contract.objects.exists()


def test_a_contract_number_is_taken_once_in_a_company(company: OrgUnit, neighbour: OrgUnit) -> None:
    make_contract(make_home(company), make_customer(company), number="A-1")

    make_contract(make_home(neighbour), make_customer(neighbour), number="A-1")
    with pytest.raises(ContractNumberTaken):
        make_contract(make_home(company), make_customer(company), number="A-1")


def test_who_may_only_look_may_not_sign(company: OrgUnit, now: datetime) -> None:
    actor = make_actor(company, VIEW_CONTRACT)

    with pytest.raises(NotAllowed):
        sign_contract(
            make_home(company),
            actor=actor,
            customer=make_customer(company),
            number="A-1",
            signed_date=date(2025, 6, 1),
            total_amount=Decimal(1),
            now=now,
        )


def test_the_right_in_another_company_does_not_help(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    contract = make_contract(make_home(company), make_customer(company))
    stranger = make_actor(neighbour, CHANGE_CONTRACT, VIEW_CONTRACT)

    with pytest.raises(NotAllowed):
        cancel_contract(contract, actor=stranger, now=now)

    assert list(Contract.objects.visible_to(stranger)) == []


def test_cancelling_frees_the_home_and_ends_the_role(company: OrgUnit, actor: Actor) -> None:
    unit, customer = make_home(company), make_customer(company)
    contract = make_contract(unit, customer)

    cancel_contract(contract, actor=actor, now=NOW)

    unit.refresh_from_db()
    assert unit.state == Unit.State.AVAILABLE
    assert UnitRole.objects.get().valid_to == NOW.date()
    with pytest.raises(ContractNotLive):
        cancel_contract(contract, actor=actor, now=NOW)
    make_contract(unit, make_customer(company))


def test_payments_add_up_and_receipts_are_taken_once(company: OrgUnit) -> None:
    contract = make_contract(make_home(company), make_customer(company), total_amount=Decimal(100))

    pay(contract, 30, "R1")
    pay(contract, 20, "R2")
    with pytest.raises(ReceiptNumberTaken):
        pay(contract, 1, "R2")

    money = money_of_customer(contract.customer_id, Actor.system())
    assert (money.contracted_amount, money.received_amount) == (Decimal(100), Decimal(50))
    assert money.outstanding_amount == Decimal(50)


def test_no_more_goes_back_than_came_in(company: OrgUnit) -> None:
    contract = make_contract(make_home(company), make_customer(company))
    pay(contract, 30)

    with pytest.raises(RefundTooLarge):
        pay(contract, Decimal("-30.01"), "R2")
    pay(contract, -30, "R3")

    assert money_of_customer(contract.customer_id, Actor.system()).received_amount == 0


@pytest.mark.requirement("S48")
def test_a_receipt_that_is_sent_again_changes_nothing(company: OrgUnit) -> None:
    contract = make_contract(make_home(company), make_customer(company))
    first = pay(contract, 30, "R1")

    again = pay(contract, 30, "R1")

    assert again == first
    assert Payment.objects.count() == 1
    assert EventRecord.objects.filter(type="sales.payment_received").count() == 1


def test_a_receipt_that_says_something_else_is_refused_with_what_it_says(company: OrgUnit) -> None:
    contract = make_contract(make_home(company), make_customer(company))
    another = make_contract(make_home(company, number="202"), make_customer(company))
    pay(contract, 30, "R1")

    with pytest.raises(ReceiptNumberTaken) as other_amount:
        pay(contract, 31, "R1")
    with pytest.raises(ReceiptNumberTaken) as other_contract:
        pay(another, 30, "R1")

    with translation.override("en"):
        assert str(other_amount.value).endswith("30.00 on 2025-07-01.")
        assert str(other_contract.value).endswith("for another contract.")
    assert Payment.objects.get().amount == 30


def test_nothing_is_no_payment(company: OrgUnit) -> None:
    contract = make_contract(make_home(company), make_customer(company))

    with pytest.raises(NothingPaid):
        pay(contract, 0)


def test_nothing_goes_back_before_it_came_in(company: OrgUnit) -> None:
    contract = make_contract(make_home(company), make_customer(company))
    pay(contract, 30, "R1", day=date(2025, 7, 2))

    with pytest.raises(RefundTooLarge):
        pay(contract, -30, "R2", day=date(2025, 7, 1))
    pay(contract, -20, "R3", day=date(2025, 7, 4))
    with pytest.raises(RefundTooLarge):
        pay(contract, -20, "R4", day=date(2025, 7, 3))

    assert money_of_customer(contract.customer_id, Actor.system()).received_amount == 10


def test_a_cancelled_contract_takes_nothing_in_and_pays_back(company: OrgUnit, actor: Actor) -> None:
    contract = make_contract(make_home(company), make_customer(company))
    pay(contract, 30, "R1")
    cancel_contract(contract, actor=actor, now=NOW)

    with pytest.raises(ContractNotLive):
        pay(contract, 1, "R2")
    pay(contract, -30, "R3")

    assert sum(row.amount for row in Payment.objects.all()) == 0


def test_a_payment_cannot_lie_ahead(company: OrgUnit) -> None:
    contract = make_contract(make_home(company), make_customer(company))

    with pytest.raises(DateInFuture):
        receive_payment(
            contract,
            actor=Actor.system(),
            receipt_number="R",
            paid_date=NOW.date() + timedelta(days=1),
            amount=Decimal(1),
            now=NOW,
        )


AMOUNTS = st.decimals(min_value=-500, max_value=500, places=2)
ACTS = st.one_of(
    st.tuples(st.just("pay"), st.integers(1, 6), st.integers(1, 9), AMOUNTS),
    st.tuples(st.just("again"), st.integers(1, 6), st.just(1), AMOUNTS),
    st.tuples(st.just("cancel"), st.just(0), st.just(1), st.just(Decimal(0))),
)


class AnyHistory(TestCase):
    """Figures agree to the cent after every step of any history."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(ACTS, max_size=12))
    def test_received_is_the_sum_of_what_was_accepted(
        self, history: list[tuple[str, int, int, Decimal]]
    ) -> None:
        group = make_group()
        company = OrgUnit.objects.get(code="SZ", path__startswith=group.path)
        contract = make_contract(make_home(company), make_customer(company), total_amount=Decimal(1000))
        accepted: dict[str, tuple[date, Decimal]] = {}
        is_live = True

        for act, number, day, amount in history:
            receipt, fresh = f"R{number}", (date(2025, 7, day), amount)
            on, said = accepted.get(receipt, fresh) if act == "again" else fresh
            try:
                if act == "cancel":
                    cancel_contract(contract, actor=Actor.system(), now=NOW)
                    is_live = False
                else:
                    pay(contract, said, receipt, day=on)
                    accepted.setdefault(receipt, (on, said))
            except ReceiptNumberTaken:
                assert accepted[receipt] != (on, said)
            except ContractNotLive:
                assert not is_live
            except NothingPaid:
                assert said == 0
            except RefundTooLarge:
                assert said < 0
            self.assert_figures(contract, accepted, is_live=is_live)

    def assert_figures(
        self, contract: Contract, accepted: dict[str, tuple[date, Decimal]], *, is_live: bool
    ) -> None:
        """Compare page, customer and events with what was accepted, and look that no day owes money."""
        total = sum((amount for _on, amount in accepted.values()), Decimal(0))
        received = Contract.objects.with_received().get(pk=contract.pk)
        money = money_of_customer(contract.customer_id, Actor.system())
        events = EventRecord.objects.filter(type="sales.payment_received")
        balances = accumulate(amount for _on, amount in sorted_by_day(accepted))
        by_day = {on: left for (on, _amount), left in zip(sorted_by_day(accepted), balances, strict=True)}

        assert received.outstanding_amount == 1000 - total
        assert money.received_amount == (total if is_live else 0)
        assert sum((event.amount or Decimal(0) for event in events), Decimal(0)) == total
        assert all(left >= 0 for left in by_day.values())


def sorted_by_day(accepted: dict[str, tuple[date, Decimal]]) -> list[tuple[date, Decimal]]:
    return sorted(accepted.values(), key=itemgetter(0))
