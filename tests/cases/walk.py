"""Objects for the walk over all routes."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.cases.builders import make_case

ON_A_CASE = (
    "case",
    "answer",
    "change",
    "close",
    "pause",
    "resume",
    "visit",
    "call_back",
    "signal",
    "escalate",
)


def make_case_route(company: OrgUnit) -> dict[str, Any]:
    return {"case_id": make_case(company).pk}


SAMPLES = {f"cases:{name}": make_case_route for name in ON_A_CASE}
