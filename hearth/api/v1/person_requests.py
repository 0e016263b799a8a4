"""Operations on what persons ask for by right."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Asked, DatabaseId, ListOf, OneOf
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.page_lists import PageQuery
from hearth.api.v1 import contact_examples as examples
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer
from hearth.privacy.lists import REQUESTS
from hearth.privacy.models import PersonRequest
from hearth.privacy.permissions import TAKE_REQUEST
from hearth.privacy.services import receive_request

router = Router(tags=["person requests"])
Kind = Annotated[str, OneOf(PersonRequest.Kind)]
State = Annotated[str, OneOf(PersonRequest.State)]
CameBy = Annotated[str, OneOf(PersonRequest.CameBy)]


class PersonRequestQuery(PageQuery):
    """What the list of requests can be asked for."""

    definition: ClassVar = REQUESTS
    sorts: ClassVar = {"due_date": "due", "id": "received"}
    filters: ClassVar = {
        "customer_id": equals(UUID, "customer_id"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["due_date", "-due_date", "id", "-id"] = "due_date"


class PersonRequestRecord(BaseModel):
    """What a person asked for by right, without what was said: that is read on the page alone."""

    id: UUID
    number: int
    customer_id: UUID
    org_unit_id: int
    kind: Kind
    state: State
    came_by: CameBy
    received_at: datetime
    due_date: date = Field(description="Fifteen working days after it was received.")
    limit_date: date = Field(description="Thirty days after it was received.")
    identified_at: datetime | None
    closed_at: datetime | None
    handler_id: int | None
    created_at: datetime
    updated_at: datetime


class PersonRequestList(ListOf[PersonRequestRecord]):
    pass


class PersonRequestToNote(Asked):
    """What a person asks for, as another system took it in."""

    kind: Kind
    wish: str = Field("", max_length=2000, description="What the person said, in their words.")


@endpoint(
    router,
    "GET /person-requests",
    permission=TAKE_REQUEST,
    returns=PersonRequestList,
    summary="List requests of persons",
    example=examples.PERSON_REQUESTS,
    parameters=PersonRequestQuery,
)
def list_person_requests(request: HttpRequest, query: Query[PersonRequestQuery]) -> Reply:
    """Requests the caller may see, those due first."""
    rows = PersonRequest.objects.visible_to(actor_of(request)).defer("wish_sealed", "answer_sealed")
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(PersonRequestList(data=[_read(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /person-requests/{uuid:request_id}",
    permission=TAKE_REQUEST,
    returns=PersonRequestRecord,
    summary="Get a request of a person",
    example=examples.PERSON_REQUEST,
    problems=(404,),
)
def get_person_request(request: HttpRequest, request_id: UUID) -> Reply:
    """One request."""
    row = get_object_or_404(PersonRequest.objects.visible_to(actor_of(request)), pk=request_id)
    return Reply(_read(row))


@endpoint(
    router,
    "POST /customers/{uuid:customer_id}/person-requests",
    permission=TAKE_REQUEST,
    returns=PersonRequestRecord,
    summary="Note a request of a person",
    example=examples.PERSON_REQUEST,
    body_example=examples.PERSON_REQUEST_TO_NOTE,
    problems=(404, 422),
)
def post_person_request(request: HttpRequest, customer_id: UUID, body: PersonRequestToNote) -> Reply:
    """Note what a customer asks for by right; people check who asks and answer."""
    customer = get_object_or_404(Customer.objects.visible_to(actor_of(request)), pk=customer_id)
    row = receive_request(
        customer,
        kind=body.kind,
        wish=body.wish,
        came_by=PersonRequest.CameBy.API,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return Reply(_read(row), 201)


def _read(row: PersonRequest) -> PersonRequestRecord:
    return PersonRequestRecord(**{name: getattr(row, name) for name in PersonRequestRecord.model_fields})
