"""Operations on what customers agreed to."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Asked, ListOf, ListQuery, OneOf
from hearth.api.filters import equals
from hearth.api.listing import list_rows
from hearth.api.v1 import contact_examples as examples
from hearth.api.v1.interactions import EARLIEST
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer
from hearth.privacy.models import Consent
from hearth.privacy.permissions import CHANGE_CONSENT, VIEW_CONSENT
from hearth.privacy.services import record_consent

router = Router(tags=["consents"])
How = Annotated[str, OneOf(Consent.Channel)]
Decision = Annotated[str, OneOf(Consent.Decision)]
FILTERS = {
    "purpose": equals(str, "purpose__code"),
    "channel": equals(How, "channel"),
    "decision": equals(Decision, "decision"),
}


class ConsentQuery(ListQuery):
    """What the list of a customer's consents can be asked for."""

    filters: ClassVar = FILTERS


class ConsentRecord(BaseModel):
    """One decision of a customer; the newest for a purpose and channel holds."""

    id: UUID
    customer_id: UUID
    purpose: str
    channel: How
    decision: Decision
    decided_at: datetime
    how: str
    evidence: str
    guardian_id: UUID | None
    text_version: int
    recorded_by_id: int | None
    created_at: datetime


class ConsentList(ListOf[ConsentRecord]):
    pass


class ConsentToRecord(Asked):
    """What a customer decided, and how we know."""

    purpose: str = Field(min_length=1, max_length=40)
    channel: How
    decision: Decision
    how: str = Field(min_length=1, max_length=60, description="The proof: a form, a call, a letter.")
    decided_at: AwareDatetime | None = Field(None, ge=EARLIEST, description="Now, unless it was earlier.")
    evidence: str = Field("", max_length=200, description="Where the proof is kept.")
    guardian_id: UUID | None = Field(None, description="The adult of the household who decided for a child.")


@endpoint(
    router,
    "GET /customers/{uuid:customer_id}/consents",
    permission=VIEW_CONSENT,
    returns=ConsentList,
    summary="List a customer's consents",
    example=examples.CONSENTS,
    parameters=ConsentQuery,
    problems=(404,),
)
def list_consents(request: HttpRequest, customer_id: UUID, query: Query[ConsentQuery]) -> Reply:
    """Every decision of a customer, the newest first; nothing is ever changed or removed."""
    customer = _customer(request, customer_id)
    rows = Consent.objects.filter(customer=customer).select_related("purpose")
    found = list_rows(request, query, rows, order="-decided_at")
    return Reply(ConsentList(data=[_read(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "POST /customers/{uuid:customer_id}/consents",
    permission=CHANGE_CONSENT,
    returns=ConsentRecord,
    summary="Record a consent",
    example=examples.CONSENT,
    body_example=examples.CONSENT_TO_RECORD,
    problems=(404,),
)
def post_consent(request: HttpRequest, customer_id: UUID, body: ConsentToRecord) -> Reply:
    """Record that a customer gave, refused or withdrew consent."""
    customer = _customer(request, customer_id)
    values = body.model_dump(exclude={"purpose"})
    row = record_consent(
        customer, purpose_code=body.purpose, **values, actor=actor_of(request), now=timezone.now()
    )
    return Reply(_read(row), 201)


def _customer(request: HttpRequest, customer_id: UUID) -> Customer:
    return get_object_or_404(Customer.objects.visible_to(actor_of(request)).only("id"), pk=customer_id)


def _read(row: Consent) -> ConsentRecord:
    values = {name: getattr(row, name) for name in ConsentRecord.model_fields if name != "purpose"}
    return ConsentRecord(**values, purpose=row.purpose.code)
