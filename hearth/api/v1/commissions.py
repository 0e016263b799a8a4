"""Operations on rules of commission and on settlements; both are made and approved on pages, by people."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import DatabaseId, ListOf, Money, OneOf, money
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.page_lists import PageQuery
from hearth.api.v1 import commission_examples as examples
from hearth.brokers.commission_lists import RULES, SETTLEMENTS
from hearth.brokers.models import Commission, CommissionRule, CommissionSheet
from hearth.brokers.permissions import VIEW_COMMISSION
from hearth.core.permissions import actor_of

router = Router(tags=["brokers"])


class CommissionRuleQuery(PageQuery):
    """What the list of rules can be asked for."""

    definition: ClassVar = RULES
    sorts: ClassVar = {"id": "newest"}
    filters: ClassVar = {
        "project_id": equals(UUID, "project_id"),
        "partner_id": equals(UUID, "partner_id", can_be_empty=True),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class StepRecord(BaseModel):
    """What is paid from the so-manyth deal of a partner on."""

    from_deal: int
    rate: str = Field(description="Percent of the contract, or yuan, as `kind` says.")


class CommissionRuleRecord(BaseModel):
    """One version of what a project pays; without `partner_id` to every partner without a rule of their own."""

    id: UUID
    org_unit_id: int
    project_id: UUID
    partner_id: UUID | None
    version: int
    kind: Annotated[str, OneOf(CommissionRule.Kind)]
    steps: list[StepRecord]
    payable_percent: str = Field(description="Payable once so many percent of the contract were received.")
    valid_from_date: date
    valid_until_date: date | None
    created_at: datetime
    updated_at: datetime


class CommissionRuleList(ListOf[CommissionRuleRecord]):
    pass


class SettlementQuery(PageQuery):
    """What the list of settlements can be asked for."""

    definition: ClassVar = SETTLEMENTS
    sorts: ClassVar = {"id": "newest"}
    filters: ClassVar = {
        "partner_id": equals(UUID, "partner_id"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class CommissionLine(BaseModel):
    """What a contract earned, or, with `reverses_id`, what was taken back when it was cancelled."""

    id: UUID
    registration_id: UUID
    contract_id: UUID
    rule_id: UUID
    reverses_id: UUID | None
    deal: int
    rate: str
    total: Money | None = Field(description="Of the contract.")
    commission: Money | None


class SettlementRecord(BaseModel):
    """A sheet of commissions of one partner."""

    id: UUID
    org_unit_id: int
    partner_id: UUID
    number: int
    state: Annotated[str, OneOf(CommissionSheet.State)]
    total: Money | None
    lines: list[CommissionLine]
    approved_at: datetime | None
    payment_number: str
    paid_date: date | None
    created_at: datetime
    updated_at: datetime


class SettlementList(ListOf[SettlementRecord]):
    pass


@endpoint(
    router,
    "GET /commission-rules",
    permission=VIEW_COMMISSION,
    returns=CommissionRuleList,
    summary="List rules of commission",
    example=examples.RULES,
    parameters=CommissionRuleQuery,
)
def list_commission_rules(request: HttpRequest, query: Query[CommissionRuleQuery]) -> Reply:
    """Rules the caller may see, the latest written first unless sorted otherwise."""
    rows = CommissionRule.objects.visible_to(actor_of(request)).prefetch_related("steps")
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(CommissionRuleList(data=[_rule(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /commission-settlements",
    permission=VIEW_COMMISSION,
    returns=SettlementList,
    summary="List settlements of commissions",
    example=examples.SETTLEMENTS,
    parameters=SettlementQuery,
)
def list_commission_settlements(request: HttpRequest, query: Query[SettlementQuery]) -> Reply:
    """Settlements the caller may see with their lines, the latest made first unless sorted otherwise."""
    rows = CommissionSheet.objects.visible_to(actor_of(request)).prefetch_related("lines")
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(SettlementList(data=[_settlement(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /commission-settlements/{uuid:settlement_id}",
    permission=VIEW_COMMISSION,
    returns=SettlementRecord,
    summary="Get a settlement of commissions",
    example=examples.SETTLEMENT,
    problems=(404,),
)
def get_commission_settlement(request: HttpRequest, settlement_id: UUID) -> Reply:
    """One settlement with its lines."""
    rows = CommissionSheet.objects.visible_to(actor_of(request))
    return Reply(_settlement(get_object_or_404(rows, pk=settlement_id)))


def _rule(row: CommissionRule) -> CommissionRuleRecord:
    names = [name for name in CommissionRuleRecord.model_fields if name not in ("steps", "payable_percent")]
    steps = sorted(row.steps.all(), key=lambda step: step.from_deal)
    return CommissionRuleRecord(
        **{name: getattr(row, name) for name in names},
        steps=[StepRecord(from_deal=step.from_deal, rate=str(step.rate)) for step in steps],
        payable_percent=str(row.payable_percent),
    )


def _settlement(row: CommissionSheet) -> SettlementRecord:
    names = [name for name in SettlementRecord.model_fields if name not in ("total", "lines")]
    lines = sorted(row.lines.all(), key=lambda line: (line.created_at, line.pk))
    return SettlementRecord(
        **{name: getattr(row, name) for name in names},
        total=money(row.total_amount),
        lines=[_line(line) for line in lines],
    )


def _line(row: Commission) -> CommissionLine:
    return CommissionLine(
        id=row.pk,
        registration_id=row.registration_id,
        contract_id=row.contract_id,
        rule_id=row.rule_id,
        reverses_id=row.reverses_id,
        deal=row.deal,
        rate=str(row.rate),
        total=money(row.total_amount),
        commission=money(row.amount),
    )
