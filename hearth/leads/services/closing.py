"""How a lead ends: the customer bought, or will not; and how it begins again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import pgettext, pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.errors import Conflict, InvalidInput
from hearth.core.events import record
from hearth.core.models import EventRecord
from hearth.leads.events import LeadLost, LeadReopened, LeadWon
from hearth.leads.models import WAY, Lead, LeadOwnership, LossReason, Proof, Stage
from hearth.leads.pipeline import is_proved
from hearth.leads.services.stages import refuse_without_proof
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
    message = pgettext_lazy("lead", "Say why the customer will not buy: on the page of the lead.")


class WinBackPassed(InvalidInput):
    """A customer who was lost today is asked again on a later day."""

    code = "win_back_passed"
    message = pgettext_lazy("lead", "The day to ask again lies not ahead.")


@dataclass(frozen=True, kw_only=True)
class Loss:
    """Why a customer will not buy, and when to ask again: on a day, never, or when the reason says."""

    because: LossReason
    note: str = ""
    win_back_date: date | None = None
    is_final: bool = False

    def day_to_ask(self, today: date) -> date | None:
        """Return the day on which the customer is asked again, None for never."""
        days = self.because.win_back_days
        if self.is_final or (self.win_back_date is None and days is None):
            return None
        return self.win_back_date or today + timedelta(days=days or 0)


@transaction.atomic
def win_lead(lead: Lead, *, actor: Actor, now: datetime) -> Lead:
    """Close a lead whose customer bought; whose it was stays on record.

    :raises NotAllowed: if it is another's lead, at a place where the actor gives none
    :raises LeadIsClosed: if it was closed before
    :raises ProofMissing: if what the stage of contracts asks for is not on record
    """
    locked = _lock_live(lead, actor)
    refuse_without_proof(locked, Stage.CONTRACT, now=now)
    return _win(locked, actor, now)


def _win(lead: Lead, actor: Actor, now: datetime) -> Lead:
    before = lead.stage
    _close(lead, State.WON, Stage.CONTRACT, now)
    record(LeadWon(**about(lead), stage=before), actor=actor, now=now)
    return lead


@transaction.atomic
def lose_lead(lead: Lead, loss: Loss, *, actor: Actor, now: datetime) -> Lead:
    """Close a lead whose customer will not buy, with the reason and the day to ask again, if ever.

    :raises NotAllowed: if it is another's lead, at a place where the actor gives none
    :raises LeadIsClosed: if it was closed before
    :raises LostWithoutReason: if the reason was put aside
    :raises WinBackPassed: unless the day to ask again lies ahead
    """
    locked, today = _lock_live(lead, actor), localdate(now)
    if not LossReason.objects.in_use().filter(pk=loss.because.pk).exists():
        raise LostWithoutReason("because")
    if loss.win_back_date and not loss.is_final and loss.win_back_date <= today:
        raise WinBackPassed("win_back_date")
    before = locked.stage
    locked.lost_because, locked.lost_reason = loss.because, " ".join(loss.note.split())[:200]
    locked.win_back_date = loss.day_to_ask(today)
    _close(locked, State.LOST, Stage.LOST, now)
    record(LeadLost(**about(locked), stage=before, reason=loss.because.code), actor=actor, now=now)
    return locked


@transaction.atomic
def reopen_lead(lead: Lead, *, next_step: str, next_step_date: date, actor: Actor, now: datetime) -> Lead:
    """Work again on a lead that was closed; it stands where it stood, but no further than an intention is.

    One with a home that is reserved stands there.

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
    locked.next_step_date = next_step_date
    return _open_again(locked, actor, now)


def _open_again(locked: Lead, actor: Actor, now: datetime) -> Lead:
    """Open a locked lead that says what comes next."""
    locked.state, locked.closed_at, locked.win_back_date = State.OPEN, None, None
    locked.lost_reason, locked.lost_because = "", None
    locked.stand_at(_stage_again(locked, now), now)
    locked.updated_at = now
    locked.save()
    begin_ownerships([locked], LeadOwnership.How.ASSIGNED, now=now)
    record(LeadReopened(**about(locked), stage=locked.stage), actor=actor, now=now)
    return locked


def _stage_again(lead: Lead, now: datetime) -> str:
    """Return at which stage a closed lead begins again; two queries."""
    if is_proved(lead, Proof.RESERVATION, now=now):
        return Stage.RESERVATION
    ends = EventRecord.objects.filter(
        subject_id=lead.pk, customer_id=lead.customer_id, type__in=(LeadLost.type, LeadWon.type)
    )
    last = ends.newest_first().first()
    stood = last.payload.get("stage") if last else ""
    return stood if stood in WAY[:2] else (Stage.INTENTION if stood in WAY else Stage.ENQUIRY)


def win_leads_of(customer_id: UUID, project_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Win the live leads of a customer for a project: the signed contract is the proof. May be repeated.

    A step of subscribers; opens no transaction.
    """
    leads = list(Lead.objects.live().filter(customer=customer_id, project=project_id))
    for lead in leads:
        _win(_lock_live(lead, actor), actor, now)
    return len(leads)


def take_back_wins_of(customer_id: UUID, project_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Open the won lead of a customer who has no contract of the project any more, and return how many; one at most.

    Somebody is to speak with them on the same day. A lead that is live already, or another contract, leaves all as it
    is. A step of subscribers, opens no transaction; may be repeated.
    """
    of_both = Lead.objects.unmerged().filter(customer=customer_id, project=project_id)
    won = of_both.filter(state=State.WON).order_by("-closed_at", "-id").first()
    if won is None or of_both.live().exists():
        return 0
    locked = lock_lead(won)
    if locked.state != State.WON or is_proved(locked, Proof.CONTRACT, now=now):
        return 0
    locked.next_step = pgettext("lead", "Contract cancelled: speak with the customer")
    locked.next_step_date = localdate(now)
    _open_again(locked, actor, now)
    return 1


def _lock_live(lead: Lead, actor: Actor) -> Lead:
    locked = lock_lead(lead)
    require_work(locked, actor)
    if not locked.is_live:
        raise LeadIsClosed
    return locked


def _close(lead: Lead, state: str, stage: str, now: datetime) -> None:
    end_ownerships([lead], now=now)
    lead.state, lead.closed_at, lead.updated_at = state, now, now
    lead.stand_at(stage, now)
    lead.save()
