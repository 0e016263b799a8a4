"""How the buyers of the invented city pay, and its removal."""

from decimal import Decimal

import pytest

from hearth.core.actor import Actor
from hearth.demo.loading.plans import PLANNED
from hearth.demo.services import clear_demo
from hearth.demo.truth import CityTruth
from hearth.sales.models import Instalment, Payment, PaymentPlan, PlanTemplate
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def test_thirty_contracts_have_plans_that_reconcile_to_the_cent(truth: CityTruth) -> None:
    plans = PaymentPlan.objects.current().select_related("contract").prefetch_related("instalments")

    assert 0 < len(plans) <= PLANNED
    assert {plan.method for plan in plans} == {"once", "instalments", "mortgage"}
    for plan in plans:
        received = sum((row.amount for row in Payment.objects.filter(contract=plan.contract)), Decimal(0))
        paid = sum((row.paid_amount for row in plan.instalments.all()), Decimal(0))
        assert sum(row.amount for row in plan.instalments.all()) == plan.contract.total_amount
        assert paid + plan.unallocated_amount == received
    parts = Instalment.objects.filter(plan__in=plans)
    open_ones = [row for row in parts if row.open_amount and row.due_date]
    assert Instalment.objects.receivable().count() == len(open_ones)


def test_plans_and_ways_to_pay_go_with_the_sample(truth: CityTruth) -> None:
    clear_demo(actor=Actor.system("test"), now=NOW)

    assert not PaymentPlan.objects.exists()
    assert not PlanTemplate.objects.exists()
