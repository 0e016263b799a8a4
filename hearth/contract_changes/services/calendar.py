"""What the calendar does to requests: reminding those who have not answered, and ending what nobody carried out."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hearth.contract_changes.models import ApprovalStep, ChangeRequest
from hearth.contract_changes.notifications import LAPSED, REMINDED
from hearth.contract_changes.services.steps import State, approvers_of, close, lock_open, tell
from hearth.core.actor import Actor
from hearth.core.second_person import PastThatStep

SYSTEM = Actor.system("contract_changes")


def remind_approvers(*, now: datetime) -> int:
    """Remind, once for each step, those who have not answered in time, and return of how many. May be repeated."""
    due = ApprovalStep.objects.waiting().filter(due_at__lte=now, reminded_at=None).order_by("id")
    return sum(_remind(key, now) for key in due.values_list("pk", flat=True))


@transaction.atomic
def _remind(step_id: UUID, now: datetime) -> bool:
    rows = ApprovalStep.objects.select_for_update(of=("self",), skip_locked=True)
    waiting = rows.waiting().filter(pk=step_id, reminded_at=None)
    step = waiting.select_related("place", "request__contract").first()
    if step is None:
        return False
    step.reminded_at, step.updated_at = now, now
    step.save(update_fields=["reminded_at", "updated_at"])
    tell(approvers_of(step, now), REMINDED, step.request, now)
    return True


def lapse_changes(*, now: datetime) -> int:
    """End the open requests whose day is over, and return how many. May be repeated."""
    due = ChangeRequest.objects.open().filter(lapses_at__lte=now).order_by("id")
    return sum(_lapse(row, now) for row in due)


@transaction.atomic
def _lapse(request: ChangeRequest, now: datetime) -> bool:
    try:
        locked = lock_open(request)
    except PastThatStep:
        return False
    close(locked, State.LAPSED, actor=SYSTEM, now=now)
    tell([locked.author_id], LAPSED, locked, now)
    return True
