"""Objects for the walk over all routes."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.contract_changes.builders import make_approved, make_paid, make_request


def _waiting(company: OrgUnit) -> dict[str, Any]:
    return {"request_id": make_request(company).pk}


def _approved(company: OrgUnit) -> dict[str, Any]:
    return {"request_id": make_approved(make_request(company)).pk}


def _contract(company: OrgUnit) -> dict[str, Any]:
    return {"contract_id": make_paid(company).pk}


def _asked(company: OrgUnit) -> dict[str, Any]:
    return {**_contract(company), "kind": "discount"}


def _listed(company: OrgUnit) -> str:
    return make_request(company).contract.number


SAMPLES = {
    **{f"contract_changes:{name}": _waiting for name in ("request", "approve", "refuse", "withdraw")},
    "contract_changes:carry_out": _approved,
    "contract_changes:of_contract": _contract,
    "contract_changes:ask": _asked,
}
TRACES = {"contract_changes:requests": _listed}
