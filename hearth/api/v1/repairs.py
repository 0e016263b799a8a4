"""Operations on repair orders: listing, making, booking into a free slot, and reporting a visit."""

from collections.abc import Iterator
from contextlib import contextmanager
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
from hearth.api.envelope import Asked, DatabaseId, ListOf, OneOf
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.page_lists import PageQuery
from hearth.api.problems import UnknownReference
from hearth.api.v1 import repair_examples as examples
from hearth.api.v1.references import find_visible
from hearth.cases.models import Case, Cause
from hearth.core.errors import InvalidInput
from hearth.core.permissions import actor_of
from hearth.properties.models import Unit
from hearth.repairs.home_parts import HomePart
from hearth.repairs.lists import REPAIRS
from hearth.repairs.models import RepairOrder
from hearth.repairs.permissions import CHANGE_REPAIR, VIEW_REPAIR, WORK_REPAIR
from hearth.repairs.selectors import future_slots, order_list, slots_to_book
from hearth.repairs.services import (
    NewRepair,
    PartUnlikely,
    VisitReport,
    book_repair,
    order_repair,
    report_visit,
)

router = Router(tags=["repairs"])
MOST_PARTS = 100
IN_BODY = {"unit": "unit_id", "slot": "slot_id"}


class RepairQuery(PageQuery):
    """What the list of repairs can be asked for."""

    definition: ClassVar = REPAIRS
    sorts: ClassVar = {"id": "newest"}
    filters: ClassVar = {
        "case_id": equals(UUID, "case_id"),
        "unit_id": equals(UUID, "unit_id"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class RepairRecord(BaseModel):
    """One repair of one part of a home."""

    id: UUID
    number: int
    org_unit_id: int
    case_id: UUID
    unit_id: UUID
    part: Annotated[str, OneOf(HomePart)]
    fault: str
    cause_id: int | None
    is_in_warranty: bool = Field(description="As it stood when the customer asked.")
    warranty_until_date: date | None
    warranty_source: str = Field(description="What makes the end: seller, builder or contract.")
    contractor: str
    state: Annotated[str, OneOf(RepairOrder.State)]
    engineer_id: int | None
    slot_id: UUID | None
    dispatched_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    signed_at: datetime | None
    repeat_of_id: UUID | None = Field(description="The earlier repair that did not hold.")
    created_at: datetime
    updated_at: datetime


class RepairList(ListOf[RepairRecord]):
    pass


class RepairToOrder(Asked):
    """A repair for a case of the kind repair."""

    unit_id: UUID = Field(description="The home, which is that of the case where it names one.")
    part: Annotated[str, OneOf(HomePart)]
    fault: str = Field(min_length=1, max_length=20_000)
    cause: str = Field("", max_length=40, description="Code of the cause, where it is known.")
    contractor: str = Field("", max_length=80)


class FreeSlotRecord(BaseModel):
    """A time in which somebody can come."""

    id: UUID
    engineer_id: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int


class FreeSlots(BaseModel):
    """The free slots of the next two weeks, the next first."""

    slots: list[FreeSlotRecord]


class RepairToBook(Asked):
    """The slot in which somebody comes."""

    slot_id: UUID


class PartToUse(Asked):
    """How much of a part of the catalogue a visit used."""

    part_id: UUID
    quantity: Decimal = Field(gt=0, max_digits=8, decimal_places=2)


class RepairVisitToReport(Asked):
    """A visit; photos and signatures are sent from the engineer's page."""

    key: UUID = Field(description="Made by the caller: a report sent again with its key is kept once.")
    came_at: AwareDatetime
    note: str = Field(min_length=1, max_length=4_000, description="What was done.")
    is_finished: bool
    parts: list[PartToUse] = Field(default_factory=list, max_length=MOST_PARTS)


class RepairVisitRecord(BaseModel):
    """A visit as it was kept."""

    id: UUID
    key: UUID
    order_id: UUID
    engineer_id: int | None
    came_at: datetime
    note: str
    is_finished: bool
    created_at: datetime


@endpoint(
    router,
    "GET /repairs",
    permission=VIEW_REPAIR,
    returns=RepairList,
    summary="List repairs",
    example=examples.REPAIRS,
    parameters=RepairQuery,
)
def list_repairs(request: HttpRequest, query: Query[RepairQuery]) -> Reply:
    """Repairs the caller may see, the latest made first."""
    found = list_rows(request, query, RepairOrder.objects.visible_to(actor_of(request)), order=query.sort)
    return Reply(RepairList(data=[_repair(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /repairs/{uuid:order_id}",
    permission=VIEW_REPAIR,
    returns=RepairRecord,
    summary="Get a repair",
    example=examples.REPAIR,
    problems=(404,),
)
def get_repair(request: HttpRequest, order_id: UUID) -> Reply:
    """One repair."""
    return Reply(_repair(_find(request, order_id)))


@endpoint(
    router,
    "POST /cases/{uuid:case_id}/repairs",
    permission=CHANGE_REPAIR,
    returns=RepairRecord,
    summary="Order a repair for a case",
    example=examples.REPAIR,
    body_example=examples.REPAIR_TO_ORDER,
    headers=KEY_REQUIRED,
    problems=(404,),
)
def post_repair(request: HttpRequest, case_id: UUID, body: RepairToOrder) -> Reply:
    """Make a repair order with its warranty as of the day on which the customer asked."""
    actor = actor_of(request)
    case = get_object_or_404(Case.objects.visible_to(actor), pk=case_id)
    units = Unit.objects.visible_to(actor).with_place().select_related("org_unit")
    unit = find_visible(units, body.unit_id, "unit_id")
    cause = Cause.objects.in_use().filter(code=body.cause).first() if body.cause else None
    if body.cause and cause is None:
        raise UnknownReference("cause")
    new = NewRepair(unit, body.part, body.fault, cause, body.contractor)
    with _named_as_sent():
        row = order_repair(case, new, actor=actor, now=timezone.now())
    return Reply(_repair(row), 201, {"Location": f"/api/v1/repairs/{row.pk}"})


@endpoint(
    router,
    "GET /repairs/{uuid:order_id}/free-slots",
    permission=CHANGE_REPAIR,
    returns=FreeSlots,
    summary="List the free slots for a repair",
    example=examples.FREE_SLOTS,
    problems=(404,),
)
def list_free_slots(request: HttpRequest, order_id: UUID) -> Reply:
    """When somebody who works at the place of the home can come within two weeks."""
    row = _find(request, order_id)
    found = slots_to_book(row.org_unit, now=timezone.now())
    slots = [
        FreeSlotRecord(**{name: getattr(slot, name) for name in FreeSlotRecord.model_fields})
        for slot in found
    ]
    return Reply(FreeSlots(slots=slots))


@endpoint(
    router,
    "POST /repairs/{uuid:order_id}/booking",
    permission=CHANGE_REPAIR,
    returns=RepairRecord,
    summary="Book a repair into a slot",
    example=examples.REPAIR,
    body_example=examples.REPAIR_TO_BOOK,
    problems=(404,),
)
def post_repair_booking(request: HttpRequest, order_id: UUID, body: RepairToBook) -> Reply:
    """Book a repair, or book it into another slot; a slot that is taken is refused with the nearest free one."""
    row, now = _find(request, order_id), timezone.now()
    slot = find_visible(future_slots(row.org_unit, now=now), body.slot_id, "slot_id")
    with _named_as_sent():
        booked = book_repair(row, slot, actor=actor_of(request), now=now)
    return Reply(_repair(booked), 201)


@endpoint(
    router,
    "POST /repairs/{uuid:order_id}/visits",
    permission=WORK_REPAIR,
    returns=RepairVisitRecord,
    summary="Report a visit for a repair",
    example=examples.VISIT,
    body_example=examples.VISIT_TO_REPORT,
    problems=(404,),
)
def post_repair_visit(request: HttpRequest, order_id: UUID, body: RepairVisitToReport) -> Reply:
    """Report what was done on site; with `is_finished` the repair waits for its three signatures."""
    parts = {each.part_id: each.quantity for each in body.parts}
    if len(parts) != len(body.parts):
        raise PartUnlikely("parts")
    said = VisitReport(body.key, body.came_at, body.note, body.is_finished, parts=parts)
    visit = report_visit(_find(request, order_id), said, actor=actor_of(request), now=timezone.now())
    record = {name: getattr(visit, name) for name in RepairVisitRecord.model_fields}
    return Reply(RepairVisitRecord(**record), 201)


@contextmanager
def _named_as_sent() -> Iterator[None]:
    """Let a refusal point at the field by the name it has in the body."""
    try:
        yield
    except InvalidInput as error:
        error.field = IN_BODY.get(error.field, error.field)
        raise


def _find(request: HttpRequest, order_id: UUID) -> RepairOrder:
    return get_object_or_404(order_list(actor_of(request)), pk=order_id)


def _repair(row: RepairOrder) -> RepairRecord:
    return RepairRecord(**{name: getattr(row, name) for name in RepairRecord.model_fields})
