"""Operations on how contracts are paid, and on what is to come in."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Amount, Asked, DatabaseId, Day, ListOf, Money, OneOf
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.page_lists import PageQuery
from hearth.api.v1 import sales_examples as examples
from hearth.core.actor import Actor
from hearth.core.permissions import actor_of
from hearth.sales.models import Contract, Instalment, PaymentPlan, Stage
from hearth.sales.models.plans import Kind, Method
from hearth.sales.permissions import CHANGE_CONTRACT, VIEW_CONTRACT
from hearth.sales.receivable_lists import RECEIVABLES
from hearth.sales.services import make_plan
from hearth.sales.terms import MOST_STEPS, NewInstalment, NewPlan

router = Router(tags=["payments"])
InstalmentKind = Annotated[str, OneOf(Kind)]
BuildingStage = Annotated[str, OneOf(Stage)]
PlanMethod = Annotated[str, OneOf(Method)]


class InstalmentRecord(BaseModel):
    """One part of the price of a contract."""

    id: UUID
    position: int
    kind: InstalmentKind
    due_date: date | None = Field(description="Not known before the building reaches the stage.")
    stage: str = Field(description="The building stage it waits for, empty for none.")
    days_after: int = Field(description="Days after the stage.")
    amount: Money
    paid: Money
    open: Money
    standing: Annotated[str, OneOf(Instalment.Standing)]


class PlanRecord(BaseModel):
    """How a contract is paid: the version in force."""

    id: UUID
    contract_id: UUID
    version: int
    name: str
    method: PlanMethod
    reason: str = Field(description="Why the version before was replaced.")
    unallocated: Money = Field(description="Received beyond all instalments.")
    instalments: list[InstalmentRecord]
    created_at: datetime
    updated_at: datetime


class InstalmentToSettle(Asked):
    """A part of the price: with its day, or with the building stage it waits for."""

    kind: InstalmentKind
    amount: Amount
    due_date: Day | None = None
    stage: BuildingStage | None = None
    days_after: int = Field(0, ge=0, le=3_650)


class PlanToMake(Asked):
    """How a contract is to be paid; the instalments make up its total."""

    name: str = Field(min_length=1, max_length=60)
    method: PlanMethod
    instalments: list[InstalmentToSettle] = Field(min_length=1, max_length=MOST_STEPS)


class ReceivableRecord(InstalmentRecord):
    """An instalment that is still to come in."""

    contract_id: UUID
    customer_id: UUID
    org_unit_id: int
    days_overdue: int
    updated_at: datetime


class ReceivableList(ListOf[ReceivableRecord]):
    pass


class ReceivableQuery(PageQuery):
    """What the list of receivables can be asked for."""

    definition: ClassVar = RECEIVABLES
    sorts: ClassVar = {"due_date": "due"}
    filters: ClassVar = {
        "contract_id": equals(UUID, "plan__contract_id"),
        "customer_id": equals(UUID, "plan__contract__customer_id"),
        "project_id": equals(UUID, "plan__contract__unit__project_id"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "due_date": ordered(Day, "due_date"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["due_date", "-due_date", "-id", "id"] = "due_date"


@endpoint(
    router,
    "GET /receivables",
    permission=VIEW_CONTRACT,
    returns=ReceivableList,
    summary="List receivables",
    example=examples.RECEIVABLES,
    parameters=ReceivableQuery,
)
def list_receivables(request: HttpRequest, query: Query[ReceivableQuery]) -> Reply:
    """Instalments with a day that are not paid in full, the oldest due first unless sorted otherwise."""
    rows = Instalment.objects.visible_to(actor_of(request)).receivable().select_related("plan__contract")
    found = list_rows(request, query, rows, order=query.sort)
    today = timezone.localdate()
    return Reply(ReceivableList(data=[_receivable(row, today) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /contracts/{uuid:contract_id}/payment-plan",
    permission=VIEW_CONTRACT,
    returns=PlanRecord,
    summary="Get the payment plan of a contract",
    example=examples.PLAN,
    problems=(404,),
)
def get_payment_plan(request: HttpRequest, contract_id: UUID) -> Reply:
    """How a contract is paid now, with what is paid on each instalment."""
    return Reply(_plan(contract_id, actor_of(request)))


@endpoint(
    router,
    "POST /contracts/{uuid:contract_id}/payment-plan",
    permission=CHANGE_CONTRACT,
    returns=PlanRecord,
    summary="Settle how a contract is paid",
    example=examples.PLAN,
    body_example=examples.PLAN_TO_MAKE,
    problems=(404,),
)
def post_payment_plan(request: HttpRequest, contract_id: UUID, body: PlanToMake) -> Reply:
    """Settle how a contract is paid; one that is settled already is refused."""
    actor = actor_of(request)
    contract = get_object_or_404(Contract.objects.visible_to(actor), pk=contract_id)
    parts = tuple(
        NewInstalment(each.kind, each.amount, each.due_date, each.stage or "", each.days_after)
        for each in body.instalments
    )
    make_plan(contract, NewPlan(body.name, body.method, parts), actor=actor, now=timezone.now())
    return Reply(_plan(contract_id, actor), 201)


def _plan(contract_id: UUID, actor: Actor) -> PlanRecord:
    rows = PaymentPlan.objects.visible_to(actor).current().filter(contract=contract_id)
    row = rows.prefetch_related("instalments").first()
    if row is None:
        raise Http404
    parts = sorted(row.instalments.all(), key=lambda each: each.position)
    return PlanRecord(
        id=row.pk,
        contract_id=row.contract_id,
        version=row.version,
        name=row.name,
        method=row.method,
        reason=row.reason,
        unallocated=_money(row.unallocated_amount),
        instalments=[_instalment(each) for each in parts],
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _money(amount: object) -> Money:
    return Money(amount=str(amount))


def _instalment(row: Instalment) -> InstalmentRecord:
    return InstalmentRecord(
        id=row.pk,
        position=row.position,
        kind=row.kind,
        due_date=row.due_date,
        stage=row.stage,
        days_after=row.days_after,
        amount=_money(row.amount),
        paid=_money(row.paid_amount),
        open=_money(row.open_amount),
        standing=row.standing,
    )


def _receivable(row: Instalment, today: date) -> ReceivableRecord:
    return ReceivableRecord(
        **dict(_instalment(row)),
        contract_id=row.plan.contract_id,
        customer_id=row.plan.contract.customer_id,
        org_unit_id=row.org_unit_id,
        days_overdue=row.days_overdue(today),
        updated_at=row.updated_at,
    )
