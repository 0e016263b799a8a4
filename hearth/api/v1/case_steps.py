"""Operations that move a case on: answer, close, hand over."""

from datetime import UTC
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import AwareDatetime, Field

from hearth.accounts.models import User
from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Asked, DatabaseId, NoFields, OneOf
from hearth.api.v1 import examples
from hearth.api.v1.cases import CaseRecord, Grade, read_case
from hearth.api.v1.references import require_user
from hearth.cases.models import Case, CasePause
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services import (
    answer_case,
    call_back,
    change_case,
    close_case,
    note_visit,
    pause_case,
    resume_case,
)
from hearth.core.permissions import actor_of

router = Router(tags=["cases"])


class CaseAnswer(Asked):
    """What the customer was told."""

    reply: str = Field(min_length=1, max_length=20_000)


class CaseChange(Asked):
    """The fields to change; what is left out stays."""

    grade: Grade = Case.Grade.ORDINARY.value
    assignee_id: DatabaseId | None = None


class CasePauseToBegin(Asked):
    """What we wait for."""

    reason: Annotated[str, OneOf(CasePause.Reason)]
    note: str = Field("", max_length=200)


class CaseVisit(Asked):
    """When somebody was there."""

    visited_at: AwareDatetime | None = Field(None, description="Now, unless it was earlier.")


class CaseCallBack(Asked):
    """What the customer says after the closing."""

    rating: int = Field(ge=1, le=5, description="1 and 2 open the case again.")
    note: str = Field("", max_length=300)


@endpoint(
    router,
    "POST /cases/{uuid:case_id}/answer",
    permission=CHANGE_CASE,
    returns=CaseRecord,
    summary="Answer a case",
    example=examples.CASE,
    body_example=examples.ANSWER,
    problems=(404,),
)
def post_case_answer(request: HttpRequest, case_id: UUID, body: CaseAnswer) -> Reply:
    """Record the answer the customer got."""
    row = answer_case(_case(request, case_id), reply=body.reply, actor=actor_of(request), now=timezone.now())
    return Reply(read_case(row), 201)


@endpoint(
    router,
    "POST /cases/{uuid:case_id}/close",
    permission=CHANGE_CASE,
    returns=CaseRecord,
    summary="Close a case",
    example=examples.CASE,
    body_example={},
    problems=(404,),
)
def post_case_close(request: HttpRequest, case_id: UUID, body: NoFields) -> Reply:
    """Settle a case that was answered."""
    row = close_case(_case(request, case_id), actor=actor_of(request), now=timezone.now())
    return Reply(read_case(row), 201)


@endpoint(
    router,
    "POST /cases/{uuid:case_id}/change",
    permission=CHANGE_CASE,
    returns=CaseRecord,
    summary="Change a case",
    example=examples.CASE,
    body_example=examples.CASE_CHANGE,
    problems=(404,),
)
def post_case_change(request: HttpRequest, case_id: UUID, body: CaseChange) -> Reply:
    """Set the grade or who is in charge."""
    case, asked = _case(request, case_id), body.model_dump(exclude_unset=True)
    require_user(asked.get("assignee_id"), "assignee_id")
    grade = asked.get("grade", case.grade)
    assignee_id = asked.get("assignee_id", case.assignee_id)
    assignee = User.objects.filter(pk=assignee_id).first() if assignee_id else None
    row = change_case(case, grade=grade, assignee=assignee, actor=actor_of(request), now=timezone.now())
    return Reply(read_case(row), 201)


@endpoint(
    router,
    "POST /cases/{uuid:case_id}/pause",
    permission=CHANGE_CASE,
    returns=CaseRecord,
    summary="Wait for the customer",
    example=examples.CASE,
    body_example=examples.CASE_PAUSE,
    problems=(404,),
)
def post_case_pause(request: HttpRequest, case_id: UUID, body: CasePauseToBegin) -> Reply:
    """Stop the clocks that may stand while we wait for the customer."""
    case = _case(request, case_id)
    pause_case(case, reason=body.reason, note=body.note, actor=actor_of(request), now=timezone.now())
    return Reply(read_case(_case(request, case_id)), 201)


@endpoint(
    router,
    "POST /cases/{uuid:case_id}/resume",
    permission=CHANGE_CASE,
    returns=CaseRecord,
    summary="Stop waiting for the customer",
    example=examples.CASE,
    body_example={},
    problems=(404,),
)
def post_case_resume(request: HttpRequest, case_id: UUID, body: NoFields) -> Reply:
    """Let the clocks run again."""
    resume_case(_case(request, case_id), actor=actor_of(request), now=timezone.now())
    return Reply(read_case(_case(request, case_id)), 201)


@endpoint(
    router,
    "POST /cases/{uuid:case_id}/visit",
    permission=CHANGE_CASE,
    returns=CaseRecord,
    summary="Note a visit on site",
    example=examples.CASE,
    body_example={},
    problems=(404,),
)
def post_case_visit(request: HttpRequest, case_id: UUID, body: CaseVisit) -> Reply:
    """Note that somebody was there; the first visit counts."""
    now = timezone.now()
    visited_at = body.visited_at.astimezone(UTC) if body.visited_at else now
    row = note_visit(_case(request, case_id), visited_at=visited_at, actor=actor_of(request), now=now)
    return Reply(read_case(row), 201)


@endpoint(
    router,
    "POST /cases/{uuid:case_id}/call-back",
    permission=CHANGE_CASE,
    returns=CaseRecord,
    summary="Note the call-back",
    example=examples.CASE,
    body_example=examples.CASE_CALL_BACK,
    problems=(404,),
)
def post_case_call_back(request: HttpRequest, case_id: UUID, body: CaseCallBack) -> Reply:
    """Note how content the customer is after the closing, asked by somebody who did not handle the case."""
    row = call_back(
        _case(request, case_id),
        rating=body.rating,
        note=body.note,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return Reply(read_case(row), 201)


def _case(request: HttpRequest, case_id: UUID) -> Case:
    return get_object_or_404(Case.objects.visible_to(actor_of(request)), pk=case_id)
