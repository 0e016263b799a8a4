"""Objects for the walk over all routes."""

from datetime import timedelta
from typing import Any

from hearth.leads.services import note_absence, open_dispute, set_assignment
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
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


def make_dispute_route(company: OrgUnit) -> dict[str, Any]:
    lead = make_lead(company, consultant_id=make_consultant(company).pk)
    claimant = actor_for(make_consultant(company), today=TODAY)
    return {"dispute_id": open_dispute(lead, claim="先到访", actor=claimant, now=NOW).pk}


ACTS = (
    "lead",
    "follow_up",
    "assign",
    "release",
    "claim",
    "move",
    "win",
    "lose",
    "reopen",
    "claim_of_another",
)
SAMPLES = {
    **dict.fromkeys((f"leads:{act}" for act in ACTS), make_lead_route),
    "leads:grade": make_grade_route,
    "leads:rule": make_rule_route,
    "leads:screen": make_rule_route,
    "leads:dispute": make_dispute_route,
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
