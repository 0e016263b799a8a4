"""Steps that acts on leads share; they open no transaction."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.leads.models import Lead, LeadOwnership
from hearth.leads.permissions import ASSIGN_LEAD, CHANGE_LEAD


class LeadIsClosed(DomainError):
    """A lead that was won or lost is worked on again only after it was opened."""

    code = "lead_is_closed"
    message = pgettext_lazy("lead", "This lead is closed. Open it again first.")


class LeadIsPooled(DomainError):
    """A lead in the public pool is nobody's."""

    code = "lead_is_pooled"
    message = pgettext_lazy("lead", "This lead is in the public pool. Take it first.")


class NextStepMissing(InvalidInput):
    """An open lead says what comes next."""

    code = "next_step_missing"
    message = pgettext_lazy("lead", "Say what comes next.")


class NextStepPassed(InvalidInput):
    """What comes next lies not in the past."""

    code = "next_step_passed"
    message = pgettext_lazy("lead", "The next step lies in the past.")


def lock_lead(lead: Lead) -> Lead:
    """Return the lead as it is now, locked."""
    rows = Lead.objects.select_related("customer", "project", "grade", "org_unit")
    return rows.select_for_update(of=("self",)).get(pk=lead.pk)


def lock_own(lead: Lead, actor: Actor) -> Lead:
    """Lock an open lead that the actor may work on.

    :raises NotAllowed: if it is another's, at a place where the actor gives none
    :raises LeadIsClosed, LeadIsPooled: unless it is open
    """
    locked = lock_lead(lead)
    require_work(locked, actor)
    if locked.state == Lead.State.POOLED:
        raise LeadIsPooled
    if not locked.is_open:
        raise LeadIsClosed
    return locked


def require_work(lead: Lead, actor: Actor) -> None:
    """:raises NotAllowed: if the lead is another's, at a place where the actor gives none"""
    if not may_work(lead, actor):
        raise NotAllowed(permission=ASSIGN_LEAD)


def may_work(lead: Lead, actor: Actor) -> bool:
    """Tell whether the actor may work on a lead: on one's own, on nobody's, or as who gives leads there."""
    if not actor.can(CHANGE_LEAD, lead.org_unit_id):
        return False
    return lead.consultant_id in (None, actor.user_id) or actor.can(ASSIGN_LEAD, lead.org_unit_id)


def check_next_step(text: str, day: date, *, today: date) -> str:
    """Return what comes next, tidied.

    :raises NextStepMissing, NextStepPassed: if it is empty, or lies in the past
    """
    tidy = " ".join(text.split())[:120]
    if not tidy:
        raise NextStepMissing("next_step")
    if day < today:
        raise NextStepPassed("next_step_date")
    return tidy


def about(lead: Lead) -> dict[str, Any]:
    """Return what every event of a lead tells."""
    return {
        "org_unit_id": lead.org_unit_id,
        "customer_id": lead.customer_id,
        "project_id": lead.project_id,
        "subject_id": lead.pk,
        "is_sample": lead.is_sample,
    }


def begin_ownerships(leads: Iterable[Lead], how: str, *, now: datetime) -> None:
    """Begin a period for each lead that somebody has; one query."""
    rows = [
        LeadOwnership(
            lead_id=lead.pk,
            consultant_id=lead.consultant_id,
            how=how,
            began_at=now,
            created_at=now,
            updated_at=now,
            is_sample=lead.is_sample,
        )
        for lead in leads
        if lead.consultant_id is not None
    ]
    insert_many(rows)


def end_ownerships(leads: Iterable[Lead], *, now: datetime) -> None:
    """End the running periods of leads; one query."""
    running = LeadOwnership.objects.running().filter(lead__in=[lead.pk for lead in leads])
    running.update(ended_at=now, updated_at=now)
