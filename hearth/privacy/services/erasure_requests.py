"""An erasure that a person asked for: proposed by one, approved by another, done by a job."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.events import record
from hearth.privacy.events import ErasureProposed
from hearth.privacy.models import PersonRequest, RequestStep
from hearth.privacy.permissions import ANSWER_REQUEST, APPROVE_ERASURE
from hearth.privacy.requests_refused import NothingToErase, RequestClosed, SecondPersonNeeded
from hearth.privacy.services.erasing import erase_person
from hearth.privacy.services.requests import about, close_request, lock_request, note_step

State, What = PersonRequest.State, RequestStep.What


@transaction.atomic
def propose_erasure(request: PersonRequest, *, actor: Actor, now: datetime) -> PersonRequest:
    """Propose that the person is erased; somebody else approves it.

    :raises NotAllowed, RequestClosed, IdentityNotChecked: as `lock_request`
    :raises NothingToErase: if the request asks for something else
    """
    row = lock_request(request, actor, is_identified=True)
    if not row.is_erasing or row.state == State.PROPOSED:
        raise NothingToErase
    row.state, row.proposed_by_id, row.updated_at = State.PROPOSED, actor.user_id, now
    row.handler_id = row.handler_id or actor.user_id
    row.save()
    note_step(row, What.PROPOSED, actor=actor, now=now)
    record(ErasureProposed(**about(row)), actor=actor, now=now)
    return row


@transaction.atomic
def approve_erasure(request: PersonRequest, *, actor: Actor, now: datetime) -> PersonRequest:
    """Approve an erasure as the second person; a job does it.

    :raises NotAllowed, RequestClosed, NothingToErase, SecondPersonNeeded: if the actor cannot decide over it
    """
    from hearth.privacy.jobs import erase  # noqa: PLC0415  (the job calls the services)

    row = _lock_proposed(request, actor)
    row.state, row.approved_by_id, row.updated_at = State.ERASING, actor.user_id, now
    row.save()
    note_step(row, What.APPROVED, actor=actor, now=now)
    erase.defer(request_id=str(row.pk))
    return row


@transaction.atomic
def return_erasure(request: PersonRequest, *, actor: Actor, now: datetime) -> PersonRequest:
    """Send a proposed erasure back to whoever proposed it.

    :raises NotAllowed, RequestClosed, NothingToErase, SecondPersonNeeded: as `approve_erasure`
    """
    row = _lock_proposed(request, actor)
    row.state, row.proposed_by_id, row.updated_at = State.IN_WORK, None, now
    row.save()
    note_step(row, What.RETURNED, actor=actor, now=now)
    return row


def _lock_proposed(request: PersonRequest, actor: Actor) -> PersonRequest:
    actor.require(APPROVE_ERASURE, request.org_unit_id)
    locked = PersonRequest.objects.select_for_update(of=("self",)).filter(pk=request.pk)
    row = locked.get()
    if not row.is_open:
        raise RequestClosed
    if row.state != State.PROPOSED:
        raise NothingToErase
    if actor.user_id is None:
        raise NotAllowed(permission=APPROVE_ERASURE)
    if row.proposed_by_id == actor.user_id:
        raise SecondPersonNeeded
    return row


@transaction.atomic
def carry_out_erasure(request_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Erase the person of an approved request and close it, and every other request of theirs; may be repeated.

    :raises ErasureMustWait: if something that may hold the person is under way
    """
    actor.require(ANSWER_REQUEST)
    rows = PersonRequest.objects.select_for_update(of=("self",)).select_related("customer")
    row = rows.filter(pk=request_id, state=State.ERASING).first()
    if row is None:
        return
    row.erasure = erase_person(row.customer, actor=actor, now=now)
    row.wish = row.answer = row.identity_how = ""
    note_step(row, What.ERASED, actor=actor, now=now)
    close_request(row, State.ANSWERED, actor=actor, now=now)
    others = PersonRequest.objects.select_for_update().open().filter(customer=row.customer)
    for other in others.order_by("id"):
        other.identified_at = other.identified_at or now
        other.erasure = row.erasure
        close_request(other, State.ANSWERED, actor=actor, now=now)
