"""Operations on changes of contracts."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import KEY_REQUIRED, Reply, endpoint
from hearth.api.envelope import Amount, Asked, DatabaseId, ListOf, Money, OneOf
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.page_lists import PageQuery
from hearth.api.v1 import contract_change_examples as examples
from hearth.api.v1.references import find_visible
from hearth.contract_changes.kinds import NOTHING, Wanted
from hearth.contract_changes.lists import CHANGES
from hearth.contract_changes.models import ApprovalStep, ChangeRequest
from hearth.contract_changes.permissions import APPROVE_CHANGE, ASK_CHANGE, VIEW_CHANGE
from hearth.contract_changes.services import approve_change, ask_change, refuse_change
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer
from hearth.properties.models import Unit
from hearth.sales.models import Contract, PlanTemplate

router = Router(tags=["contracts"])
KINDS = "`discount`, `withdrawal`, `unit_swap`, `name_change`, `owner_added`, `owner_removed`, or one added later."


class ChangeQuery(PageQuery):
    """What the list of changes can be asked for."""

    definition: ClassVar = CHANGES
    sorts: ClassVar = {"id": "newest"}
    filters: ClassVar = {
        "contract_id": equals(UUID, "contract_id"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class ApprovalStepRecord(BaseModel):
    """One step of the chain of approval."""

    position: int
    org_unit_id: int = Field(description="The place whose people decide.")
    state: Annotated[str, OneOf(ApprovalStep.State)]
    due_at: datetime | None
    decided_by_id: int | None
    decided_at: datetime | None
    comment: str


class ChangeRecord(BaseModel):
    """A change of a contract that somebody asked for."""

    id: UUID
    org_unit_id: int
    contract_id: UUID
    kind: str = Field(description=KINDS)
    state: Annotated[str, OneOf(ChangeRequest.State)]
    reason: str
    asked_by_id: int
    asked_version: int = Field(description="The version of the contract that it was asked about.")
    customer_id: UUID | None = Field(description="The new buyer, or who comes or goes as an owner.")
    unit_id: UUID | None = Field(description="The home wanted instead.")
    difference: Money = Field(description="What the total changes by.")
    penalty: Money
    fee: Money
    refund: Money
    lapses_at: datetime
    closed_at: datetime | None
    new_contract_id: UUID | None
    steps: list[ApprovalStepRecord]
    created_at: datetime
    updated_at: datetime


class ChangeList(ListOf[ChangeRecord]):
    pass


class ChangeToAsk(Asked):
    """A change to ask for; each kind takes what it needs."""

    kind: str = Field(max_length=20, description=KINDS)
    reason: str = Field(min_length=1, max_length=1000)
    customer_id: UUID | None = None
    unit_id: UUID | None = None
    plan_template_id: UUID | None = Field(None, description="The way to pay wanted instead.")
    number: str = Field("", max_length=60, description="Of the new contract, for a swap.")
    total_amount: Amount | None = None
    penalty_amount: Amount = NOTHING
    fee_amount: Amount = NOTHING


class ChangeDecision(Asked):
    """What somebody says to their decision; a refusal needs it."""

    comment: str = Field("", max_length=500)


@endpoint(
    router,
    "GET /contract-changes",
    permission=VIEW_CHANGE,
    returns=ChangeList,
    summary="List changes of contracts",
    example=examples.CHANGES,
    parameters=ChangeQuery,
)
def list_contract_changes(request: HttpRequest, query: Query[ChangeQuery]) -> Reply:
    """Changes the caller may see, the latest asked for first."""
    rows = ChangeRequest.objects.visible_to(actor_of(request)).prefetch_related("steps")
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(ChangeList(data=[_read(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /contract-changes/{uuid:request_id}",
    permission=VIEW_CHANGE,
    returns=ChangeRecord,
    summary="Get a change of a contract",
    example=examples.CHANGE,
    problems=(404,),
)
def get_contract_change(request: HttpRequest, request_id: UUID) -> Reply:
    """One change with its chain of approval."""
    return Reply(_read(_find(request, request_id)))


@endpoint(
    router,
    "POST /contracts/{uuid:contract_id}/changes",
    permission=ASK_CHANGE,
    returns=ChangeRecord,
    summary="Ask for a change of a contract",
    example=examples.CHANGE,
    body_example=examples.CHANGE_TO_ASK,
    headers=KEY_REQUIRED,
    problems=(404,),
)
def post_contract_change(request: HttpRequest, contract_id: UUID, body: ChangeToAsk) -> Reply:
    """Ask for a change; it is carried out on its page once all of its steps are approved."""
    actor = actor_of(request)
    rows = Contract.objects.visible_with(actor, ASK_CHANGE).select_related("org_unit")
    contract = get_object_or_404(rows, pk=contract_id)
    customer = find_visible(Customer.objects.visible_to(actor), body.customer_id, "customer_id")
    unit = find_visible(Unit.objects.visible_to(actor), body.unit_id, "unit_id")
    offered = PlanTemplate.objects.used_at(contract.org_unit)
    template = find_visible(offered, body.plan_template_id, "plan_template_id")
    given = body.model_dump(include={"number", "total_amount", "penalty_amount", "fee_amount"})
    wanted = Wanted(customer=customer, unit=unit, template=template, **given)
    row = ask_change(contract, body.kind, wanted, reason=body.reason, actor=actor, now=timezone.now())
    return Reply(_read(row), 201, {"Location": f"/api/v1/contract-changes/{row.pk}"})


@endpoint(
    router,
    "POST /contract-changes/{uuid:request_id}/approval",
    permission=APPROVE_CHANGE,
    returns=ChangeRecord,
    summary="Approve the step of a change that waits",
    example=examples.CHANGE,
    body_example=examples.DECISION,
    problems=(404,),
)
def post_contract_change_approval(request: HttpRequest, request_id: UUID, body: ChangeDecision) -> Reply:
    """Approve the step that waits, as another person than all before."""
    row = _find(request, request_id)
    approve_change(row, comment=body.comment, actor=actor_of(request), now=timezone.now())
    return Reply(_read(_find(request, request_id)), 201)


@endpoint(
    router,
    "POST /contract-changes/{uuid:request_id}/refusal",
    permission=APPROVE_CHANGE,
    returns=ChangeRecord,
    summary="Refuse a change of a contract",
    example=examples.CHANGE,
    body_example=examples.DECISION,
    problems=(404,),
)
def post_contract_change_refusal(request: HttpRequest, request_id: UUID, body: ChangeDecision) -> Reply:
    """Refuse a change at the step that waits, and say why."""
    row = _find(request, request_id)
    refuse_change(row, comment=body.comment, actor=actor_of(request), now=timezone.now())
    return Reply(_read(_find(request, request_id)), 201)


def _find(request: HttpRequest, request_id: UUID) -> ChangeRequest:
    rows = ChangeRequest.objects.visible_to(actor_of(request)).prefetch_related("steps")
    return get_object_or_404(rows, pk=request_id)


def _read(row: ChangeRequest) -> ChangeRecord:
    same = ("id", "org_unit_id", "contract_id", "kind", "state", "reason", "asked_version", "customer_id")
    more = ("unit_id", "lapses_at", "closed_at", "new_contract_id", "created_at", "updated_at")
    money = ("difference", "penalty", "fee", "refund")
    steps = sorted(row.steps.all(), key=lambda step: step.position)
    return ChangeRecord.model_validate(
        {
            **{name: getattr(row, name) for name in (*same, *more)},
            **{name: Money(amount=f"{getattr(row, f'{name}_amount'):.2f}") for name in money},
            "asked_by_id": row.author_id,
            "steps": [_read_step(step) for step in steps],
        }
    )


def _read_step(step: ApprovalStep) -> ApprovalStepRecord:
    names = ("position", "state", "due_at", "decided_by_id", "decided_at", "comment")
    return ApprovalStepRecord(org_unit_id=step.place_id, **{name: getattr(step, name) for name in names})
