"""Payment plans and receivables by API."""

import pytest

from hearth.organization.models import OrgUnit
from hearth.sales.models import PaymentPlan
from tests.api.builders import make_program
from tests.customers.builders import make_customer, make_home
from tests.sales.builders import make_contract
from tests.sales.plans import make_planned, pay

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("S39")
def test_a_program_settles_how_a_contract_is_paid_and_reads_what_is_paid_on_it(company: OrgUnit) -> None:
    contract = make_contract(make_home(company), make_customer(company))
    program = make_program(company)
    address = f"/contracts/{contract.pk}/payment-plan"
    parts = [
        {"kind": "down", "amount": "600000.00", "due_date": "2025-06-01"},
        {"kind": "tail", "amount": "1400000.00", "stage": "topped_out", "days_after": 30},
    ]
    body = {"name": "分期", "method": "instalments", "instalments": parts}

    none_yet = program.get(address)
    unbalanced = program.post(address, {**body, "instalments": parts[:1]})
    made = program.post(address, body)
    again = program.post(address, body)
    pay(contract, "0.01", "R1")
    read = program.get(address)

    assert (none_yet.status, made.status) == (404, 201)
    assert (unbalanced.status, unbalanced.code) == (422, "plan_unbalanced")
    assert (again.status, again.code) == (422, "plan_exists")
    assert [each["standing"] for each in read.body["instalments"]] == ["partly", "open"]
    assert read.body["instalments"][0]["paid"]["amount"] == "0.01"
    assert PaymentPlan.objects.count() == 1


def test_a_program_lists_what_is_to_come_in_the_oldest_first(company: OrgUnit) -> None:
    plan = make_planned(company, 600_000, 1_400_000)
    pay(plan.contract, 100_000, "R1")
    program = make_program(company)

    listed = program.get("/receivables", {"filter[contract_id][eq]": str(plan.contract_id)})
    overdue = program.get("/receivables", {"filter[age][in]": "over_90"})

    assert [each["open"]["amount"] for each in listed.body["data"]] == ["500000.00", "1400000.00"]
    assert all(each["days_overdue"] > 90 for each in overdue.body["data"])


def test_the_neighbours_program_finds_no_plan_of_ours(company: OrgUnit, neighbour: OrgUnit) -> None:
    plan = make_planned(company)
    program = make_program(neighbour)

    assert program.get("/receivables").body["data"] == []
    assert program.get(f"/contracts/{plan.contract_id}/payment-plan").status == 404
