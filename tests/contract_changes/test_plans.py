"""What a change of a contract does to how it is paid, and changing how it is paid."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from hearth.contract_changes.kinds import Wanted
from hearth.contract_changes.models import ChangeRequest
from hearth.contract_changes.refusals import NothingChanges, ValueMissing
from hearth.core.errors import InvalidInput
from hearth.organization.models import OrgUnit
from hearth.sales.models import PaymentPlan
from hearth.sales.services import change_plan_template
from hearth.sales.services.plan_refusals import NoPlanYet
from hearth.sales.services.plan_templates import PlanTerms
from hearth.sales.terms import PROPOSED
from tests.api.builders import make_program
from tests.contract_changes.builders import (
    make_asker,
    make_carried_out,
    make_paid,
    make_request,
)
from tests.organization.builders import sign_in
from tests.sales.builders import NOW
from tests.sales.plans import SYSTEM, make_planned, make_template, paid_on, pay

pytestmark = pytest.mark.django_db


def amounts_of(plan: PaymentPlan) -> list[Decimal]:
    return list(plan.instalments.order_by("position").values_list("amount", flat=True))


def test_a_discount_comes_off_the_last_instalments(company: OrgUnit) -> None:
    before = make_planned(company, 600_000, 1_350_000, 50_000)
    pay(before.contract, 650_000, "SK1")

    make_carried_out(
        make_request(company, contract=before.contract, wanted=Wanted(total_amount=Decimal("1900000.50")))
    )

    after = PaymentPlan.objects.current().get()
    assert amounts_of(after) == [Decimal(600_000), Decimal("1300000.50")]
    assert paid_on(after) == [Decimal(600_000), Decimal(50_000)]
    assert (after.version, after.instalments.count()) == (2, 2)
    assert amounts_of(before) == [Decimal(600_000), Decimal(1_350_000), Decimal(50_000)]


def test_what_was_paid_beyond_the_new_total_is_left_over(company: OrgUnit) -> None:
    before = make_planned(company, 1_000_000, 1_000_000)
    pay(before.contract, 1_990_000, "SK1")

    make_carried_out(make_request(company, contract=before.contract))

    after = PaymentPlan.objects.current().get()
    assert amounts_of(after) == [Decimal(1_000_000), Decimal(950_000)]
    assert after.unallocated_amount == Decimal(40_000)


def test_a_contract_without_a_plan_is_discounted_without_one(company: OrgUnit) -> None:
    make_carried_out(make_request(company))

    assert not PaymentPlan.objects.exists()


def test_another_way_to_pay_takes_the_place_of_the_one_that_stands(company: OrgUnit) -> None:
    before = make_planned(company, 600_000, 1_400_000)
    pay(before.contract, 600_000, "SK1")
    template = make_template(company)
    request = make_request(
        company, contract=before.contract, kind="payment_plan", wanted=Wanted(template=template)
    )

    change_plan_template(template, PlanTerms("按揭三成", "once", PROPOSED["once"]), actor=SYSTEM, now=NOW)
    make_carried_out(request)

    after = PaymentPlan.objects.current().get()
    assert amounts_of(after) == [Decimal(600_000), Decimal(1_400_000)]
    assert [each.kind for each in after.instalments.order_by("position")] == ["down", "mortgage"]
    assert (after.version, after.reason, paid_on(after)[0]) == (2, request.reason, Decimal(600_000))
    assert request.difference_amount == 0


def test_a_way_to_pay_is_offered_by_the_place_and_changes_something(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    contract = make_paid(company)
    template = make_template(company)
    elsewhere = make_template(neighbour)

    def ask(**wanted: object) -> ChangeRequest:
        return make_request(
            company,
            contract=contract,
            kind="payment_plan",
            wanted=Wanted(**wanted),  # type: ignore[arg-type]
        )

    with pytest.raises(ValueMissing):
        ask()
    with pytest.raises(NoPlanYet):
        ask(template=template)
    make_planned(company, contract=contract)
    with pytest.raises(InvalidInput):
        ask(template=elsewhere)
    make_carried_out(ask(template=template))
    with pytest.raises(NothingChanges):
        ask(template=template)


def test_the_page_shows_both_ways_to_pay_beside_each_other(company: OrgUnit, client: Client) -> None:
    plan = make_planned(company, 600_000, 1_400_000)
    template = make_template(company, name="首付三成按揭")
    browser = sign_in(client, make_asker(company))

    asked = browser.post(
        reverse("contract_changes:ask", args=[plan.contract_id, "payment_plan"]),
        {"template": str(template.pk), "reason": "银行只批七成"},
    )
    shown = browser.get(asked.headers["Location"]).content.decode()

    assert asked.status_code == 303
    assert "首付三成按揭" in shown
    assert "¥1,400,000.00" in shown


def test_a_program_asks_for_another_way_to_pay(company: OrgUnit) -> None:
    plan = make_planned(company)
    template = make_template(company)
    program = make_program(company)
    body = {"kind": "payment_plan", "reason": "银行只批七成"}

    address = f"/contracts/{plan.contract_id}/changes"
    unknown = program.post(address, {**body, "plan_template_id": str(plan.pk)}, **{"Idempotency-Key": "a"})
    made = program.post(address, {**body, "plan_template_id": str(template.pk)}, **{"Idempotency-Key": "b"})

    assert (made.status, made.body["kind"]) == (201, "payment_plan")
    assert unknown.status == 422
