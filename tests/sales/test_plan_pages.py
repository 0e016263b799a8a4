"""Pages of payment plans and receivables."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import OrgUnit
from hearth.sales.models import BuildingStage, Instalment, PaymentPlan, PlanTemplate
from hearth.sales.services import cancel_contract, replace_plan
from tests.customers.builders import make_customer, make_home
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries, tell_the_planner
from tests.sales.builders import NOW, make_contract
from tests.sales.plans import SYSTEM, make_planned, make_template, parts_of, pay

pytestmark = pytest.mark.django_db


def lines(*given: dict[str, str]) -> dict[str, str]:
    """Return lines as a browser sends them."""
    sent = {"line-TOTAL_FORMS": str(len(given)), "line-INITIAL_FORMS": "0"}
    for number, line in enumerate(given):
        sent |= {f"line-{number}-{name}": value for name, value in line.items()}
    return sent


@pytest.mark.requirement("S39")
def test_a_plan_is_settled_from_a_template_in_the_browser(signed_in: Client, company: OrgUnit) -> None:
    contract = make_contract(make_home(company), make_customer(company))
    template = make_template(company)
    address = reverse("sales:new_plan", args=[contract.pk])

    before = signed_in.get(reverse("sales:contract", args=[contract.pk])).content.decode()
    begun = signed_in.get(address, {"template": str(template.pk)}).content.decode()
    sent = lines(
        {"kind": "down", "due_date": "2025-06-01", "amount": "600000"},
        {"kind": "mortgage", "due_date": "2025-07-31", "amount": "1400000"},
        {"kind": ""},
    )
    made = signed_in.post(address, {"name": template.name, "method": "mortgage", **sent})
    shown = signed_in.get(reverse("sales:contract", args=[contract.pk])).content.decode()

    assert address in before
    assert 'value="600000.00"' in begun
    assert 'value="1400000.00"' in begun
    assert made.status_code == 303
    assert "¥1,400,000.00" in shown
    assert address not in shown


def test_an_unbalanced_plan_keeps_what_was_typed_and_says_why(signed_in: Client, company: OrgUnit) -> None:
    contract = make_contract(make_home(company), make_customer(company))
    sent = lines({"kind": "whole", "due_date": "2025-06-01", "amount": "1999999.99"})

    answer = signed_in.post(
        reverse("sales:new_plan", args=[contract.pk]), {"name": "一次性", "method": "once", **sent}
    )

    assert answer.status_code == 422
    assert "0.01" in answer.content.decode()
    assert "1999999.99" in answer.content.decode()
    assert not PaymentPlan.objects.exists()


def test_a_line_without_a_kind_is_not_passed_over_in_silence(signed_in: Client, company: OrgUnit) -> None:
    contract = make_contract(make_home(company), make_customer(company))
    sent = lines({"kind": "", "amount": "5"})

    answer = signed_in.post(
        reverse("sales:new_plan", args=[contract.pk]), {"name": "一次性", "method": "once", **sent}
    )

    assert answer.status_code == 422


def test_a_payment_is_received_for_an_instalment_and_named_for_another(
    signed_in: Client, company: OrgUnit
) -> None:
    plan = make_planned(company, 600_000, 1_400_000)
    first, second = plan.instalments.order_by("position")
    sent = {
        "receipt_number": "R-1",
        "paid_date": "2025-06-02",
        "amount": "500000",
        "instalment": str(second.pk),
    }

    paid = signed_in.post(reverse("sales:pay", args=[plan.contract_id]), sent)
    on_second = Instalment.objects.get(pk=second.pk).paid_amount
    payment = plan.contract.payments.get()
    named = signed_in.post(reverse("sales:name_payment", args=[payment.pk]), {"instalment": str(first.pk)})
    elsewhere = signed_in.post(
        reverse("sales:name_payment", args=[payment.pk]),
        {"instalment": str(make_planned(company).instalments.first().pk)},  # type: ignore[union-attr]
    )

    assert (paid.status_code, named.status_code, elsewhere.status_code) == (303, 303, 404)
    assert on_second == Instalment.objects.get(pk=first.pk).paid_amount == 500_000


def test_the_page_of_a_contract_shows_versions_before_and_what_is_beyond(
    signed_in: Client, company: OrgUnit
) -> None:
    plan = make_planned(company, 600_000, 1_400_000)
    pay(plan.contract, "2000000.05", "R1")
    replace_plan(plan.contract, actor=SYSTEM, plan=parts_of(2_000_000), reason="改为一次性付款", now=NOW)

    page = signed_in.get(reverse("sales:contract", args=[plan.contract_id])).content.decode()

    assert "改为一次性付款" in page
    assert "¥0.05" in page


def test_the_page_of_a_contract_costs_the_same_with_one_and_five_instalments(
    signed_in: Client, company: OrgUnit
) -> None:
    small, large = make_planned(company, 2_000_000), make_planned(company, *[400_000] * 5)
    for plan in (small, large):
        pay(plan.contract, 1_000, f"R{plan.pk}")
    tell_the_planner()

    counts = [
        count_queries(signed_in, reverse("sales:contract", args=[plan.contract_id]))
        for plan in (small, large)
    ]

    assert counts[0] == counts[1] <= 12


def test_the_receivables_cost_the_same_with_one_and_three_rows(signed_in: Client, company: OrgUnit) -> None:
    counts = []

    for extra in (1, 2):
        for _ in range(extra):
            make_planned(company, 2_000_000)
        tell_the_planner()
        counts.append(count_queries(signed_in, reverse("sales:receivables")))

    assert counts[0] == counts[1] <= 12


def test_the_receivables_show_what_is_open_and_leave_out_the_cancelled(
    signed_in: Client, company: OrgUnit
) -> None:
    open_one, gone = make_planned(company, 600_000, 1_400_000), make_planned(company, 2_000_000)
    pay(open_one.contract, 600_000, "R1")
    cancel_contract(gone.contract, actor=SYSTEM, now=NOW)

    page = signed_in.get(reverse("sales:receivables"), {"age": "over_90"}).content.decode()
    lead = signed_in.get(reverse("sales:instalment", args=[open_one.instalments.get(position=2).pk]))

    assert open_one.contract.number in page
    assert gone.contract.number not in page
    assert "¥1,400,000" in page
    assert lead.headers["Location"].startswith(reverse("sales:contract", args=[open_one.contract_id]))


def test_the_receivables_are_empty_before_the_first_plan_and_say_what_to_do(signed_in: Client) -> None:
    page = signed_in.get(reverse("sales:receivables")).content.decode()

    assert reverse("sales:contracts") in page
    assert "没有应收款" in page


@pytest.mark.parametrize("by", ["project", "consultant"])
def test_what_is_owed_is_summed_with_a_total_row_in_constant_queries(
    signed_in: Client, company: OrgUnit, by: str
) -> None:
    counts = []

    for extra in (1, 2):
        for _ in range(extra):
            make_planned(company, "1000000.01")
        tell_the_planner()
        counts.append(count_queries(signed_in, reverse("sales:owed", args=[by])))
    page = signed_in.get(reverse("sales:owed", args=[by])).content.decode()

    assert counts[0] == counts[1]
    assert "¥3,000,000.03" in page


def test_what_is_owed_is_summed_by_nothing_else(signed_in: Client) -> None:
    assert signed_in.get(reverse("sales:owed", args=["customer"])).status_code == 404


def test_a_way_to_pay_begins_from_what_is_proposed_and_is_put_out_of_use(
    signed_in: Client, company: OrgUnit
) -> None:
    address = reverse("sales:new_plan_template")
    steps = lines({"kind": "down", "share": "30"}, {"kind": "mortgage", "share": "70", "days_after": "60"})
    sent = {"name": "按揭三成", "method": "mortgage", "is_active": "on", "org_unit": str(company.pk), **steps}

    begun = signed_in.get(address, {"begin": "mortgage"}).content.decode()
    made = signed_in.post(address, sent)
    template = PlanTemplate.objects.get()
    ended = signed_in.post(
        reverse("sales:plan_template", args=[template.pk]),
        {key: sent[key] for key in sent if key != "is_active"} | {"line-INITIAL_FORMS": "2"},
    )
    wrong = signed_in.post(address, {**sent, "line-1-share": "60"})
    listed = signed_in.get(reverse("sales:plan_templates")).content.decode()

    assert 'value="70"' in begun
    assert (made.status_code, ended.status_code, wrong.status_code) == (303, 303, 422)
    assert PlanTemplate.objects.get().is_active is False
    assert "按揭三成" in listed


def test_a_stage_is_noted_by_who_keeps_ways_to_pay_and_read_by_others(
    signed_in: Client, client: Client, company: OrgUnit
) -> None:
    home = make_home(company)
    address = reverse("sales:stages", args=[home.project_id])
    sent = {"building": str(home.building_id), "stage": "topped_out", "reached_date": "2026-02-01"}

    noted = signed_in.post(address, sent)
    reader = sign_in(Client(), make_member(company, SIGNED_IN, "properties.view", "sales.view"))
    read = reader.get(address)
    refused = reader.post(address, {**sent, "stage": "completed"})

    assert (noted.status_code, read.status_code) == (303, 200)
    assert refused.status_code in (403, 422)
    assert BuildingStage.objects.get().stage == "topped_out"


def test_a_cancelled_contract_owes_nothing_any_more(signed_in: Client, company: OrgUnit) -> None:
    plan = make_planned(company, 2_000_000)
    cancel_contract(plan.contract, actor=SYSTEM, now=NOW)

    page = signed_in.get(reverse("sales:contract", args=[plan.contract_id])).content.decode()

    assert "逾期" not in page
    assert Decimal(2_000_000) == plan.instalments.get().open_amount
