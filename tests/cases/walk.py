"""Objects for the walk over all routes."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.cases.builders import make_case


def make_case_route(company: OrgUnit) -> dict[str, Any]:
    return {"case_id": make_case(company).pk}


SAMPLES = dict.fromkeys(("cases:case", "cases:answer", "cases:change", "cases:close"), make_case_route)
