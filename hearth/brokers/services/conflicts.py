"""Objecting to a registration that was found invalid, and deciding whose customer it is."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import pgettext_lazy

from hearth.brokers.events import ConflictDecided, RegistrationConfirmed
from hearth.brokers.knowing import customers_with, known_leads
from hearth.brokers.models import ChannelRegistration, ConflictSide, RegistrationConflict
from hearth.brokers.notifications import DECIDED
from hearth.brokers.permissions import DECIDE_CONFLICT, REGISTER
from hearth.brokers.policy import terms_at
from hearth.brokers.services.raising import Meeting, about_conflict, raise_conflict, tell
from hearth.brokers.services.steps import about, end_of, lock_numbers, refuse
from hearth.brokers.services.visits import confirm
from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.errors import Conflict, DomainError, InvalidInput, NotAllowed
from hearth.core.events import record

State, Because = ChannelRegistration.State, ChannelRegistration.Because
# Against what was decided, or was registered at the door, nobody objects.
OPEN_TO_OBJECTION = (Because.KNOWN, Because.BEFORE)


class NothingToObject(DomainError):
    """One objects to a registration that was found invalid because somebody else had the customer."""

    code = "nothing_to_object"
    message = pgettext_lazy("registration conflict", "There is nothing here to object to.")


class NobodyAgainst(DomainError):
    """Nobody holds the number any more."""

    code = "nobody_against"
    message = pgettext_lazy(
        "registration conflict", "Nobody holds this number any more. Register the customer anew."
    )


class SaidWithoutReason(InvalidInput):
    """Both an objection and a decision say why."""

    code = "said_without_reason"
    message = pgettext_lazy("registration conflict", "Say why.")


class OwnConflict(DomainError):
    """Who is a side of a conflict, or brought it up, does not decide."""

    code = "own_conflict"
    message = pgettext_lazy("registration conflict", "You are one of the sides: somebody else decides.")


class NumberTaken(DomainError):
    """A third broker holds the number by now."""

    code = "number_taken"
    message = pgettext_lazy("registration conflict", "Another registration holds this number by now.")


@transaction.atomic
def object_to_refusal(
    registration: ChannelRegistration, *, claim: str, actor: Actor, now: datetime
) -> RegistrationConflict:
    """Object in the name of a broker to a registration that was found invalid.

    :raises NotAllowed: if the actor may not register at the place
    :raises NothingToObject: if it is valid, or was decided
    :raises SaidWithoutReason: if nothing is said
    :raises Conflict: if it is disputed already
    :raises NobodyAgainst: if whoever held the number holds it no more
    """
    actor.require(REGISTER, registration.org_unit_id)
    lock_numbers(registration.project_id, _masked([registration]))
    row, tidy = _locked([registration.pk])[0], " ".join(claim.split())[:300]
    if row.because not in OPEN_TO_OBJECTION or row.phone_index is None:
        raise NothingToObject
    if not tidy:
        raise SaidWithoutReason("claim")
    if ConflictSide.objects.filter(registration=row, conflict__decided_at=None).exists():
        raise Conflict
    if row.because == Because.KNOWN:
        return raise_conflict([row], _against_house(row), claim=tidy, actor=actor, now=now)
    same = ChannelRegistration.objects.holding().filter(project=row.project_id, phone_index=row.phone_index)
    holder = same.select_for_update(of=("self",)).first()
    if holder is None:
        raise NobodyAgainst
    if ConflictSide.objects.filter(registration=holder, conflict__decided_at=None).exists():
        raise Conflict
    meeting = Meeting(row.project, holder.customer_id, holder.visited_at, None)
    return raise_conflict([holder, row], meeting, claim=tidy, actor=actor, now=now)


def _against_house(row: ChannelRegistration) -> Meeting:
    """Return who of the house knew the customer of a registration before."""
    days = terms_at(row.project.org_unit).known_days
    with beyond_places():
        ids = customers_with(bytes(row.phone_index or b""))
        leads = known_leads(ids, row.project, at=row.created_at, days=days)
        lead = leads.order_by("created_at", "id").first()
    found = lead.customer_id if lead else next(iter(sorted(ids)), None)
    return Meeting(row.project, found, None, lead)


def _masked(rows: Iterable[ChannelRegistration]) -> list[bytes]:
    return [bytes(row.masked_index) for row in rows if row.masked_index]


def _locked(ids: list[UUID]) -> list[ChannelRegistration]:
    rows = ChannelRegistration.objects.select_related("project__org_unit", "partner", "broker")
    return list(rows.select_for_update(of=("self",)).filter(pk__in=ids).order_by("created_at", "id"))


@transaction.atomic
def decide_conflict(
    conflict: RegistrationConflict,
    *,
    awarded_to: ChannelRegistration | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> RegistrationConflict:
    """Say whose customer it is: of one of the registrations, or of none of them.

    The others do not hold then. Who decides is neither the consultant nor whoever registered or objected.

    :raises NotAllowed: if the actor may not decide at the place, or is no person
    :raises OwnConflict: if the actor is one of the sides
    :raises Conflict: if it was decided meanwhile
    :raises SaidWithoutReason: if no reason is given
    :raises InvalidInput: if it goes to a registration that is no side
    :raises NumberTaken: if a third one holds the number by now
    """
    actor.require(DECIDE_CONFLICT, conflict.org_unit_id)
    if actor.user_id is None:
        raise NotAllowed(permission=DECIDE_CONFLICT)
    either = ChannelRegistration.objects.filter(conflict_sides__conflict=conflict)
    lock_numbers(conflict.project_id, _masked(either))
    row = RegistrationConflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    sides = _locked([side.pk for side in either])
    if is_party(row, sides, actor):
        raise OwnConflict
    if not row.is_waiting:
        raise Conflict
    tidy = " ".join(reason.split())[:300]
    if not tidy:
        raise SaidWithoutReason("reason")
    winner = next((side for side in sides if awarded_to and side.pk == awarded_to.pk), None)
    if awarded_to is not None and winner is None:
        raise InvalidInput("awarded_to")
    for side in sides:
        if side is not winner and side.because != Because.DECIDED:
            refuse(side, Because.DECIDED, actor=actor, now=now)
    if winner is not None:
        _award(winner, row, actor, now)
    row.awarded_to, row.reason, row.updated_at = winner, tidy, now
    row.decided_by_id, row.decided_at = actor.user_id, now
    row.save()
    event = ConflictDecided(**about_conflict(row), awarded_to=winner.pk if winner else None)
    record(event, actor=actor, now=now)
    told = {row.consultant_id, row.opened_by_id, *(side.registered_by_id for side in sides)}
    tell({each for each in told if each}, DECIDED, row, actor, now)
    return row


def is_party(row: RegistrationConflict, sides: list[ChannelRegistration], actor: Actor) -> bool:
    """Tell whether the actor is a side: the consultant, who objected, or who registered at the desk."""
    parties = {row.consultant_id, row.opened_by_id, *(side.registered_by_id for side in sides)} - {None}
    return actor.user_id in parties


def _award(winner: ChannelRegistration, row: RegistrationConflict, actor: Actor, now: datetime) -> None:
    """Have the registration hold: confirmed by the visit where there was one, else it waits for the visit."""
    if winner.phone_index is not None:
        others = ChannelRegistration.objects.holding().filter(
            project=winner.project_id, phone_index=winner.phone_index
        )
        if others.exclude(pk=winner.pk).exists():
            raise NumberTaken
    if winner.state in (State.VISITED, State.SIGNED):
        return
    if row.visited_at and row.customer_id:
        confirm(winner, row.customer_id, at=row.visited_at, actor=actor, now=now)
        return
    days = terms_at(winner.project.org_unit).visit_within_days
    winner.state, winner.because, winner.updated_at = State.WAITING, "", now
    winner.protected_until_at = max(winner.protected_until_at, end_of(localdate(now), days))
    winner.save()
    record(RegistrationConfirmed(**about(winner), broker_id=winner.broker_id), actor=actor, now=now)
