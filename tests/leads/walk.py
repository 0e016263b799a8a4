"""Objects for the walk over all routes."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.leads.builders import grade_of, make_lead


def make_lead_route(company: OrgUnit) -> dict[str, Any]:
    return {"lead_id": make_lead(company).pk}


def make_grade_route(_company: OrgUnit) -> dict[str, Any]:
    return {"grade_id": grade_of("A").pk}


ACTS = ("lead", "follow_up", "assign", "release", "claim", "win", "lose", "reopen")
SAMPLES = {
    **dict.fromkeys((f"leads:{act}" for act in ACTS), make_lead_route),
    "leads:grade": make_grade_route,
}
SHARED = {"leads:grade"}
GROUP_ONLY = {"leads:grades", "leads:grade"}
