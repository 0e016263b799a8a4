"""Objects for the walk over all routes."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from hearth.organization.models import OrgUnit
from tests.cases.builders import cause_of, make_case, make_cost, settle

ON_A_CASE = (
    "case",
    "account",
    "answer",
    "change",
    "close",
    "pause",
    "resume",
    "visit",
    "call_back",
    "signal",
    "escalate",
    "settle",
    "approve",
    "cost",
)


def make_case_route(company: OrgUnit) -> dict[str, Any]:
    return {"case_id": make_case(company).pk}


def make_cost_route(company: OrgUnit) -> dict[str, Any]:
    line = make_cost(make_case(company))
    return {"case_id": line.case_id, "cost_id": line.pk}


def make_proof_route(company: OrgUnit) -> dict[str, Any]:
    file = SimpleUploadedFile("proof.pdf", b"%PDF-1.7")
    return {"settlement_id": settle(make_case(company), evidence_file=file).pk}


SAMPLES = {f"cases:{name}": make_case_route for name in ON_A_CASE} | {
    "cases:strike_out": make_cost_route,
    "cases:evidence": make_proof_route,
    "cases:cause": lambda _company: {"cause_id": cause_of().pk},
}
SHARED = {"cases:cause"}
GROUP_ONLY = {"cases:causes", "cases:cause", "cases:new_cause"}
