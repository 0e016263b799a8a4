"""Objects for the walk over all routes."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer, make_home
from tests.sales.builders import make_contract


def make_contract_route(company: OrgUnit) -> dict[str, Any]:
    return {"contract_id": make_contract(make_home(company), make_customer(company)).pk}


def make_sign_route(company: OrgUnit) -> dict[str, Any]:
    return {"unit_id": make_home(company).pk, "customer_id": make_customer(company).pk}


SAMPLES = {
    "sales:contract": make_contract_route,
    "sales:pay": make_contract_route,
    "sales:cancel": make_contract_route,
    "sales:sign": make_sign_route,
}
