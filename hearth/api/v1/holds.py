"""Operations on holds of homes, numbers in queues 排号, and openings."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import KEY_REQUIRED, Reply, endpoint
from hearth.api.envelope import Asked, DatabaseId, ListOf, ListQuery, Money, NoFields, OneOf, money
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.v1 import hold_examples as examples
from hearth.api.v1.examples import RECORDED
from hearth.api.v1.references import find_visible
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer
from hearth.inventory.models import Hold, Opening, QueueEntry, ReleaseBatch
from hearth.inventory.permissions import HOLD_HOME, VIEW_INVENTORY
from hearth.inventory.services import give_free, hold_home, join_queue, leave_queue
from hearth.properties.models import Unit

router = Router(tags=["inventory"])
Amount = Annotated[Decimal, Field(max_digits=14, decimal_places=2, gt=0)]
SAME = ("org_unit_id", "created_at", "updated_at")


class HoldQuery(ListQuery):
    """What the list of holds can be asked for."""

    filters: ClassVar = {
        "unit_id": equals(UUID, "unit_id"),
        "customer_id": equals(UUID, "customer_id"),
        "kind": equals(Annotated[str, OneOf(Hold.Kind)], "kind"),
        "ended_at": ordered(AwareDatetime, "ended_at", can_be_empty=True),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
    }
    sort: Literal["-id", "id"] = "-id"


class HoldRecord(BaseModel):
    """A home that is, or was, kept for a customer: held for a time, or reserved."""

    id: UUID
    org_unit_id: int
    unit_id: UUID
    customer_id: UUID
    held_by_id: int
    kind: Annotated[str, OneOf(Hold.Kind)]
    expires_at: datetime | None = Field(description="The clock ends a hold; a reservation has no such end.")
    ended_at: datetime | None
    outcome: Annotated[str, OneOf(Hold.Outcome)]
    deposit: Money | None
    sign_by_date: date | None
    created_at: datetime
    updated_at: datetime


class HoldList(ListOf[HoldRecord]):
    pass


class HomeToHold(Asked):
    """For whom a home is held, for as long as the place's rule says."""

    customer_id: UUID


