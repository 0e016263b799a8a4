"""Operations on how a case was settled and what it cost."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Asked, NoFields, OneOf
from hearth.api.v1 import examples
from hearth.api.v1.cases import CaseRecord, read_case
from hearth.cases.models import Case, Cause, CostLine, Party, Settlement
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services import NotAChoice, Settled, approve_position, note_cost, settle_case
from hearth.core.permissions import actor_of

router = Router(tags=["cases"])


class CaseSettlement(Asked):
    """How a case was settled."""

    solution: str = Field(min_length=1, max_length=4000)
    outcome: Annotated[str, OneOf(Settlement.Outcome)]
    cause: str = Field(min_length=1, max_length=40, description="The code of a cause.")
    party: Annotated[str, OneOf(Party)]
    party_name: str = Field("", max_length=80)
    proof: str = Field("", max_length=300, description="Where the proof is.")
    has_no_cost: bool = False


class CaseCost(Asked):
    """A line of what a case cost, in yuan."""

    kind: Annotated[str, OneOf(CostLine.Kind)]
    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2)
    is_charged: bool = False
    note: str = Field("", max_length=200)


@endpoint(
    router,
    "POST /cases/{uuid:case_id}/settlement",
    permission=CHANGE_CASE,
    returns=CaseRecord,
    summary="Say how a case was settled",
    example=examples.CASE,
    body_example=examples.CASE_SETTLEMENT,
    problems=(404,),
)
def post_case_settlement(request: HttpRequest, case_id: UUID, body: CaseSettlement) -> Reply:
    """Keep how a case was settled; what was said before is withdrawn."""
    row = _case(request, case_id)
    cause = Cause.objects.in_use().filter(code=body.cause).first()
    if cause is None:
        raise NotAChoice("cause")
    said = Settled(**{**body.model_dump(), "cause": cause})
    settle_case(row, said, actor=actor_of(request), now=timezone.now())
    return Reply(read_case(row), 201)


@endpoint(
    router,
    "POST /cases/{uuid:case_id}/settlement/approval",
    permission=CHANGE_CASE,
    returns=CaseRecord,
    summary="Approve a final position",
    example=examples.CASE,
    body_example={},
    problems=(404,),
)
def post_case_approval(request: HttpRequest, case_id: UUID, body: NoFields) -> Reply:
    """Approve that a case ends without the customer's agreement; by somebody else than who settled it."""
    row = _case(request, case_id)
    approve_position(row, actor=actor_of(request), now=timezone.now())
    return Reply(read_case(row), 201)


@endpoint(
    router,
    "POST /cases/{uuid:case_id}/costs",
    permission=CHANGE_CASE,
    returns=CaseRecord,
    summary="Note a cost",
    example=examples.CASE,
    body_example=examples.CASE_COST,
    problems=(404,),
)
def post_case_cost(request: HttpRequest, case_id: UUID, body: CaseCost) -> Reply:
    """Add a line to what a case cost."""
    row = _case(request, case_id)
    note_cost(row, actor=actor_of(request), now=timezone.now(), **body.model_dump())
    return Reply(read_case(row), 201)


def _case(request: HttpRequest, case_id: UUID) -> Case:
    return get_object_or_404(Case.objects.visible_to(actor_of(request)), pk=case_id)
