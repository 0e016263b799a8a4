"""Requests of persons: taking them in, checking who asks, answering, refusing."""

from datetime import datetime, timedelta
from typing import IO, Any

from django.db import transaction
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.errors import NotAllowed
from hearth.core.events import record
from hearth.customers.models import Customer
from hearth.customers.services.restricting import lift_restriction, restrict_customer
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import calendar_for
from hearth.privacy.events import RequestAnswered, RequestReceived, RequestRefused, RequestTakenUp
from hearth.privacy.models import PersonRequest, RequestStep
from hearth.privacy.permissions import ANSWER_REQUEST, TAKE_REQUEST
from hearth.privacy.requests_refused import (
    ErasureFirst,
    IdentityNotChecked,
    RequestClosed,
    RequestUnderWay,
    WordsMissing,
)
from hearth.privacy.services.erasing import AlreadyErased
from hearth.privacy.services.packing import pack_person

Kind, State, What = PersonRequest.Kind, PersonRequest.State, RequestStep.What
WORKING_DAYS, DAYS = 15, 30
LONGEST = 2_000


@transaction.atomic
def receive_request(
    customer: Customer, *, kind: str, wish: str, came_by: str, actor: Actor, now: datetime
) -> PersonRequest:
    """Note what a person asks for; the clocks run from now, on the working days of the place that knows them.

    The customer is locked, so that the same is not noted twice at once.

    :raises NotAllowed: if the actor may not note requests at a place of the customer
    :raises AlreadyErased: if nothing is held of the customer any more
    :raises RequestUnderWay: if the same was asked for and is not answered
    """
    locked = Customer.objects.select_for_update().get(pk=customer.merged_into_id or customer.pk)
    place = _place_of(locked, actor)
    if locked.erased_at:
        raise AlreadyErased
    with beyond_places():
        earlier = PersonRequest.objects.open().filter(customer=locked, kind=kind).first()
    if earlier:
        raise RequestUnderWay(number=earlier.number)
    today = localdate(now)
    limit = today + timedelta(days=DAYS)
    row = PersonRequest(
        org_unit=place,
        customer=locked,
        kind=kind,
        came_by=came_by,
        received_at=now,
        due_date=min(calendar_for(place).add_working_days(today, WORKING_DAYS), limit),
        limit_date=limit,
        is_sample=locked.is_sample,
        created_at=now,
        updated_at=now,
    )
    row.wish = wish.strip()[:LONGEST]
    row.save(force_insert=True)
    row.refresh_from_db(fields=["number"])
    note_step(row, What.RECEIVED, actor=actor, now=now)
    event = RequestReceived(**about(row), channel="web" if came_by == "portal" else "", kind=kind)
    record(event, actor=actor, now=now)
    return row


def _place_of(customer: Customer, actor: Actor) -> OrgUnit:
    """Return the first place of the customer at which the actor notes requests; the group where nobody knows them."""
    known = OrgUnit.objects.filter(known_customers__customer=customer).order_by("id")
    for place in known or OrgUnit.objects.filter(depth=0).order_by("id")[:1]:
        if actor.can(TAKE_REQUEST, place.pk):
            return place
    raise NotAllowed(permission=TAKE_REQUEST)


@transaction.atomic
def check_identity(request: PersonRequest, *, how: str, actor: Actor, now: datetime) -> PersonRequest:
    """Note how it was made sure that the person is who they say.

    :raises NotAllowed, RequestClosed: as `lock_request`
    :raises WordsMissing: if nothing is said
    """
    row = lock_request(request, actor)
    row.identity_how = _words(how, "how")[:200]
    row.identified_at, row.identified_by_id = now, actor.user_id
    if row.state == State.RECEIVED:
        row.state = State.IDENTIFIED
    return _save(row, What.IDENTIFIED, actor=actor, now=now)


@transaction.atomic
def take_up_request(request: PersonRequest, *, actor: Actor, now: datetime) -> PersonRequest:
    """Take a request into one's hands.

    :raises NotAllowed, RequestClosed: as `lock_request`
    :raises IdentityNotChecked: if it is not known who asks
    """
    row = lock_request(request, actor, is_identified=True)
    row.handler_id = actor.user_id
    if row.state == State.IDENTIFIED:
        row.state = State.IN_WORK
    record(RequestTakenUp(**about(row), kind=row.kind), actor=actor, now=now)
    return _save(row, What.IN_WORK, actor=actor, now=now)