class QueueQuery(ListQuery):
    """What the list of numbers can be asked for."""

    filters: ClassVar = {
        "batch_id": equals(UUID, "batch_id"),
        "customer_id": equals(UUID, "customer_id"),
        "state": equals(Annotated[str, OneOf(QueueEntry.State)], "state"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
    }
    sort: Literal["-id", "id"] = "-id"


class QueueNumberRecord(BaseModel):
    """A customer's number in the queue of a batch."""

    id: UUID
    org_unit_id: int
    batch_id: UUID
    number: int
    customer_id: UUID | None = Field(description="Empty once the customer's data was erased.")
    state: Annotated[str, OneOf(QueueEntry.State)]
    amount: Money | None = Field(description="What was paid for the number.")
    created_at: datetime
    updated_at: datetime


class QueueNumberList(ListOf[QueueNumberRecord]):
    pass


class NumberToGive(Asked):
    """Who gets the next number."""

    customer_id: UUID
    amount: Amount | None = None


class OpeningQuery(ListQuery):
    """What the list of openings can be asked for."""

    filters: ClassVar = {
        "batch_id": equals(UUID, "batch_id"),
        "state": equals(Annotated[str, OneOf(Opening.State)], "state"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
    }
    sort: Literal["-id", "id"] = "-id"


class OpeningRecord(BaseModel):
    """The sales launch of a batch, in which numbers are called in rounds."""

    id: UUID
    org_unit_id: int
    batch_id: UUID
    state: Annotated[str, OneOf(Opening.State)]
    called_to: int = Field(description="The last number that was called.")
    rounds: int
    closed_at: datetime | None
    created_at: datetime
    updated_at: datetime


class OpeningList(ListOf[OpeningRecord]):
    pass


@endpoint(
    router,
    "GET /holds",
    permission=VIEW_INVENTORY,
    returns=HoldList,
    summary="List holds and reservations",
    example=examples.HOLDS,
    parameters=HoldQuery,
)
def list_holds(request: HttpRequest, query: Query[HoldQuery]) -> Reply:
    """Holds of homes that the caller may see, past ones included, the latest first."""
    found = list_rows(request, query, Hold.objects.visible_to(actor_of(request)), order=query.sort)
    return Reply(HoldList(data=[_hold(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /holds/{uuid:hold_id}",
    permission=VIEW_INVENTORY,
    returns=HoldRecord,
    summary="Get a hold",
    example=examples.HOLD,
    problems=(404,),
)
def get_hold(request: HttpRequest, hold_id: UUID) -> Reply:
    """One hold or reservation."""
    return Reply(_hold(_find_hold(request, hold_id)))


@endpoint(
    router,
    "POST /units/{uuid:unit_id}/holds",
    permission=HOLD_HOME,
    returns=HoldRecord,
    summary="Hold a home for a customer",
    example=examples.HOLD,
    body_example=examples.TO_HOLD,
    headers=KEY_REQUIRED,
    problems=(404,),
)
def post_hold(request: HttpRequest, unit_id: UUID, body: HomeToHold) -> Reply:
    """Hold a free home; one that is held, reserved or sold is refused."""
    actor = actor_of(request)
    unit = get_object_or_404(Unit.objects.visible_to(actor), pk=unit_id)
    customer = find_visible(Customer.objects.visible_to(actor), body.customer_id, "customer_id")
    row = hold_home(unit, customer=customer, actor=actor, now=timezone.now())
    return Reply(_hold(row), 201, {"Location": f"/api/v1/holds/{row.pk}"})


@endpoint(
    router,
    "POST /holds/{uuid:hold_id}/release",
    permission=HOLD_HOME,
    returns=HoldRecord,
    summary="Give a held home free",
    example={**examples.HOLD, "ended_at": RECORDED, "outcome": "released"},
    body_example={},
    problems=(404,),
)
def post_hold_release(request: HttpRequest, hold_id: UUID, body: NoFields) -> Reply:
    """End a hold before its time; that of another, and a reservation, need the right to hold longer."""
    row = give_free(_find_hold(request, hold_id), actor=actor_of(request), now=timezone.now())
    return Reply(_hold(row), 201)


@endpoint(
    router,
    "GET /queue-registrations",
    permission=VIEW_INVENTORY,
    returns=QueueNumberList,
    summary="List numbers in queues",
    example=examples.NUMBERS,
    parameters=QueueQuery,
)
def list_queue_registrations(request: HttpRequest, query: Query[QueueQuery]) -> Reply:
    """Numbers of the batches that the caller may see, the latest given first."""
    found = list_rows(request, query, QueueEntry.objects.visible_to(actor_of(request)), order=query.sort)
    return Reply(QueueNumberList(data=[_number(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /queue-registrations/{uuid:entry_id}",
    permission=VIEW_INVENTORY,
    returns=QueueNumberRecord,
    summary="Get a number in a queue",
    example=examples.NUMBER,
    problems=(404,),
)
def get_queue_registration(request: HttpRequest, entry_id: UUID) -> Reply:
    """One number."""
    return Reply(_number(_find_entry(request, entry_id)))


@endpoint(
    router,
    "POST /release-batches/{uuid:batch_id}/queue-registrations",
    permission=HOLD_HOME,
    returns=QueueNumberRecord,
    summary="Give a customer the next number",
    example=examples.NUMBER,
    body_example=examples.TO_QUEUE,
    headers=KEY_REQUIRED,
    problems=(404,),
)
def post_queue_registration(request: HttpRequest, batch_id: UUID, body: NumberToGive) -> Reply:
    """Give the next number in the queue of a batch; a customer has one."""
    actor = actor_of(request)
    batch = get_object_or_404(ReleaseBatch.objects.visible_to(actor), pk=batch_id)
    customer = find_visible(Customer.objects.visible_to(actor), body.customer_id, "customer_id")
    row = join_queue(batch, customer=customer, amount=body.amount, actor=actor, now=timezone.now())
    return Reply(_number(row), 201, {"Location": f"/api/v1/queue-registrations/{row.pk}"})


@endpoint(
    router,
    "POST /queue-registrations/{uuid:entry_id}/withdrawal",
    permission=HOLD_HOME,
    returns=QueueNumberRecord,
    summary="Withdraw a number",
    example={**examples.NUMBER, "state": "withdrawn"},
    body_example={},
    problems=(404,),
)
def post_queue_withdrawal(request: HttpRequest, entry_id: UUID, body: NoFields) -> Reply:
    """Withdraw a number that waits; it is not given again."""
    row = leave_queue(_find_entry(request, entry_id), actor=actor_of(request), now=timezone.now())
    return Reply(_number(row), 201)


@endpoint(
    router,
    "GET /openings",
    permission=VIEW_INVENTORY,
    returns=OpeningList,
    summary="List openings",
    example=examples.OPENINGS,
    parameters=OpeningQuery,
)
def list_openings(request: HttpRequest, query: Query[OpeningQuery]) -> Reply:
    """Openings of the batches that the caller may see, the latest first."""
    found = list_rows(request, query, Opening.objects.visible_to(actor_of(request)), order=query.sort)
    names = ("batch_id", "state", "called_to", "rounds", "closed_at", *SAME)
    read = [OpeningRecord(id=row.pk, **{name: getattr(row, name) for name in names}) for row in found.rows]
    return Reply(OpeningList(data=read, page=found.page))


def _find_hold(request: HttpRequest, hold_id: UUID) -> Hold:
    return get_object_or_404(Hold.objects.visible_to(actor_of(request)), pk=hold_id)


def _find_entry(request: HttpRequest, entry_id: UUID) -> QueueEntry:
    return get_object_or_404(QueueEntry.objects.visible_to(actor_of(request)), pk=entry_id)


def _hold(row: Hold) -> HoldRecord:
    names = ("unit_id", "customer_id", "kind", "expires_at", "ended_at", "outcome", "sign_by_date", *SAME)
    kept = {name: getattr(row, name) for name in names}
    return HoldRecord(id=row.pk, held_by_id=row.user_id, deposit=money(row.deposit_amount), **kept)


def _number(row: QueueEntry) -> QueueNumberRecord:
    names = ("batch_id", "number", "customer_id", "state", *SAME)
    kept = {name: getattr(row, name) for name in names}
    return QueueNumberRecord(id=row.pk, amount=money(row.amount), **kept)
