"""Calling back after the closing: by somebody else, and what a bad answer brings."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.cases.events import CaseCalledBack, CaseReopened
from hearth.cases.models import CallBack, Case, Settlement, Signal
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services.clocks import keep_clocks
from hearth.cases.services.escalating import AtTheTop, escalate_case
from hearth.cases.services.grading import note_signal
from hearth.cases.services.steps import about
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record

# Up to this rating a case opens again; from the next on the customer counts as satisfied.
BAD = 2
BEST = 5


class NotClosedYet(DomainError):
    """A customer is called back about what is settled."""

    code = "not_closed_yet"
    message = _("Close the case before you call back.")


class CalledBackBefore(DomainError):
    """One call-back for each case."""

    code = "called_back_before"
    message = _("The customer was called back already.")


class HandlerCallsBack(DomainError):
    """Whether a customer is content is asked by somebody else than who handled the case."""

    code = "handler_calls_back"
    message = _("Somebody else than the person in charge calls back.")


class RatingUnlikely(InvalidInput):
    """Customers rate from 1 to 5."""

    code = "rating_unlikely"
    message = _("A rating is a whole number from 1 to 5.")


@transaction.atomic
def call_back(case: Case, *, actor: Actor, rating: int, note: str = "", now: datetime) -> Case:
    """Note that the customer was asked after the closing, by somebody else, and how content they are, from 1 to 5.

    A bad rating opens the case again, counts in the rules of grades as a dissatisfied customer, and has the next level
    told. How it had been settled is withdrawn, and kept.

    :raises NotAllowed: if the actor may not change cases there
    :raises RatingUnlikely: if it is no rating
    :raises NotClosedYet: if the case is open
    :raises CalledBackBefore: if that was done
    :raises HandlerCallsBack: if the actor was in charge of the case, or settled it
    """
    actor.require(CHANGE_CASE, case.org_unit_id)
    if not 1 <= rating <= BEST:
        raise RatingUnlikely("rating")
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.closed_at is None:
        raise NotClosedYet
    if case.called_back_at is not None:
        raise CalledBackBefore
    handlers = {case.assignee_id, *_settled_by(case)} - {None}
    if actor.user_id in handlers:
        raise HandlerCallsBack
    is_bad = rating <= BAD
    CallBack.objects.create(
        case=case,
        rating=rating,
        note=note.strip()[:300],
        has_reopened=is_bad,
        user_id=actor.user_id,
        is_sample=case.is_sample,
        created_at=now,
        updated_at=now,
    )
    record(CaseCalledBack(**about(case), is_satisfied=not is_bad, rating=rating), actor=actor, now=now)
    if is_bad:
        return _open_again(case, actor=actor, note=note, now=now)
    case.called_back_at, case.is_satisfied, case.updated_at = max(now, case.closed_at), True, now
    case.save(update_fields=["called_back_at", "is_satisfied", "updated_at"])
    keep_clocks([case.pk], now=now)
    return case


def _settled_by(case: Case) -> list[int | None]:
    return list(Settlement.objects.standing().filter(case=case).values_list("settled_by", flat=True))


def _open_again(case: Case, *, actor: Actor, note: str, now: datetime) -> Case:
    """Let a case be worked on again, and have the next level told."""
    case.state, case.closed_at, case.updated_at = Case.State.OPEN, None, now
    case.save(update_fields=["state", "closed_at", "updated_at"])
    Settlement.objects.standing().filter(case=case).update(withdrawn_at=now, updated_at=now)
    keep_clocks([case.pk], now=now)
    record(CaseReopened(**about(case), kind=case.kind), actor=actor, now=now)
    note_signal(case, actor=actor, what=Signal.DISSATISFIED, note=note, now=now)
    with suppress(AtTheTop):
        escalate_case(case, actor=actor, by_customer=True, note=note, now=now)
    case.refresh_from_db()
    return case
