"""Approving and refusing, step by step, each by another person."""

from datetime import datetime

from django.db import transaction

from hearth.contract_changes.bands import rules_at
from hearth.contract_changes.events import ChangeApproved
from hearth.contract_changes.models import ApprovalStep, ChangeRequest
from hearth.contract_changes.notifications import REFUSED
from hearth.contract_changes.permissions import APPROVE_CHANGE
from hearth.contract_changes.refusals import ApprovedBefore, RefusedWithoutWord
from hearth.contract_changes.services.steps import State, Step, about_request, close, go_on, lock_open, tell
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.core.second_person import OwnWork, PastThatStep


@transaction.atomic
def approve_change(request: ChangeRequest, *, comment: str, actor: Actor, now: datetime) -> ChangeRequest:
    """Approve the step that waits; the next one waits then, or the request is approved.

    :raises NotAllowed: if the actor does not approve at the place of the step
    :raises PastThatStep: if nothing waits
    :raises OwnWork: if the actor asked for it, or is no person
    :raises ApprovedBefore: if the actor approved an earlier step
    """
    locked, step = _lock_waiting(request, actor)
    _decide(step, Step.APPROVED, comment, actor, now)
    left = locked.steps.filter(state=Step.AHEAD).count()
    record(ChangeApproved(**about_request(locked), kind=locked.kind, left=left), actor=actor, now=now)
    go_on(locked, rules_at(locked.org_unit).answer_days, now=now)
    return locked


@transaction.atomic
def refuse_change(request: ChangeRequest, *, comment: str, actor: Actor, now: datetime) -> ChangeRequest:
    """Refuse a request at the step that waits; whoever asked is told.

    :raises NotAllowed, PastThatStep, OwnWork, ApprovedBefore: as `approve_change`
    :raises RefusedWithoutWord: if no reason is given
    """
    locked, step = _lock_waiting(request, actor)
    if not comment.strip():
        raise RefusedWithoutWord("comment")
    _decide(step, Step.REFUSED, comment, actor, now)
    close(locked, State.REFUSED, actor=actor, now=now)
    tell([locked.author_id], REFUSED, locked, now)
    return locked


def _lock_waiting(request: ChangeRequest, actor: Actor) -> tuple[ChangeRequest, ApprovalStep]:
    actor.require(APPROVE_CHANGE, request.org_unit_id)
    locked = lock_open(request)
    step = locked.steps.filter(state=Step.WAITING).first()
    if step is None:
        raise PastThatStep
    actor.require(APPROVE_CHANGE, step.place_id)
    if actor.user_id in (None, locked.author_id):
        raise OwnWork
    if locked.steps.filter(state=Step.APPROVED, decided_by=actor.user_id).exists():
        raise ApprovedBefore
    return locked, step


def _decide(step: ApprovalStep, state: str, comment: str, actor: Actor, now: datetime) -> None:
    step.state, step.comment, step.updated_at = state, comment.strip()[:500], now
    step.decided_by_id, step.decided_at = actor.user_id, now
    step.save()


def may_decide(request: ChangeRequest, steps: list[ApprovalStep], actor: Actor) -> bool:
    """Tell whether the actor may decide the step of a request that waits; no query."""
    waiting = next((step for step in steps if step.state == Step.WAITING), None)
    had = {request.author_id, *(step.decided_by_id for step in steps if step.state == Step.APPROVED)}
    return (
        waiting is not None
        and actor.user_id is not None
        and actor.user_id not in had
        and actor.can(APPROVE_CHANGE, waiting.place_id)
    )
