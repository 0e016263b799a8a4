"""Operations on contracts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import KEY_REQUIRED, Reply, endpoint
from hearth.api.envelope import Amount, Asked, DatabaseId, Day, ListOf, Money, NoFields, OneOf
from hearth.api.filters import Number, equals, ordered
from hearth.api.listing import list_rows
from hearth.api.page_lists import PageQuery
from hearth.api.v1 import sales_examples as examples
from hearth.api.v1.briefs import Briefs, CustomerBrief, UnitBrief, on_demand
from hearth.api.v1.custom_values import (
    CUSTOM_WORDS,
    IF_MATCH,
    Custom,
    CustomChange,
    CustomValue,
    change_custom,
    custom_of,
    set_custom,
)
from hearth.api.v1.examples import CUSTOM_CHANGE
from hearth.api.v1.references import find_visible
from hearth.api.v1.versions import version_at
from hearth.core.actor import Actor
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer
from hearth.properties.models import Unit
from hearth.sales.lists import CONTRACTS
from hearth.sales.models import Contract, ContractQuerySet
from hearth.sales.permissions import CHANGE_CONTRACT, VIEW_CONTRACT
from hearth.sales.services import cancel_contract, sign_contract

router = Router(tags=["contracts"])
State = Annotated[str, OneOf(Contract.State)]
FILTERS = {
    "customer_id": equals(UUID, "customer_id"),
    "unit_id": equals(UUID, "unit_id"),
    "project_id": equals(UUID, "unit__project_id"),
    "org_unit_id": equals(DatabaseId, "org_unit_id"),
    "number": equals(str, "number"),
    "state": equals(State, "state"),
    "signed_date": ordered(Day, "signed_date"),
    "total_amount": ordered(Number, "total_amount"),
    "updated_at": ordered(AwareDatetime, "updated_at"),
}


class ContractQuery(PageQuery):
    """What the list of contracts can be asked for."""

    definition: ClassVar = CONTRACTS
    sorts: ClassVar = {"signed_date": "signed"}
    filters: ClassVar = FILTERS
    sort: Literal["-signed_date", "signed_date", "-id", "id"] = "-signed_date"


class ContractRecord(BaseModel):
    """The sale of one home to a customer."""

    id: UUID
    number: str
    org_unit_id: int
    customer_id: UUID
    unit_id: UUID
    state: State
    signed_date: date
    filing_number: str = Field(description="Under which it was filed online, empty before.")
    filed_date: date | None
    total: Money
    received: Money = Field(description="What came in, less what went back.")
    outstanding: Money
    created_at: datetime
    updated_at: datetime
    customer: CustomerBrief | None = on_demand("The customer.")
    unit: UnitBrief | None = on_demand("The home.")


class ContractWhole(ContractRecord):
    """A contract with the fields that the company added."""

    custom: dict[str, CustomValue]


class ContractList(ListOf[ContractRecord]):
    pass


class ContractToSign(Asked):
    """A sale to record."""

    unit_id: UUID
    customer_id: UUID
    number: str = Field(min_length=1, max_length=60)
    signed_date: Day
    total_amount: Amount
    custom: Custom = Field(default_factory=dict, description=CUSTOM_WORDS)


@endpoint(
    router,
    "GET /contracts",
    permission=VIEW_CONTRACT,
    returns=ContractList,
    summary="List contracts",
    example=examples.CONTRACTS,
    parameters=ContractQuery,
)
def list_contracts(request: HttpRequest, query: Query[ContractQuery]) -> Reply:
    """Contracts the caller may see, the latest signed first unless sorted otherwise."""
    rows = readable_contracts(actor_of(request))
    found = list_rows(request, query, rows, order=query.sort)
    briefs = Briefs(request, ContractList, found.rows)
    return Reply(ContractList(data=[read_contract(row, briefs) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /contracts/{uuid:contract_id}",
    permission=VIEW_CONTRACT,
    returns=ContractWhole,
    summary="Get a contract",
    example=examples.CONTRACT_WHOLE,
    problems=(404,),
)
def get_contract(request: HttpRequest, contract_id: UUID) -> Reply:
    """One contract with what was paid for it. The ETag is needed to change it."""
    return _reply(request, contract_id)


@endpoint(
    router,
    "PATCH /contracts/{uuid:contract_id}",
    permission=CHANGE_CONTRACT,
    returns=ContractWhole,
    summary="Change custom fields of a contract",
    example=examples.CONTRACT_WHOLE,
    body_example=CUSTOM_CHANGE,
    headers=IF_MATCH,
    problems=(404, 412, 428),
)
def patch_contract(request: HttpRequest, contract_id: UUID, body: CustomChange) -> Reply:
    """Change custom fields, if nobody else changed the contract since the caller read it."""
    contract = get_object_or_404(Contract.objects.visible_to(actor_of(request)), pk=contract_id)
    return change_custom(request, "contract", contract, body, lambda: _reply(request, contract_id))


@endpoint(
    router,
    "POST /contracts",
    permission=CHANGE_CONTRACT,
    returns=ContractWhole,
    summary="Sign a contract",
    example=examples.CONTRACT_WHOLE,
    body_example=examples.CONTRACT_TO_SIGN,
    headers=KEY_REQUIRED,
)
def post_contract(request: HttpRequest, body: ContractToSign) -> Reply:
    """Record that a customer bought a home; a home under contract is refused."""
    actor = actor_of(request)
    unit = find_visible(Unit.objects.visible_to(actor), body.unit_id, "unit_id")
    customer = find_visible(Customer.objects.visible_to(actor), body.customer_id, "customer_id")
    values, now = body.model_dump(exclude={"unit_id", "customer_id", "custom"}), timezone.now()
    with transaction.atomic():
        signed = sign_contract(unit, customer=customer, **values, actor=actor, now=now)
        set_custom("contract", signed, body.custom, actor, now)
    return _reply(request, signed.pk, status=201)


@endpoint(
    router,
    "POST /contracts/{uuid:contract_id}/cancel",
    permission=CHANGE_CONTRACT,
    returns=ContractWhole,
    summary="Cancel a contract",
    example=examples.CONTRACT_WHOLE,
    body_example={},
    problems=(404,),
)
def post_contract_cancellation(request: HttpRequest, contract_id: UUID, body: NoFields) -> Reply:
    """End a contract; its home is for sale again."""
    actor = actor_of(request)
    contract = get_object_or_404(Contract.objects.visible_to(actor), pk=contract_id)
    cancel_contract(contract, actor=actor, now=timezone.now())
    return _reply(request, contract_id, status=201)


def readable_contracts(actor: Actor) -> ContractQuerySet:
    """Return the contracts the actor may see, with what was received."""
    return Contract.objects.visible_to(actor).with_received()


def _reply(request: HttpRequest, contract_id: UUID, *, status: int = 200) -> Reply:
    actor = actor_of(request)
    row = get_object_or_404(readable_contracts(actor), pk=contract_id)
    headers = {"ETag": version_at(row.updated_at)}
    if status == 201:
        headers["Location"] = f"/api/v1/contracts/{row.pk}"
    read = read_contract(row, Briefs(request, ContractWhole, [row]))
    return Reply(ContractWhole(**dict(read), custom=custom_of("contract", row, actor)), status, headers)


def read_contract(row: Contract, briefs: Briefs | None = None) -> ContractRecord:
    """Return a contract loaded by `readable_contracts`, with customer and home where they were included."""
    received: Decimal = row.received  # type: ignore[attr-defined]
    return ContractRecord(
        id=row.pk,
        number=row.number,
        org_unit_id=row.org_unit_id,
        customer_id=row.customer_id,
        unit_id=row.unit_id,
        state=row.state,
        signed_date=row.signed_date,
        filing_number=row.filing_number,
        filed_date=row.filed_date,
        total=Money(amount=str(row.total_amount)),
        received=Money(amount=f"{received:.2f}"),
        outstanding=Money(amount=f"{row.outstanding_amount:.2f}"),
        created_at=row.created_at,
        updated_at=row.updated_at,
        **(briefs.of(row) if briefs else {}),
    )
