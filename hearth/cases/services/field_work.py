"""What a case keeps of field work: that somebody was sent, and came. Steps of acts that asked for their right."""

from datetime import datetime

from hearth.cases.events import CaseVisited
from hearth.cases.models import Case
from hearth.cases.services.clocks import keep_clocks
from hearth.cases.services.steps import CaseIsClosed, about
from hearth.core.actor import Actor
from hearth.core.events import record


def mark_dispatched(case: Case, *, now: datetime) -> None:
    """Stop the clock of the dispatch: somebody was sent. The first time counts; opens no transaction.

    :raises CaseIsClosed: if the case is closed
    """
    locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if locked.state == Case.State.CLOSED:
        raise CaseIsClosed
    if locked.dispatched_at is None:
        locked.dispatched_at, locked.updated_at = now, now
        locked.save(update_fields=["dispatched_at", "updated_at"])
        keep_clocks([locked.pk], now=now)


def mark_visited(case: Case, *, visited_at: datetime, actor: Actor, now: datetime) -> None:
    """Stop the clock of the visit on site. The first visit counts, and a closed case stays as it is; opens no
    transaction.
    """
    locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if locked.state != Case.State.CLOSED:
        keep_visit(locked, visited_at=max(visited_at, locked.opened_at), actor=actor, now=now)


def keep_visit(case: Case, *, visited_at: datetime, actor: Actor, now: datetime) -> None:
    """Write when somebody was there into a locked case, if it is the first visit. A step of an act."""
    if case.visited_at is not None and case.visited_at <= visited_at:
        return
    case.visited_at, case.updated_at = visited_at, now
    case.dispatched_at = case.dispatched_at or visited_at
    case.save(update_fields=["visited_at", "dispatched_at", "updated_at"])
    keep_clocks([case.pk], now=now)
    record(CaseVisited(**about(case), kind=case.kind), actor=actor, now=now)
