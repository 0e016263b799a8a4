"""Whose a customer is: somebody claims a lead, and somebody above decides with a reason."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import pgettext_lazy

from hearth.accounts.models import User
from hearth.accounts.services import notify
from hearth.core.actor import Actor
from hearth.core.errors import Conflict, DomainError, InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.leads.events import DisputeDecided, DisputeOpened, LeadAssigned
from hearth.leads.models import Lead, LeadDispute, LeadOwnership
from hearth.leads.notifications import DECIDED, DISPUTED
from hearth.leads.permissions import ASSIGN_LEAD, CHANGE_LEAD
from hearth.leads.services.owning import check_may_take, give
from hearth.leads.services.steps import LeadIsClosed, about, lock_lead
from hearth.organization.selectors import people_with

How = LeadOwnership.How


class NothingToClaim(DomainError):
    """A lead is claimed from somebody else who has it."""

    code = "nothing_to_claim"
    message = pgettext_lazy("dispute", "This lead is nobody's, or yours: there is nothing to claim.")


class DisputeWithoutReason(InvalidInput):
    """Both a claim and a decision say why."""

    code = "dispute_without_reason"
    message = pgettext_lazy("dispute", "Say why.")


class OwnDispute(DomainError):
    """Who claims or has the customer does not decide."""

    code = "own_dispute"
    message = pgettext_lazy("dispute", "You are one of the two: somebody else decides.")


@transaction.atomic
def open_dispute(lead: Lead, *, claim: str, actor: Actor, now: datetime) -> LeadDispute:
    """Say that the lead of another is one's own; they and those who give leads there are told.

    :raises NotAllowed: if the actor is no person who works on leads there
    :raises LeadIsClosed: if it was won or lost
    :raises NothingToClaim: if nobody has it, or the actor does
    :raises DisputeWithoutReason: if nothing is said
    :raises Conflict: if it is disputed already
    """
    actor.require(CHANGE_LEAD, lead.org_unit_id)
    if actor.user_id is None:
        raise NotAllowed(permission=CHANGE_LEAD)
    tidy, locked = " ".join(claim.split())[:300], lock_lead(lead)
    if not locked.is_live:
        raise LeadIsClosed
    if locked.consultant_id in (None, actor.user_id):
        raise NothingToClaim
    if not tidy:
        raise DisputeWithoutReason("claim")
    if LeadDispute.objects.waiting().filter(lead=locked).exists():
        raise Conflict
    dispute = LeadDispute.objects.create(
        lead=locked,
        claimant_id=actor.user_id,
        holder_id=locked.consultant_id,
        claim=tidy,
        created_at=now,
        updated_at=now,
        is_sample=locked.is_sample,
    )
    event = DisputeOpened(**about(locked), claimant_id=actor.user_id, holder_id=locked.consultant_id)
    record(event, actor=actor, now=now)
    above = people_with(ASSIGN_LEAD, locked.org_unit, today=localdate(now)).values_list("pk", flat=True)
    _tell({*above, locked.consultant_id} - {actor.user_id}, DISPUTED, dispute, actor, now)
    return dispute


@transaction.atomic
def decide_dispute(
    dispute: LeadDispute, *, awarded_to: User, reason: str, actor: Actor, now: datetime
) -> LeadDispute:
    """Say whose the lead is, one of the two, with the reason; both are told, and the period of ownership says so.

    :raises NotAllowed: if the actor may not give leads at the place
    :raises OwnDispute: if the actor is one of the two
    :raises Conflict: if it was decided meanwhile
    :raises LeadIsClosed: if the lead was won or lost meanwhile
    :raises DisputeWithoutReason: if no reason is given
    :raises InvalidInput, CannotTakeLeads: if it goes to a third, or to who may not work on leads there
    """
    actor.require(ASSIGN_LEAD, dispute.lead.org_unit_id)
    lead = lock_lead(dispute.lead)
    row = LeadDispute.objects.select_for_update().get(pk=dispute.pk)
    if actor.user_id is not None and actor.user_id in (row.claimant_id, row.holder_id):
        raise OwnDispute
    if not row.is_waiting:
        raise Conflict
    if not lead.is_live:
        raise LeadIsClosed
    tidy = " ".join(reason.split())[:300]
    if not tidy:
        raise DisputeWithoutReason("reason")
    if awarded_to.pk not in (row.claimant_id, row.holder_id):
        raise InvalidInput("awarded_to")
    check_may_take([awarded_to.pk], lead.org_unit, localdate(now))
    row.awarded_to, row.reason, row.updated_at = awarded_to, tidy, now
    row.decided_by_id, row.decided_at = actor.user_id, now
    row.save()
    _award(lead, awarded_to.pk, actor, now)
    record(DisputeDecided(**about(lead), to_user_id=awarded_to.pk), actor=actor, now=now)
    parties = {user_id for user_id in (row.claimant_id, row.holder_id) if user_id}
    _tell(parties, DECIDED, row, actor, now)
    return row


def _award(lead: Lead, user_id: int, actor: Actor, now: datetime) -> None:
    before = lead.consultant_id
    if before == user_id:
        return
    give(lead, user_id, How.DECIDED, now=now)
    event = LeadAssigned(**about(lead), from_user_id=before, to_user_id=user_id, how=How.DECIDED)
    record(event, actor=actor, now=now)


def _tell(ids: Collection[int], kind: str, dispute: LeadDispute, actor: Actor, now: datetime) -> None:
    notify(
        sorted(ids),
        kind,
        url=reverse("leads:dispute", args=[dispute.pk]),
        now=now,
        params={"actor": actor.name, "title": str(dispute.lead)},
        is_sample=dispute.is_sample,
    )
