"""Objects for the walk over all routes."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.leads.builders import grade_of, make_lead, reason_of


def make_lead_route(company: OrgUnit) -> dict[str, Any]:
    return {"lead_id": make_lead(company).pk}


def make_grade_route(_company: OrgUnit) -> dict[str, Any]:
    return {"grade_id": grade_of("A").pk}


ACTS = ("lead", "follow_up", "assign", "release", "claim", "move", "win", "lose", "reopen")
SAMPLES = {
    **dict.fromkeys((f"leads:{act}" for act in ACTS), make_lead_route),
    "leads:grade": make_grade_route,
    "leads:stage": lambda _company: {"stage": "visit"},
    "leads:loss_reason": lambda _company: {"reason_id": reason_of().pk},
}
SHARED = {"leads:grade", "leads:stage", "leads:loss_reason"}
GROUP_ONLY = {
    "leads:grades",
    "leads:grade",
    "leads:stages",
    "leads:stage",
    "leads:loss_reasons",
    "leads:loss_reason",
    "leads:new_loss_reason",
}