@transaction.atomic
def give_out(request: PersonRequest, into: IO[bytes], *, actor: Actor, now: datetime) -> None:
    """Write the package of all that is held of the person, and note that it was given out.

    :raises NotAllowed, RequestClosed: as `lock_request`
    :raises IdentityNotChecked: if it is not known who asks
    """
    row = lock_request(request, actor, is_identified=True)
    pack_person(row.customer, into, actor=actor, now=now)
    _save(row, What.GIVEN, actor=actor, now=now)


@transaction.atomic
def answer_request(request: PersonRequest, *, answer: str, actor: Actor, now: datetime) -> PersonRequest:
    """Close a request with what the person was answered. A restriction holds from this moment.

    :raises NotAllowed, RequestClosed: as `lock_request`
    :raises IdentityNotChecked: if it is not known who asks
    :raises ErasureFirst: if it asks for an erasure
    :raises WordsMissing: if nothing is said
    """
    row = lock_request(request, actor, is_identified=True)
    if row.is_erasing:
        raise ErasureFirst
    row.answer = _words(answer, "answer")
    if row.kind == Kind.RESTRICTION and restrict_customer(row.customer, now=now):
        note_step(row, What.RESTRICTED, actor=actor, now=now)
    return close_request(row, State.ANSWERED, actor=actor, now=now)


@transaction.atomic
def refuse_request(request: PersonRequest, *, reason: str, actor: Actor, now: datetime) -> PersonRequest:
    """Refuse a request with the reason that the person is told.

    :raises NotAllowed, RequestClosed: as `lock_request`
    :raises WordsMissing: if no reason is given
    """
    row = lock_request(request, actor)
    row.answer = _words(reason, "answer")
    return close_request(row, State.REFUSED, actor=actor, now=now)


@transaction.atomic
def lift(request: PersonRequest, *, actor: Actor, now: datetime) -> None:
    """Take the restriction back that an answered request brought.

    :raises NotAllowed: if the actor may not answer requests there
    """
    actor.require(ANSWER_REQUEST, request.org_unit_id)
    if lift_restriction(request.customer, now=now):
        note_step(request, What.LIFTED, actor=actor, now=now)


def lock_request(request: PersonRequest, actor: Actor, *, is_identified: bool = False) -> PersonRequest:
    """Lock an open request for an act.

    :raises NotAllowed: if the actor may not answer requests there
    :raises RequestClosed: if it is closed, or being erased
    :raises IdentityNotChecked: if that is asked for and it is not known who asks
    """
    actor.require(ANSWER_REQUEST, request.org_unit_id)
    locked = PersonRequest.objects.select_for_update(of=("self",)).select_related("customer", "org_unit")
    row: PersonRequest = locked.get(pk=request.pk)
    if not row.is_open or row.state == State.ERASING:
        raise RequestClosed
    if is_identified and row.identified_at is None:
        raise IdentityNotChecked
    return row


def close_request(row: PersonRequest, state: str, *, actor: Actor, now: datetime) -> PersonRequest:
    """End a locked request; a step of the act that does it."""
    row.state, row.closed_at = state, now
    row.handler_id = row.handler_id or actor.user_id
    kind = RequestAnswered if state == State.ANSWERED else RequestRefused
    record(kind(**about(row), kind=row.kind), actor=actor, now=now)
    return _save(row, What(state), actor=actor, now=now)


def note_step(row: PersonRequest, what: str, *, actor: Actor, now: datetime) -> None:
    """Add to the history of a request."""
    RequestStep.objects.create(
        request=row, what=what, user_id=actor.user_id, is_sample=row.is_sample, created_at=now, updated_at=now
    )


def _save(row: PersonRequest, what: str, *, actor: Actor, now: datetime) -> PersonRequest:
    row.updated_at = now
    row.save()
    note_step(row, what, actor=actor, now=now)
    return row


def _words(text: str, field: str) -> str:
    text = text.strip()[:LONGEST]
    if len(text) < 2:
        raise WordsMissing(field)
    return text


def about(row: PersonRequest) -> dict[str, Any]:
    """Return what every event about a request says of it."""
    return {
        "customer_id": row.customer_id,
        "org_unit_id": row.org_unit_id,
        "subject_id": row.pk,
        "is_sample": row.is_sample,
    }
