"""Which instalments money pays: any history reconciles to the cent."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from hearth.organization.models import OrgUnit
from hearth.sales.allocation import Due, allocate
from hearth.sales.models import Contract, Instalment, Payment, PaymentPlan
from hearth.sales.services import (
    ContractNotLive,
    NothingPaid,
    RefundTooLarge,
    cancel_contract,
    name_instalment,
    receive_payment,
    replace_plan,
)
from hearth.sales.terms import split
from tests.customers.builders import make_customer, make_home
from tests.organization.builders import make_group
from tests.sales.builders import NOW, make_contract
from tests.sales.plans import SYSTEM, make_planned, paid_on, parts_of, pay

TOTAL = Decimal("1000.00")
DAY = date(2025, 6, 1)
MONEY = st.decimals(min_value=0, max_value=2_000, places=2)
SIGNED = st.decimals(min_value=-600, max_value=600, places=2)
NAMES = st.sampled_from(["a", "b", "c", ""])


def dues() -> list[Due[str]]:
    return [
        Due("a", 1, Decimal(300), DAY),
        Due("b", 2, Decimal(500), DAY + timedelta(days=90)),
        Due("c", 3, Decimal(200), None),
    ]


@given(st.lists(st.tuples(NAMES, SIGNED), max_size=8))
def test_what_is_put_on_instalments_and_what_is_left_is_what_was_received(
    receipts: list[tuple[str, Decimal]],
) -> None:
    received = sum((amount for _name, amount in receipts), Decimal(0))
    named: dict[str, Decimal] = {}
    for name, amount in receipts:
        if name:
            named[name] = named.get(name, Decimal(0)) + amount

    done = allocate(dues(), received, named)

    amounts = {due.key: due.amount for due in dues()}
    assert sum(done.paid.values()) + done.unallocated == received
    assert all(0 <= done.paid[key] <= amounts[key] for key in amounts)
    assert done.unallocated >= 0 or not any(done.paid.values())
    assert done.unallocated <= 0 or done.paid == amounts


@given(MONEY)
def test_money_that_names_nothing_pays_the_oldest_due_first(received: Decimal) -> None:
    done = allocate(list(reversed(dues())), received, {})

    assert done.paid["b"] == 0 or done.paid["a"] == 300
    assert done.paid["c"] == 0 or done.paid["b"] == 500


def test_a_named_receipt_pays_its_instalment_and_what_is_beyond_follows_the_rule() -> None:
    done = allocate(dues(), Decimal(650), {"b": Decimal(600)})

    assert done.paid == {"a": Decimal(150), "b": Decimal(500), "c": Decimal(0)}


def test_what_goes_back_is_taken_from_what_is_due_last() -> None:
    done = allocate(dues(), Decimal(250), {"a": Decimal(200), "b": Decimal(300)})

    assert done.paid == {"a": Decimal(200), "b": Decimal(50), "c": Decimal(0)}


@given(MONEY.filter(bool), st.lists(st.decimals("0.01", 99, places=2), min_size=1, max_size=12))
def test_shares_part_a_price_to_the_cent(total: Decimal, shares: list[Decimal]) -> None:
    whole = sum(shares, Decimal(0))
    parts = split(total, [share * 100 / whole for share in shares])

    assert sum(parts) == total
    assert all(part == part.quantize(Decimal("0.01")) for part in parts)


ACTS = st.one_of(
    st.tuples(st.just("pay"), st.integers(1, 9), SIGNED, st.integers(0, 3)),
    st.tuples(st.just("name"), st.integers(1, 9), st.just(Decimal(0)), st.integers(0, 3)),
    st.tuples(st.just("replace"), st.integers(1, 3), st.decimals("0.01", 999, places=2), st.just(0)),
    st.tuples(st.just("cancel"), st.just(1), st.just(Decimal(0)), st.just(0)),
)


class AnyHistory(TestCase):
    """Figures agree to the cent after every step of any history of receipts, refunds, replacement and cancelling."""

    @pytest.mark.requirement("S39")
    @settings(max_examples=30, deadline=None)
    @given(st.lists(ACTS, max_size=10))
    def test_instalments_and_what_is_left_are_always_what_was_received(
        self, history: list[tuple[str, int, Decimal, int]]
    ) -> None:
        group = make_group()
        company = OrgUnit.objects.get(code="SZ", path__startswith=group.path)
        contract = make_contract(make_home(company), make_customer(company), total_amount=TOTAL)
        make_planned(company, "300.10", "500.20", "199.70", contract=contract)

        for number, (act, some, amount, position) in enumerate(history):
            with suppress(RefundTooLarge, ContractNotLive, NothingPaid):
                self.act(contract, act, some, amount, position, receipt=f"R{number}")
            self.assert_figures(contract)

    def act(
        self, contract: Contract, act: str, some: int, amount: Decimal, position: int, *, receipt: str
    ) -> None:
        part = Instalment.objects.filter(
            plan__contract=contract, plan__superseded_at=None, position=position
        ).first()
        if act == "cancel":
            cancel_contract(contract, actor=SYSTEM, now=NOW)
        elif act == "replace":
            plan = parts_of(amount, TOTAL - amount) if some > 1 else parts_of(TOTAL)
            replace_plan(contract, actor=SYSTEM, plan=plan, reason="银行少批", now=NOW)
        elif act == "name":
            payment = Payment.objects.filter(contract=contract).order_by("id").first()
            if payment:
                name_instalment(payment, part, actor=SYSTEM, now=NOW)
        else:
            day = date(2025, 7, some)
            receive_payment(
                contract,
                actor=SYSTEM,
                receipt_number=receipt,
                paid_date=day,
                amount=amount,
                instalment=part,
                now=NOW,
            )

    def assert_figures(self, contract: Contract) -> None:
        """Compare the current plan with the receipts; versions before keep their instalments."""
        received = sum((row.amount for row in Payment.objects.filter(contract=contract)), Decimal(0))
        plan = PaymentPlan.objects.current().get(contract=contract)
        for version in PaymentPlan.objects.filter(contract=contract):
            assert sum(row.amount for row in version.instalments.all()) == TOTAL
        assert sum(paid_on(plan)) + plan.unallocated_amount == received
        assert plan.unallocated_amount >= 0
        assert all(0 <= row.paid_amount <= row.amount for row in plan.instalments.all())


@pytest.mark.django_db
def test_receipts_of_one_day_pay_the_same_in_whatever_order_they_are_recorded(company: OrgUnit) -> None:
    outcomes = set()

    for order in permutations(["150.05", "400.40", "-100.10"]):
        plan = make_planned(company, "300.10", "500.20", "199.70")
        pay(plan.contract, "500", f"first {plan.pk}", DAY)
        for amount in order:
            pay(plan.contract, amount, f"{amount} {plan.pk}")
        outcomes.add(tuple(paid_on(plan)))

    assert outcomes == {(Decimal("300.10"), Decimal("500.20"), Decimal("150.05"))}
