"""Group complaints for tests."""

from datetime import date, datetime, timedelta
from typing import Any

from hearth.accounts.models import User
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.group_cases.library import sync_library
from hearth.group_cases.models import (
    Commitment,
    GroupCase,
    GroupMeeting,
    GroupReview,
    GroupStep,
    LibraryEntry,
    PlanStep,
    PreventiveCheck,
    Statement,
)
from hearth.group_cases.plans import sync_plan
from hearth.group_cases.services import (
    NewMeeting,
    ReviewWords,
    add_cases,
    close_group_case,
    give_commitment,
    open_group_case,
    plan_meeting,
    write_review,
    write_statement,
)
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_customer, make_home
from tests.organization.builders import make_member

SYSTEM = Actor.system("test")


def make_complaint(
    company: OrgUnit, *, customer: Customer | None = None, home: Unit | None = None, **values: Any
) -> Case:
    """Write a complaint of a customer about a home of the project."""
    home = home or make_home(company)
    customer = customer or make_customer(company)
    return make_case(
        company, customer=customer, unit_id=home.pk, project_id=home.project_id, topic="渗漏", **values
    )


def make_group_case(
    company: OrgUnit, households: int = 1, *, cases: list[Case] | None = None, **values: Any
) -> GroupCase:
    """Write a group complaint of so many households; further values are those of `open_group_case`."""
    cases = cases or [make_complaint(company) for _each in range(households)]
    project = cases[0].project
    assert project is not None
    named: dict[str, Any] = {"title": "7栋渗漏群诉", "actor": SYSTEM, "now": NOW} | values
    return open_group_case(project, cases=cases, **named)


def join(group: GroupCase, *cases: Case, actor: Actor = SYSTEM) -> GroupCase:
    """Add cases to a group complaint."""
    return add_cases(group, cases, actor=actor, now=NOW)


def make_step(company: OrgUnit) -> GroupStep:
    """Write a group complaint whose plan has begun, and return its first step."""
    sync_plan()
    group = make_group_case(company, 5)
    return GroupStep.objects.filter(group_case=group).order_by("due_at", "id")[0]


def plan_step_of(code: str = "script") -> PlanStep:
    """Return a step of the plan that ships."""
    sync_plan()
    return PlanStep.objects.get(code=code)


def entry_of(code: str = "2004-wuhan-landfill") -> LibraryEntry:
    """Return a group complaint of the past that ships."""
    sync_library()
    return LibraryEntry.objects.get(code=code)


def make_statement(
    group: GroupCase, *, kind: str = "script", actor: Actor = SYSTEM, **values: Any
) -> Statement:
    """Write a version of the script or of the reply."""
    named: dict[str, Any] = {"text": "原因正在调查，五日内答复。", "now": NOW} | values
    return write_statement(group, kind=kind, actor=actor, **named)


def make_meeting(group: GroupCase, **values: Any) -> GroupMeeting:
    """Plan a meeting; further values are those of `NewMeeting`."""
    named: dict[str, Any] = {"title": "业主沟通会", "begins_at": NOW, "agenda": "原因、方案、时间表"}
    return plan_meeting(group, NewMeeting(**(named | values)), actor=SYSTEM, now=NOW)


def make_commitment(
    group: GroupCase, *, responsible: User | None = None, due_date: date = date(2026, 3, 20), **values: Any
) -> Commitment:
    """Write down a promise; a colleague who may see cases there keeps it where nobody is named."""
    responsible = responsible or make_member(group.org_unit, "cases.view")
    named: dict[str, Any] = {"what": "三日内完成全部入户检查", "actor": SYSTEM, "now": NOW} | values
    return give_commitment(group, responsible=responsible, due_date=due_date, **named)


def make_review(company: OrgUnit, *, at: datetime = NOW, **values: Any) -> GroupReview:
    """Close a group complaint, and write its review; further values are those of `ReviewWords`."""
    group = close_group_case(make_group_case(company), actor=SYSTEM, outcome="全部和解", now=at)
    words = {
        "course": "五户渗漏，三周后二十户。",
        "reasons": "外窗批次不合格。",
        "lessons": "外窗进场复检。",
        "prevention": "检查外窗批次 A-17。",
    }
    review = GroupReview.objects.get(group_case=group)
    return write_review(review, ReviewWords(**(words | values)), actor=SYSTEM, now=at)


def make_check(
    company: OrgUnit, *, project: str = "远山", what: str = "检查外窗批次 A-17。"
) -> PreventiveCheck:
    """Write a check that a project of the company is asked for."""
    home = make_home(company, project=project)
    return PreventiveCheck.objects.create(
        group_case=make_group_case(company),
        org_unit=company,
        project=home.project,
        what=what,
        due_date=(NOW + timedelta(days=10)).date(),
        created_at=NOW,
        updated_at=NOW,
    )
