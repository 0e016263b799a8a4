"""Operations that move a case on: answer, close, hand over."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import Field

from hearth.accounts.models import User
from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Asked, DatabaseId, NoFields
from hearth.api.v1 import examples
from hearth.api.v1.cases import CaseRecord, Grade, read_case
from hearth.api.v1.references import require_user
from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services import answer_case, change_case, close_case
from hearth.core.permissions import actor_of

router = Router(tags=["cases"])


class CaseAnswer(Asked):
    """What the customer was told."""

    reply: str = Field(min_length=1, max_length=20_000)


class CaseChange(Asked):
    """The fields to change; what is left out stays."""

    grade: Grade = Case.Grade.ORDINARY.value
    assignee_id: DatabaseId | None = None


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


def _case(request: HttpRequest, case_id: UUID) -> Case:
    return get_object_or_404(Case.objects.visible_to(actor_of(request)), pk=case_id)
