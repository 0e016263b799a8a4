"""What became of promises: said by one, confirmed by another, overdue by the calendar."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.accounts.services import notify
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.core.second_person import OwnWork, PastThatStep
from hearth.core.uploads import PROOF, accept_upload
from hearth.imports.files import store_accepted
from hearth.organization.models import Membership, OrgUnit
from hearth.promises.events import PromiseDecided, PromiseOverdue
from hearth.promises.models import Promise, PromiseOutcome
from hearth.promises.notifications import OVERDUE
from hearth.promises.permissions import APPROVE_PROMISE, CHANGE_PROMISE
from hearth.promises.services.ledger import live_promise, of_promise

Outcome = PromiseOutcome.Outcome
SYSTEM = Actor.system("promises")
AT_ONCE = 200


class OutcomeUnproved(InvalidInput):
    """What became of a promise is shown, not claimed."""

    code = "outcome_unproved"
    message = _("Say what shows it.")


class KeptWithoutFile(InvalidInput):
    """That a promise was kept is proved by a file."""

    code = "kept_without_file"
    message = _("Attach what proves that the promise was kept.")


class OutcomeWaits(DomainError):
    """One outcome waits for the second person at a time."""

    code = "outcome_waits"
    message = _("What became of this promise waits for a second person already.")


@dataclass(frozen=True)
class Said:
    """What became of a promise, and what shows it."""

    outcome: str
    proof: str
    file: "UploadedFile[Any] | None" = None


@transaction.atomic
def say_outcome(promise: Promise, said: Said, *, actor: Actor, now: datetime) -> PromiseOutcome:
    """Say what became of a promise; it holds once somebody else has confirmed it.

    :raises NotAllowed: if the actor may not write promises there, or is no person
    :raises PastThatStep: if it is decided
    :raises OutcomeUnproved, KeptWithoutFile: without proof
    :raises OutcomeWaits: if something was said already
    :raises InvalidInput: as `accept_upload`
    """
    locked = live_promise(promise, actor)
    if actor.user_id is None:
        raise NotAllowed(permission=CHANGE_PROMISE)
    if said.outcome not in Outcome.values:
        raise InvalidInput("outcome")
    if not said.proof.strip():
        raise OutcomeUnproved("proof")
    if said.outcome == Outcome.KEPT and not said.file:
        raise KeptWithoutFile("file")
    if PromiseOutcome.objects.waiting().filter(promise=locked).exists():
        raise OutcomeWaits
    file = store_accepted(accept_upload(said.file, PROOF), now=now) if said.file else None
    return PromiseOutcome.objects.create(
        org_unit_id=locked.org_unit_id,
        promise=locked,
        outcome=said.outcome,
        proof=said.proof.strip(),
        evidence_file=file,
        said_by_id=actor.user_id,
        is_sample=locked.is_sample,
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def confirm_outcome(outcome: PromiseOutcome, *, actor: Actor, now: datetime) -> Promise:
    """Confirm, as the second person, what became of a promise.

    :raises NotAllowed: if the actor does not approve there
    :raises PastThatStep: if it was decided before
    :raises OwnWork: if the actor said it, or is no person
    """
    promise, locked = _lock_to_decide(outcome, actor)
    _decide(locked, actor, now, is_confirmed=True)
    promise.state, promise.decided_date, promise.updated_at = locked.outcome, localdate(now), now
    promise.save(update_fields=["state", "decided_date", "updated_at"])
    late = bool(promise.due_date and promise.due_date < localdate(locked.created_at))
    event = PromiseDecided(**of_promise(promise), outcome=locked.outcome, is_late=late)
    record(event, actor=actor, now=now)
    return promise


@transaction.atomic
def return_outcome(outcome: PromiseOutcome, *, because: str, actor: Actor, now: datetime) -> PromiseOutcome:
    """Send what was said back, with the reason; the promise is owed as before.

    :raises NotAllowed: if the actor does not approve there
    :raises PastThatStep: if it was decided before
    :raises OwnWork: if the actor said it, or is no person
    """
    _promise, locked = _lock_to_decide(outcome, actor)
    locked.returned_because = because.strip()[:500]
    return _decide(locked, actor, now, is_confirmed=False)


def _lock_to_decide(outcome: PromiseOutcome, actor: Actor) -> tuple[Promise, PromiseOutcome]:
    actor.require(APPROVE_PROMISE, outcome.org_unit_id)
    promise = Promise.objects.select_for_update(of=("self",)).get(pk=outcome.promise_id)
    locked = PromiseOutcome.objects.select_for_update(of=("self",)).get(pk=outcome.pk)
    if locked.decided_at or not promise.is_live:
        raise PastThatStep
    if actor.user_id in (None, locked.said_by_id):
        raise OwnWork
    return promise, locked


def _decide(outcome: PromiseOutcome, actor: Actor, now: datetime, *, is_confirmed: bool) -> PromiseOutcome:
    outcome.decided_by_id, outcome.decided_at, outcome.is_confirmed = actor.user_id, now, is_confirmed
    outcome.updated_at = now
    outcome.save()
    return outcome


def may_confirm(outcome: PromiseOutcome, actor: Actor) -> bool:
    """Tell whether the actor is a second person for what was said."""
    said = actor.user_id in (None, outcome.said_by_id)
    return outcome.decided_at is None and not said and actor.can(APPROVE_PROMISE, outcome.org_unit_id)


def mark_overdue(*, now: datetime) -> int:
    """Mark promises whose day is over, tell those who keep them, and return how many; repeatable, and by several."""
    marked = 0
    while found := _mark_some(now):
        marked += found
    return marked


@transaction.atomic
def _mark_some(now: datetime) -> int:
    rows = Promise.objects.filter(state=Promise.State.OPEN, due_date__lt=localdate(now))
    late = list(
        rows.order_by("due_date", "id")
        .select_related("department")
        .select_for_update(skip_locked=True, of=("self",))[:AT_ONCE]
    )
    for promise in late:
        promise.state, promise.updated_at = Promise.State.OVERDUE, now
        promise.save(update_fields=["state", "updated_at"])
        people = _keepers(promise.department, now)
        notify(
            people,
            OVERDUE,
            url=reverse("promises:promise", args=[promise.pk]),
            now=now,
            params={"title": promise.title[:60]},
            is_sample=promise.is_sample,
        )
        record(PromiseOverdue(**of_promise(promise), people=len(people)), actor=SYSTEM, now=now)
    return len(late)


def _keepers(department: OrgUnit, now: datetime) -> list[int]:
    """Return who writes promises at the department, or at the nearest place above where anybody does."""
    for place in OrgUnit.objects.above(department).order_by("-depth"):
        held = Membership.objects.current(localdate(now)).filter(
            org_unit=place, role__permissions__contains=[CHANGE_PROMISE]
        )
        people = User.objects.active().filter(pk__in=held.values("user"))
        if found := sorted(people.values_list("pk", flat=True)):
            return found
    return []
