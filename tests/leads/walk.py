"""Objects for the walk over all routes."""

from datetime import timedelta
from typing import Any

from hearth.leads.services import note_absence, set_assignment
from hearth.organization.models import OrgUnit
from tests.leads.builders import (
    NOW,
    SYSTEM,
    TODAY,
    grade_of,
    make_consultant,
    make_lead,
    make_project,
    reason_of,
)


def make_lead_route(company: OrgUnit) -> dict[str, Any]:
    return {"lead_id": make_lead(company).pk}


def make_grade_route(_company: OrgUnit) -> dict[str, Any]:
    return {"grade_id": grade_of("A").pk}


def make_rule_route(company: OrgUnit) -> dict[str, Any]:
    project, person = make_project(company), make_consultant(company)
    set_assignment(project, way="load", user_ids=[person.pk], is_active=True, actor=SYSTEM, now=NOW)
    return {"project_id": project.pk}


def make_absence_route(company: OrgUnit) -> dict[str, Any]:
    absence = note_absence(
        make_consultant(company),
        org_unit=company,
        from_date=TODAY,
        until_date=TODAY + timedelta(days=1),
        deputy=None,
        actor=SYSTEM,
        now=NOW,
    )
    return {"absence_id": absence.pk}


ACTS = ("lead", "follow_up", "assign", "release", "claim", "move", "win", "lose", "reopen")
SAMPLES = {
    **dict.fromkeys((f"leads:{act}" for act in ACTS), make_lead_route),
    "leads:grade": make_grade_route,
    "leads:rule": make_rule_route,
    "leads:absence": lambda company: {"place_id": company.pk},
    "leads:end_absence": make_absence_route,
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
