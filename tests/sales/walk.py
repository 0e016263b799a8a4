"""Objects for the walk over all routes."""

from datetime import date
from typing import Any

from hearth.organization.models import OrgUnit
from hearth.sales.services import note_stage
from tests.customers.builders import make_customer, make_home
from tests.sales.builders import NOW, make_contract
from tests.sales.plans import SYSTEM, make_loan, make_planned, make_template, pay


def make_contract_route(company: OrgUnit) -> dict[str, Any]:
    return {"contract_id": make_contract(make_home(company), make_customer(company)).pk}


def make_sign_route(company: OrgUnit) -> dict[str, Any]:
    return {"unit_id": make_home(company).pk, "customer_id": make_customer(company).pk}


def make_instalment_route(company: OrgUnit) -> dict[str, Any]:
    return {"instalment_id": make_planned(company).instalments.get(position=1).pk}


def make_payment_route(company: OrgUnit) -> dict[str, Any]:
    plan = make_planned(company)
    return {"payment_id": pay(plan.contract, 1, f"R{plan.pk}").pk}


def make_template_route(company: OrgUnit) -> dict[str, Any]:
    return {"template_id": make_template(company).pk}


def make_project_route(company: OrgUnit) -> dict[str, Any]:
    home = make_home(company)
    note_stage(home.building, "topped_out", reached_date=date(2026, 2, 1), actor=SYSTEM, now=NOW)
    return {"project_id": home.project_id}


def make_loan_route(company: OrgUnit) -> dict[str, Any]:
    return {"loan_id": make_loan(make_planned(company).contract).pk}


def make_trace_of_receivables(company: OrgUnit) -> str:
    return str(make_planned(company).contract.number)


SAMPLES = {
    "sales:contract": make_contract_route,
    "sales:pay": make_contract_route,
    "sales:cancel": make_contract_route,
    "sales:sign": make_sign_route,
    "sales:new_plan": make_contract_route,
    "sales:file": make_contract_route,
    "sales:begin_loan": make_contract_route,
    "sales:move_loan": lambda company: {**make_loan_route(company), "step": "documents"},
    "sales:end_loan": make_loan_route,
    "sales:instalment": make_instalment_route,
    "sales:name_payment": make_payment_route,
    "sales:plan_template": make_template_route,
    "sales:stages": make_project_route,
    "sales:owed": lambda _company: {"by": "project"},
}
SHARED = {"sales:owed"}
TRACES = {"sales:receivables": make_trace_of_receivables}
