"""Bringing a lead to a stage: what the stage asks for is looked up, and what is missing is named."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.leads.events import StageRuleChanged
from hearth.leads.models import WAY, Lead, Proof, Stage, StageRule
from hearth.leads.permissions import CHANGE_PIPELINE
from hearth.leads.pipeline import is_proved
from hearth.leads.services.closing import LostWithoutReason, win_lead
from hearth.leads.services.stages import refuse_without_proof, step_to
from hearth.leads.services.steps import lock_lead, lock_own


class StageProved(DomainError):
    """What is on record is not undone by moving a card."""

    code = "stage_proved"
    message = pgettext_lazy(
        "lead", "A home is reserved for the customer: the lead goes back when the reservation ends."
    )


@transaction.atomic
def move_lead(lead: Lead, *, stage: str, actor: Actor, now: datetime) -> Lead:
    """Bring a lead to a stage, forward or back; the same again changes nothing.

    :raises NotAllowed: if it is another's lead, at a place where the actor gives none
    :raises LeadIsClosed, LeadIsPooled: unless it is open
    :raises LostWithoutReason: if the stage is that of lost leads, which needs a reason
    :raises ProofMissing: if what the stage asks for is not on record
    :raises StageProved: if a reservation holds the lead where it is
    """
    if stage not in Stage.values:
        raise InvalidInput("stage")
    locked = lock_own(lead, actor)
    if stage == Stage.LOST:
        raise LostWithoutReason("because")
    if locked.stage == stage:
        return locked
    if stage == Stage.CONTRACT:
        return win_lead(locked, actor=actor, now=now)
    refuse_without_proof(locked, stage, now=now)
    if locked.stage == Stage.RESERVATION and is_proved(locked, Proof.RESERVATION, now=now):
        raise StageProved
    step_to(locked, stage, actor=actor, now=now)
    return locked


@transaction.atomic
def follow_reservations(customer_id: UUID, project_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Have the live leads of a customer for a project stand where their reservations say; return how many moved.

    With one they stand at the reservation, and without at the intention. May be repeated.
    """
    moved = 0
    for row in Lead.objects.live().filter(customer=customer_id, project=project_id):
        lead = lock_lead(row)
        is_reserved = is_proved(lead, Proof.RESERVATION, now=now)
        stands = lead.stage == Stage.RESERVATION
        if lead.is_live and is_reserved != stands:
            step_to(lead, Stage.RESERVATION if is_reserved else Stage.INTENTION, actor=actor, now=now)
            moved += 1
    return moved


def require_pipeline(actor: Actor) -> None:
    """:raises NotAllowed: unless the actor may change stages and reasons for the whole group"""
    if not actor.scope(CHANGE_PIPELINE).everywhere:
        raise NotAllowed(permission=CHANGE_PIPELINE)


@transaction.atomic
def change_stage_rule(stage: str, proofs: Collection[str], *, actor: Actor, now: datetime) -> StageRule:
    """Change what a stage asks for; leads that stand there stay.

    :raises NotAllowed: unless the actor may change stages for the whole group
    :raises InvalidInput: if nothing can be asked for at the stage, or a proof is none
    """
    require_pipeline(actor)
    if stage not in WAY[1:] or not set(proofs) <= set(Proof.values):
        raise InvalidInput("proofs")
    in_order = [proof for proof in Proof.values if proof in proofs]
    rule, _is_new = StageRule.objects.update_or_create(stage=stage, defaults={"proofs": in_order})
    record(StageRuleChanged(stage=stage, proofs=",".join(in_order)), actor=actor, now=now)
    return rule
