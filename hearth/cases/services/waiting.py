"""Waiting for the customer, and being there."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.cases.events import CasePaused, CaseResumed
from hearth.cases.models import Case, CasePause
from hearth.cases.services.clocks import keep_clocks
from hearth.cases.services.field_work import keep_visit
from hearth.cases.services.steps import about, live
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record

TOLERANCE = timedelta(minutes=1)


class AlreadyWaiting(DomainError):
    """A case waits for the customer once at a time."""

    code = "already_waiting"
    message = _("This case waits for the customer already.")


class NotWaiting(DomainError):
    """Only what waits goes on."""

    code = "not_waiting"
    message = _("This case does not wait for the customer.")


class ReasonMissing(InvalidInput):
    """Why a clock stands is said."""

    code = "reason_missing"
    message = _("Say what we wait for.")


class VisitedBeforeOpened(InvalidInput):
    """A visit lies between the opening of the case and now."""

    code = "visited_before_opened"
    message = _("A visit lies between the opening of the case and now.")


@transaction.atomic
def pause_case(case: Case, *, actor: Actor, reason: str, note: str = "", now: datetime) -> CasePause:
    """Stop the clocks that may stand while we wait for the customer.

    :raises NotAllowed: if the actor may not change cases there
    :raises CaseIsClosed: if the case is closed
    :raises ReasonMissing: if no reason is given, or another one without a note
    :raises AlreadyWaiting: if it waits already
    """
    case, note = live(case, actor), note.strip()
    if reason not in CasePause.Reason.values or (reason == CasePause.Reason.OTHER and not note):
        raise ReasonMissing("reason")
    if CasePause.objects.open().filter(case=case).exists():
        raise AlreadyWaiting
    pause = CasePause.objects.create(
        case=case,
        reason=reason,
        note=note[:200],
        began_at=now,
        begun_by_id=actor.user_id,
        is_sample=case.is_sample,
        created_at=now,
        updated_at=now,
    )
    keep_clocks([case.pk], now=now)
    record(CasePaused(**about(case), reason=reason), actor=actor, now=now)
    return pause


@transaction.atomic
def resume_case(case: Case, *, actor: Actor, now: datetime) -> CasePause:
    """Let the clocks run again.

    :raises NotAllowed: if the actor may not change cases there
    :raises CaseIsClosed: if the case is closed
    :raises NotWaiting: if it does not wait
    """
    case = live(case, actor)
    pause = CasePause.objects.open().filter(case=case).first()
    if pause is None:
        raise NotWaiting
    pause.ended_at, pause.ended_by_id, pause.updated_at = max(now, pause.began_at), actor.user_id, now
    pause.save(update_fields=["ended_at", "ended_by", "updated_at"])
    keep_clocks([case.pk], now=now)
    minutes = int((pause.ended_at - pause.began_at).total_seconds()) // 60
    record(CaseResumed(**about(case), reason=pause.reason, minutes=minutes), actor=actor, now=now)
    return pause


@transaction.atomic
def note_visit(case: Case, *, actor: Actor, visited_at: datetime, now: datetime) -> Case:
    """Note that somebody was there; the first visit counts, and a later one changes nothing.

    A visit to a case that nobody was given makes it dispatched.

    :raises NotAllowed: if the actor may not change cases there
    :raises CaseIsClosed: if the case is closed
    :raises VisitedBeforeOpened: if it lies before the case or in the future
    """
    case = live(case, actor)
    if not case.opened_at <= visited_at <= now + TOLERANCE:
        raise VisitedBeforeOpened("visited_at")
    keep_visit(case, visited_at=visited_at, actor=actor, now=now)
    return case
