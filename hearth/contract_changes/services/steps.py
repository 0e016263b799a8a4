"""Steps that acts on requests share; they open no transaction."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate

from hearth.accounts.services import notify
from hearth.contract_changes.events import ChangeEnded
from hearth.contract_changes.models import ApprovalStep, ChangeRequest
from hearth.contract_changes.notifications import APPROVED, WAITS
from hearth.contract_changes.permissions import APPROVE_CHANGE, ASK_CHANGE
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.core.second_person import PastThatStep, SecondPerson
from hearth.organization.selectors import nearest_with

DESK = SecondPerson(ASK_CHANGE, APPROVE_CHANGE)
State, Step = ChangeRequest.State, ApprovalStep.State


def lock_open(request: ChangeRequest) -> ChangeRequest:
    """Return the locked row of a request that may still be carried out, with its contract.

    :raises PastThatStep: if it is closed by now
    """
    rows = ChangeRequest.objects.select_for_update(of=("self",)).select_related("contract__unit", "org_unit")
    locked = rows.get(pk=request.pk)
    if not locked.is_open:
        raise PastThatStep
    return locked


def about_request(request: ChangeRequest) -> dict[str, Any]:
    """What every event of a request carries; its contract was loaded with the home."""
    return {
        "org_unit_id": request.org_unit_id,
        "customer_id": request.contract.customer_id,
        "unit_id": request.contract.unit_id,
        "project_id": request.contract.unit.project_id,
        "subject_id": request.pk,
        "is_sample": request.is_sample,
    }


def url_of(request: ChangeRequest) -> str:
    return reverse("contract_changes:request", args=[request.pk])


def go_on(request: ChangeRequest, answer_days: int, *, now: datetime) -> None:
    """Have the next step of a locked request wait and tell who may decide it, or call the request approved."""
    step = request.steps.filter(state=Step.AHEAD).select_related("place").order_by("position").first()
    if step is None:
        request.state, request.updated_at = State.APPROVED, now
        request.save(update_fields=["state", "updated_at"])
        tell([request.author_id], APPROVED, request, now)
        return
    step.state, step.due_at, step.updated_at = Step.WAITING, now + timedelta(days=answer_days), now
    step.save(update_fields=["state", "due_at", "updated_at"])
    tell(approvers_of(step, now), WAITS, request, now)


def approvers_of(step: ApprovalStep, now: datetime) -> list[int]:
    """Return who is asked about a step: who holds the right nearest to its place, but for those who had their part."""
    request = step.request
    had = set(request.steps.filter(state=Step.APPROVED).values_list("decided_by_id", flat=True))
    people = nearest_with(APPROVE_CHANGE, step.place, today=localdate(now))
    return [person.pk for person in people if person.pk not in {request.author_id, *had}]


def tell(user_ids: list[int], kind: str, request: ChangeRequest, now: datetime) -> None:
    params = {"number": request.contract.number}
    notify(user_ids, kind, url=url_of(request), now=now, params=params, is_sample=request.is_sample)


def close(request: ChangeRequest, state: str, *, actor: Actor, now: datetime) -> None:
    """End a locked request without carrying it out."""
    request.state, request.closed_at, request.updated_at = state, now, now
    request.save(update_fields=["state", "closed_at", "updated_at"])
    left = request.steps.filter(state__in=(Step.AHEAD, Step.WAITING))
    left.update(state=Step.DROPPED, updated_at=now)
    record(ChangeEnded(**about_request(request), kind=request.kind, outcome=state), actor=actor, now=now)
