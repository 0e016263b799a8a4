"""Operations on payments."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from hearth.api.endpoints import KEY_REQUIRED, Reply, endpoint
from hearth.api.envelope import Amount, Asked, DatabaseId, Day, ListOf, ListQuery, Money
from hearth.api.filters import Number, equals, ordered
from hearth.api.listing import list_rows
from hearth.api.v1 import sales_examples as examples
from hearth.api.v1.briefs import Briefs, CustomerBrief, on_demand
from hearth.api.v1.references import find_visible
from hearth.core.permissions import actor_of
from hearth.sales.models import Contract, Payment
from hearth.sales.permissions import CHANGE_CONTRACT, VIEW_CONTRACT
from hearth.sales.services import receive_payment

router = Router(tags=["payments"])
FILTERS = {
    "customer_id": equals(UUID, "customer_id"),
    "contract_id": equals(UUID, "contract_id", can_be_empty=True),
    "org_unit_id": equals(DatabaseId, "org_unit_id"),
    "receipt_number": equals(str, "receipt_number"),
    "paid_date": ordered(Day, "paid_date"),
    "amount": ordered(Number, "amount"),
}


class PaymentQuery(ListQuery):
    """What the list of payments can be asked for."""

    filters: ClassVar = FILTERS
    sort: Literal["-id", "id"] = "-id"


class PaymentRecord(BaseModel):
    """Money received from a customer, or paid back when it is negative."""

    id: UUID
    receipt_number: str
    org_unit_id: int
    customer_id: UUID
    contract_id: UUID | None
    paid_date: date
    amount: Money
    subject: str
    created_at: datetime
    updated_at: datetime
    customer: CustomerBrief | None = on_demand("The customer.")


class PaymentList(ListOf[PaymentRecord]):
    pass


class PaymentToReceive(Asked):
    """Money for a contract; a negative amount is paid back."""

    contract_id: UUID
    receipt_number: str = Field(min_length=1, max_length=60)
    paid_date: Day
    amount: Amount


@endpoint(
    router,
    "GET /payments",
    permission=VIEW_CONTRACT,
    returns=PaymentList,
    summary="List payments",
    example=examples.PAYMENTS,
    parameters=PaymentQuery,
)
def list_payments(request: HttpRequest, query: Query[PaymentQuery]) -> Reply:
    """Payments the caller may see, the latest recorded first."""
    rows = Payment.objects.visible_to(actor_of(request))
    found = list_rows(request, query, rows, order=query.sort)
    briefs = Briefs(request, PaymentList, found.rows)
    return Reply(PaymentList(data=[_read(row, briefs) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /payments/{uuid:payment_id}",
    permission=VIEW_CONTRACT,
    returns=PaymentRecord,
    summary="Get a payment",
    example=examples.PAYMENT,
    problems=(404,),
)
def get_payment(request: HttpRequest, payment_id: UUID) -> Reply:
    """One payment."""
    return _reply(request, payment_id)


@endpoint(
    router,
    "POST /payments",
    permission=CHANGE_CONTRACT,
    returns=PaymentRecord,
    summary="Receive a payment",
    example=examples.PAYMENT,
    body_example=examples.PAYMENT_TO_RECEIVE,
    headers=KEY_REQUIRED,
)
def post_payment(request: HttpRequest, body: PaymentToReceive) -> Reply:
    """Record money for a contract; no more is paid back than came in."""
    actor = actor_of(request)
    contract = find_visible(Contract.objects.visible_to(actor), body.contract_id, "contract_id")
    values = body.model_dump(exclude={"contract_id"})
    payment = receive_payment(contract, **values, actor=actor, now=timezone.now())
    return _reply(request, payment.pk, status=201)


def _reply(request: HttpRequest, payment_id: UUID, *, status: int = 200) -> Reply:
    row = get_object_or_404(Payment.objects.visible_to(actor_of(request)), pk=payment_id)
    headers = {"Location": f"/api/v1/payments/{row.pk}"} if status == 201 else {}
    return Reply(_read(row, Briefs(request, PaymentRecord, [row])), status, headers)


def _read(row: Payment, briefs: Briefs) -> PaymentRecord:
    return PaymentRecord(
        id=row.pk,
        receipt_number=row.receipt_number,
        org_unit_id=row.org_unit_id,
        customer_id=row.customer_id,
        contract_id=row.contract_id,
        paid_date=row.paid_date,
        amount=Money(amount=str(row.amount)),
        subject=row.subject,
        created_at=row.created_at,
        updated_at=row.updated_at,
        customer=briefs.of(row)["customer"],
    )
