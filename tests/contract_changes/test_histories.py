"""Random histories of changes: whatever happens, money, homes, owners and the past agree."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count, pairwise
from random import Random
from uuid import UUID

import pytest
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from hearth.contract_changes.kinds import Wanted
from hearth.core.errors import DomainError
from hearth.customers.models import Customer, UnitRole
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.sales.models import Contract, Payment, SettlementLine
from hearth.sales.selectors import ContractThen, contract_at
from tests.contract_changes.builders import (
    make_asker,
    make_carried_out,
    make_paid,
    make_request,
    pay,
    set_bands,
)
from tests.customers.builders import make_customer, make_home
from tests.organization.builders import make_group
from tests.sales.builders import NOW, make_filed

pytestmark = pytest.mark.django_db
ACTS = (
    "pay",
    "refund",
    "file",
    "discount",
    "withdrawal",
    "unit_swap",
    "name_change",
    "owner_added",
    "owner_removed",
)
NOTHING = Decimal(0)


class History:
    """Acts drawn by lot upon a few contracts, homes and customers; what was refused changes nothing."""

    def __init__(self, company: OrgUnit, seed: int) -> None:
        self.company, self.random, self.numbers = company, Random(seed), count(1)
        set_bands(company, {"kind": "any", "steps": []})
        self.asker = make_asker(company)
        self.paid_in = NOTHING
        for _twice in range(2):
            make_paid(company)
            self.paid_in += 600_000
        self.customers = [*Customer.objects.order_by("id"), make_customer(company)]
        self.homes = [*Unit.objects.order_by("id"), make_home(company), make_home(company)]
        self.now = NOW
        self.seen: dict[tuple[UUID, datetime], ContractThen] = {}
        self.remember()

    def remember(self) -> None:
        for row in Contract.objects.all():
            said = ContractThen(row.version, row.customer_id, row.state, row.total_amount)
            self.seen[row.pk, self.now] = said

    def act(self, name: str) -> None:
        self.now += timedelta(hours=self.random.choice([1, 30]))
        contract = self.random.choice(list(Contract.objects.order_by("id")))
        try:
            self.do(name, contract)
        except DomainError:
            return
        finally:
            self.remember()

    def do(self, name: str, contract: Contract) -> None:
        if name in ("pay", "refund"):
            amount = Decimal(self.random.randrange(1, 50_000_000)) / 100
            signed = amount if name == "pay" else -amount
            pay(contract, signed, now=self.now)
            self.paid_in += signed
        elif name == "file":
            make_filed(contract, now=self.now)
        else:
            by = {"contract": contract, "asker": self.asker, "now": self.now}
            make_carried_out(
                make_request(self.company, kind=name, wanted=self.wanted(contract), **by),  # type: ignore[arg-type]
                now=self.now,
            )

    def wanted(self, contract: Contract) -> Wanted:
        part = Decimal(self.random.randrange(1, 99)) / 100
        return Wanted(
            customer=self.random.choice(self.customers),
            unit=self.random.choice(self.homes),
            number=f"HT-N{next(self.numbers)}",
            total_amount=(contract.total_amount * part).quantize(Decimal("0.01")),
            penalty_amount=Decimal(self.random.randrange(0, 40_000_000)) / 100,
            fee_amount=Decimal(self.random.randrange(0, 1_000)),
        )


def refuse_double_sale() -> None:
    live = list(Contract.objects.live().values_list("unit_id", flat=True))
    assert len(live) == len(set(live))
    sold = set(Unit.objects.filter(state="contracted").values_list("pk", flat=True))
    assert sold == set(live)


def refuse_lost_money(history: History) -> None:
    lines = Payment.objects.aggregate(sum=Sum("amount", default=NOTHING))["sum"]
    assert lines == history.paid_in
    for into in Payment.objects.filter(counterpart__isnull=False).select_related("counterpart"):
        assert into.counterpart is not None
        assert into.amount == -into.counterpart.amount
    for contract in Contract.objects.all():
        received = contract.payments.aggregate(sum=Sum("amount", default=NOTHING))["sum"]
        kept = contract.settlement.exclude(kind="refund").aggregate(sum=Sum("amount", default=NOTHING))["sum"]
        assert received >= kept >= 0
        if contract.state == "replaced":
            assert received == 0
        if contract.state == "cancelled":
            paid_back = -(
                contract.payments.filter(created_at__gt=contract.known_at, amount__lt=0).aggregate(
                    sum=Sum("amount", default=NOTHING)
                )["sum"]
            )
            due = SettlementLine.objects.filter(contract=contract, kind="refund").first()
            assert received + paid_back == kept + (due.amount if due else NOTHING)


def refuse_wrong_owners() -> None:
    periods = defaultdict(list)
    for role in UnitRole.objects.filter(role__in=("owner", "co_owner")):
        assert role.valid_from is not None
        periods[role.customer_id, role.unit_id].append((role.valid_from, role.valid_to))
    for spans in periods.values():
        in_order = sorted((begin, end or date.max) for begin, end in spans)
        assert all(end <= begin for (_first, end), (begin, _last) in pairwise(in_order))
    current = UnitRole.objects.filter(role="owner", valid_to=None)
    assert sorted(current.values_list("unit_id", "customer_id")) == sorted(
        Contract.objects.live().values_list("unit_id", "customer_id")
    )
    beside = UnitRole.objects.filter(role="co_owner", valid_to=None)
    assert not beside.exclude(unit__in=Contract.objects.live().values("unit")).exists()


def refuse_rewritten_past(history: History) -> None:
    contracts = Contract.objects.in_bulk()
    for (key, instant), said in history.seen.items():
        assert contract_at(contracts[key], instant) == said


class RandomHistories(TestCase):
    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.sampled_from(ACTS), min_size=4, max_size=12), st.integers(0, 10**6))
    def test_money_homes_owners_and_the_past_agree(self, acts: list[str], seed: int) -> None:
        make_group()
        history = History(OrgUnit.objects.get(code="SZ"), seed)

        for name in acts:
            history.act(name)

        refuse_double_sale()
        refuse_lost_money(history)
        refuse_wrong_owners()
        refuse_rewritten_past(history)
