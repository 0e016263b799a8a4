"""How a lead ends: the customer bought, or will not; and how it begins again."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.errors import Conflict, InvalidInput
from hearth.core.events import record
from hearth.leads.events import LeadLost, LeadReopened, LeadWon
from hearth.leads.models import Lead, LeadOwnership
from hearth.leads.services.steps import (
    LeadIsClosed,
    about,
    begin_ownerships,
    check_next_step,
    end_ownerships,
    lock_lead,
    require_work,
)

State = Lead.State


class LostWithoutReason(InvalidInput):
    """Why a customer was lost is what can be learned from it."""

    code = "lost_without_reason"
    message = pgettext_lazy("lead", "Say why the customer will not buy.")


@transaction.atomic
def win_lead(lead: Lead, *, actor: Actor, now: datetime) -> Lead:
    """Close a lead whose customer bought; whose it was stays on record.

    :raises NotAllowed: if it is another's lead, at a place where the actor gives none
    :raises LeadIsClosed: if it was closed before
    """
    locked = _lock_live(lead, actor)
    _close(locked, State.WON, now)
    record(LeadWon(**about(locked)), actor=actor, now=now)
    return locked


@transaction.atomic
def lose_lead(lead: Lead, *, reason: str, actor: Actor, now: datetime) -> Lead:
    """Close a lead whose customer will not buy, with the reason.

    :raises NotAllowed: if it is another's lead, at a place where the actor gives none
    :raises LeadIsClosed: if it was closed before
    :raises LostWithoutReason: if no reason is given
    """
    locked, tidy = _lock_live(lead, actor), " ".join(reason.split())[:200]
    if not tidy:
        raise LostWithoutReason("reason")
    locked.lost_reason = tidy
    _close(locked, State.LOST, now)
    record(LeadLost(**about(locked)), actor=actor, now=now)
    return locked


@transaction.atomic
def reopen_lead(lead: Lead, *, next_step: str, next_step_date: date, actor: Actor, now: datetime) -> Lead:
    """Work again on a lead that was closed.

    :raises NotAllowed: if it is another's lead, at a place where the actor gives none
    :raises Conflict: if it is not closed, or the customer has another live lead for the project
    :raises NextStepMissing, NextStepPassed: if what comes next is empty, or lies in the past
    """
    locked = lock_lead(lead)
    require_work(locked, actor)
    others = Lead.objects.live().filter(
        customer=locked.customer_id, org_unit=locked.org_unit_id, project=locked.project_id
    )
    if locked.is_live or others.exists():
        raise Conflict
    locked.next_step = check_next_step(next_step, next_step_date, today=localdate(now))
    locked.state, locked.closed_at, locked.lost_reason = State.OPEN, None, ""
    locked.next_step_date, locked.updated_at = next_step_date, now
    locked.save()
    begin_ownerships([locked], LeadOwnership.How.ASSIGNED, now=now)
    record(LeadReopened(**about(locked)), actor=actor, now=now)
    return locked


def win_leads_of(customer_id: UUID, project_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Win the live leads of a customer for a project. May be repeated.

    A step of subscribers; opens no transaction.
    """
    leads = list(Lead.objects.live().filter(customer=customer_id, project=project_id))
    for lead in leads:
        win_lead(lead, actor=actor, now=now)
    return len(leads)


def _lock_live(lead: Lead, actor: Actor) -> Lead:
    locked = lock_lead(lead)
    require_work(locked, actor)
    if not locked.is_live:
        raise LeadIsClosed
    return locked


def _close(lead: Lead, state: str, now: datetime) -> None:
    end_ownerships([lead], now=now)
    lead.state, lead.closed_at, lead.updated_at = state, now, now
    lead.save()
