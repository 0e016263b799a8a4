"""Operations on segments and campaigns."""

from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import DatabaseId, ListOf, ListQuery, NoFields
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.page_lists import PageQuery
from hearth.api.v1 import audience_examples as examples
from hearth.api.v1.briefs import CustomerBrief
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer
from hearth.segments.lists import SEGMENTS
from hearth.segments.models import Segment, SegmentCount
from hearth.segments.permissions import VIEW_SEGMENT
from hearth.segments.selectors import latest_members_count
from hearth.segments.services import materialise

router = Router(tags=["segments"])
SEGMENT_FILTERS = {
    "org_unit_id": equals(DatabaseId, "org_unit_id"),
    "name": equals(str, "name"),
    "updated_at": ordered(AwareDatetime, "updated_at"),
}


class SegmentQuery(PageQuery):
    """What the list of segments can be asked for."""

    definition: ClassVar = SEGMENTS
    sorts: ClassVar = {"name": "name", "id": "recorded"}
    filters: ClassVar = SEGMENT_FILTERS
    sort: Literal["name", "-name", "-id", "id"] = "name"


class SegmentRecord(BaseModel):
    """An audience as a rule."""

    id: UUID
    org_unit_id: int
    name: str
    description: str
    rule: dict[str, Any]
    created_at: datetime
    updated_at: datetime


class SegmentList(ListOf[SegmentRecord]):
    pass


class SegmentCountRecord(BaseModel):
    """How many are in a segment, by a snapshot; who they are was kept if `has_members`."""

    id: UUID
    segment_id: UUID
    size: int
    snapshot_taken_at: datetime
    has_members: bool
    seconds: float
    created_at: datetime


class SegmentCountList(ListOf[SegmentCountRecord]):
    pass


class SegmentMembers(ListOf[CustomerBrief]):
    pass


@endpoint(
    router,
    "GET /segments",
    permission=VIEW_SEGMENT,
    returns=SegmentList,
    summary="List segments",
    example=examples.SEGMENTS,
    parameters=SegmentQuery,
)
def list_segments(request: HttpRequest, query: Query[SegmentQuery]) -> Reply:
    """Segments the caller may see, by name."""
    rows = Segment.objects.visible_to(actor_of(request))
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(SegmentList(data=[_read(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /segments/{uuid:segment_id}",
    permission=VIEW_SEGMENT,
    returns=SegmentRecord,
    summary="Get a segment",
    example=examples.SEGMENT,
    problems=(404,),
)
def get_segment(request: HttpRequest, segment_id: UUID) -> Reply:
    """One segment with its rule."""
    return Reply(_read(_segment(request, segment_id)))


@endpoint(
    router,
    "GET /segments/{uuid:segment_id}/members",
    permission=VIEW_SEGMENT,
    returns=SegmentMembers,
    summary="List a segment's members",
    example=examples.MEMBERS,
    parameters=ListQuery,
    problems=(404,),
)
def list_segment_members(request: HttpRequest, segment_id: UUID, query: Query[ListQuery]) -> Reply:
    """Who was in the segment at its newest count that kept them, as far as the caller may see them."""
    count = latest_members_count(_segment(request, segment_id))
    members = Customer.objects.visible_to(actor_of(request)).filter(segment_memberships__count=count)
    rows = members if count else members.none()
    found = list_rows(request, query, rows.only("id", "number", "name"), order="-id")
    people = [CustomerBrief(id=row.pk, number=row.number, name=row.name) for row in found.rows]
    return Reply(SegmentMembers(data=people, page=found.page))


@endpoint(
    router,
    "GET /segments/{uuid:segment_id}/counts",
    permission=VIEW_SEGMENT,
    returns=SegmentCountList,
    summary="List a segment's counts",
    example=examples.COUNTS,
    parameters=ListQuery,
    problems=(404,),
)
def list_segment_counts(request: HttpRequest, segment_id: UUID, query: Query[ListQuery]) -> Reply:
    """How large the segment was, the newest count first."""
    rows = _segment(request, segment_id).counts.select_related("snapshot")
    found = list_rows(request, query, rows, order="-id")
    return Reply(SegmentCountList(data=[_count(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "POST /segments/{uuid:segment_id}/counts",
    permission=VIEW_SEGMENT,
    returns=SegmentCountRecord,
    summary="Count a segment",
    example=examples.COUNT,
    body_example={},
    problems=(404,),
)
def post_segment_count(request: HttpRequest, segment_id: UUID, body: NoFields) -> Reply:
    """Count who is in the segment by the newest snapshot, and keep who they are."""
    segment = _segment(request, segment_id)
    count = materialise(segment, actor=actor_of(request), now=timezone.now())
    return Reply(_count(count), 201)


def _segment(request: HttpRequest, segment_id: UUID) -> Segment:
    rows = Segment.objects.visible_to(actor_of(request)).select_related("org_unit")
    return get_object_or_404(rows, pk=segment_id)


def _read(row: Segment) -> SegmentRecord:
    return SegmentRecord.model_validate(row, from_attributes=True)


def _count(row: SegmentCount) -> SegmentCountRecord:
    return SegmentCountRecord(
        id=row.pk,
        segment_id=row.segment_id,
        size=row.size,
        snapshot_taken_at=row.snapshot.taken_at,
        has_members=row.has_members,
        seconds=row.seconds,
        created_at=row.created_at,
    )
