"""Leads for tests."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.leads.grading import sync_grades
from hearth.leads.losses import sync_loss_reasons
from hearth.leads.models import Grade, Lead, LossReason
from hearth.leads.permissions import ASSIGN_LEAD, CHANGE_LEAD, VIEW_LEAD
from hearth.leads.services import Loss, NewLead, lose_lead, release_lead, write_leads
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project
from tests.customers.builders import make_customer
from tests.organization.builders import make_member

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
TODAY = NOW.date()
DUE = date(2026, 3, 20)
SYSTEM = Actor.system("test")
RIGHTS = (
    "core.signed_in",
    "core.view_events",
    "customers.view",
    "customers.change",
    "properties.view",
    "channels.view",
    "channels.record",
    VIEW_LEAD,
    CHANGE_LEAD,
)
_numbers = count(1)


def make_consultant(org_unit: OrgUnit, *more: str) -> User:
    """Write a user who works on leads at a place."""
    return make_member(org_unit, *RIGHTS, *more)


def make_manager(org_unit: OrgUnit) -> User:
    """Write a user who gives leads to consultants."""
    return make_consultant(org_unit, ASSIGN_LEAD)


def make_project(org_unit: OrgUnit, name: str = "") -> Project:
    """Write a project of a place."""
    number = next(_numbers)
    return Project.objects.create(
        org_unit=org_unit, code=f"P{number}", name=name or f"云锦府{number}", created_at=NOW, updated_at=NOW
    )


def grade_of(letter: str, scheme: str = "intention") -> Grade:
    """Return a shipped grade."""
    sync_grades()
    return Grade.objects.get(scheme=scheme, letter=letter)


def reason_of(code: str = "elsewhere") -> LossReason:
    """Return a shipped reason for a loss."""
    sync_loss_reasons()
    return LossReason.objects.get(code=code)


def make_lead(
    org_unit: OrgUnit,
    *,
    customer: Customer | None = None,
    state: str = "open",
    now: datetime = NOW,
    **values: Any,
) -> Lead:
    """Write a lead of a customer, a new one unless stated; further values are those of `NewLead`."""
    new = NewLead(
        customer_id=(customer or make_customer(org_unit)).pk,
        org_unit_id=org_unit.pk,
        source=values.pop("source", "walk_in"),
        next_step=values.pop("next_step", "回电话"),
        next_step_date=values.pop("next_step_date", DUE),
        **values,
    )
    lead = write_leads([new], actor=SYSTEM, now=now)[0][0]
    if state == "pooled" and lead.is_open:
        lead = release_lead(lead, actor=SYSTEM, now=now)
    elif state == "lost":
        loss = Loss(because=reason_of("elsewhere"), note="买了别处")
        lead = lose_lead(lead, loss, actor=SYSTEM, now=now)
    return lead
