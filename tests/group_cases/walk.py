"""Objects for the walk over all routes."""

from typing import Any

from hearth.group_cases.models import GroupChild, GroupHousehold, TeamMember
from hearth.group_cases.services import join_team
from hearth.organization.models import OrgUnit
from tests.cases.builders import NOW
from tests.group_cases.builders import (
    SYSTEM,
    entry_of,
    make_check,
    make_commitment,
    make_complaint,
    make_group_case,
    make_meeting,
    make_review,
    make_statement,
    make_step,
    plan_step_of,
)
from tests.organization.builders import make_member

ON_A_GROUP = (
    "group",
    "change",
    "add",
    "sign",
    "close",
    "desk",
    "team",
    "talks",
    "promise",
    "say",
    "new_meeting",
)


def make_group_route(company: OrgUnit) -> dict[str, Any]:
    return {"group_id": make_group_case(company).pk}


def make_child_route(company: OrgUnit) -> dict[str, Any]:
    child = GroupChild.objects.get(group_case=make_group_case(company))
    return {"group_id": child.group_case_id, "child_id": child.pk}


def make_household_route(company: OrgUnit) -> dict[str, Any]:
    household = GroupHousehold.objects.get(group_case=make_group_case(company))
    return {"group_id": household.group_case_id, "household_id": household.pk}


def make_step_route(company: OrgUnit) -> dict[str, Any]:
    step = make_step(company)
    return {"group_id": step.group_case_id, "step_id": step.pk}


def make_team(company: OrgUnit) -> TeamMember:
    user = make_member(company, "cases.view")
    return join_team(make_group_case(company), user, role="lawyer", actor=SYSTEM, now=NOW)


def make_team_route(company: OrgUnit) -> dict[str, Any]:
    member = make_team(company)
    return {"group_id": member.group_case_id, "member_id": member.pk}


def make_statement_route(company: OrgUnit) -> dict[str, Any]:
    statement = make_statement(make_group_case(company), kind="reply")
    return {"group_id": statement.group_case_id, "statement_id": statement.pk}


def make_meeting_route(company: OrgUnit) -> dict[str, Any]:
    meeting = make_meeting(make_group_case(company))
    return {"group_id": meeting.group_case_id, "meeting_id": meeting.pk}


def make_commitment_route(company: OrgUnit) -> dict[str, Any]:
    commitment = make_commitment(make_group_case(company))
    return {"group_id": commitment.group_case_id, "commitment_id": commitment.pk}


def make_review_route(company: OrgUnit) -> dict[str, Any]:
    return {"group_id": make_review(company).group_case_id}


def make_check_route(company: OrgUnit) -> dict[str, Any]:
    return {"check_id": make_check(company).pk}


SAMPLES = {f"group_cases:{name}": make_group_route for name in ON_A_GROUP} | {
    "group_cases:take_out": make_child_route,
    "group_cases:of_case": lambda company: {"case_id": make_complaint(company).pk},
    "group_cases:leave": make_household_route,
    "group_cases:represent": make_household_route,
    "group_cases:step_done": make_step_route,
    "group_cases:team_leave": make_team_route,
    "group_cases:write": lambda company: make_group_route(company) | {"kind": "script"},
    "group_cases:approve": make_statement_route,
    "group_cases:publish": make_statement_route,
    "group_cases:meeting": make_meeting_route,
    "group_cases:attend": make_meeting_route,
    "group_cases:end": make_meeting_route,
    "group_cases:kept": make_commitment_route,
    "group_cases:review": make_review_route,
    "group_cases:write_review": make_review_route,
    "group_cases:finish_review": make_review_route,
    "group_cases:check": make_check_route,
    "group_cases:answer_check": make_check_route,
    "group_cases:plan_step": lambda _company: {"step_id": plan_step_of().pk},
    "group_cases:entry": lambda _company: {"code": entry_of().code},
}
TRACES = {
    "group_cases:groups": lambda company: make_group_case(company, title="青枫浦群诉").title,
    "group_cases:checks": lambda company: make_check(company, project="青枫浦").project.name,
}
SHARED = {"group_cases:plan_step", "group_cases:entry"}
GROUP_ONLY = {"group_cases:plan", "group_cases:plan_step", "group_cases:new_plan_step"}
