"""The stream of events: a customer's timeline, and the feed that other systems pull."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import ListOf, ListQuery, Money, Page, money, page_of
from hearth.api.problems import Problem
from hearth.api.v1 import examples
from hearth.api.validation import OTHERWISE, FieldError
from hearth.core.events import event_types
from hearth.core.horizon import BEGINNING, Position, settled_after, settled_before
from hearth.core.models import EventRecord
from hearth.core.pages import MAX_LIMIT, BadCursor, keyset_page
from hearth.core.permissions import VIEW_EVENTS, actor_of
from hearth.core.timeline import Detail, load_details
from hearth.customers.models import Customer
from hearth.customers.selectors import aliases_of

router = Router(tags=["events"])
SALT = "hearth.api.events"


class EventItem(BaseModel):
    """What happened, to whom and where: ids and codes, never personal data."""

    id: UUID
    type: str
    occurred_at: datetime
    recorded_at: datetime
    org_unit_id: int | None
    customer_id: UUID | None
    household_id: UUID | None
    unit_id: UUID | None
    project_id: UUID | None
    subject_id: UUID | None
    actor_kind: str
    channel: str
    payload: dict[str, Any]


class EventList(ListOf[EventItem]):
    pass


class TimelineItem(EventItem):
    """An event in words, as far as the caller may see what it is about."""

    label: str
    family: str
    amount: Money | None
    summary: str
    body: str


class Timeline(ListOf[TimelineItem]):
    pass


class FeedQuery(BaseModel):
    """Where the feed goes on, and which events are wanted."""

    after: str = Field(
        "", max_length=200, description="“page.next” of the answer before; empty: the beginning."
    )
    types: str = Field("", max_length=1000, description="Types, separated by commas; empty: all.")
    limit: int = Field(50, ge=1, le=MAX_LIMIT)


@endpoint(
    router,
    "GET /customers/{uuid:customer_id}/timeline",
    permission=VIEW_EVENTS,
    returns=Timeline,
    summary="Get a customer's timeline",
    example=examples.TIMELINE,
    parameters=ListQuery,
    problems=(404,),
)
def get_timeline(request: HttpRequest, customer_id: UUID, query: Query[ListQuery]) -> Reply:
    """What happened to a customer, the newest first."""
    actor = actor_of(request)
    customer = get_object_or_404(Customer.objects.visible_to(actor).only("id"), pk=customer_id)
    ids = [customer.pk, *aliases_of([customer.pk])]
    events = EventRecord.objects.visible_to(actor).of_customers(ids)
    found = keyset_page(events, order="-occurred_at", cursor=query.cursor, limit=query.limit)
    details = load_details(found.rows, actor)
    page = page_of(found.next_cursor, query, events)
    return Reply(Timeline(data=[_entry(event, details.get(event.id)) for event in found.rows], page=page))


@endpoint(
    router,
    "GET /events",
    permission=VIEW_EVENTS,
    returns=EventList,
    summary="Pull events",
    example=examples.EVENTS,
    parameters=FeedQuery,
)
def list_events(request: HttpRequest, query: Query[FeedQuery]) -> Reply:
    """Every event the caller may see, each once, in an order that never changes.

    Keep “page.next”, which is never null, and ask again with it: an event is given only when none can come before
    it any more, so that a transaction that takes long delays the feed and loses nothing.
    """
    events = EventRecord.objects.visible_to(actor_of(request))
    if wanted := _types(query.types):
        events = events.filter(type__in=wanted)
    after = _read_cursor(query.after) if query.after else BEGINNING
    rows = list(settled_after(events, after, before=settled_before())[: query.limit])
    end = (rows[-1].transaction, rows[-1].position) if rows else after
    page = Page(next=signing.dumps(end, salt=SALT), limit=query.limit, estimated_total=None)
    return Reply(EventList(data=[EventItem(**_fields(event)) for event in rows], page=page))


def _types(text: str) -> list[str]:
    wanted = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in event_types]
    if unknown:
        errors = [FieldError("types", "unknown_type", str(OTHERWISE), {"value": name}) for name in unknown]
        raise Problem("invalid_parameter", errors=errors)
    return wanted


def _read_cursor(cursor: str) -> Position:
    try:
        transaction, position = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise BadCursor("after") from error
    return transaction, position


def _fields(event: EventRecord) -> dict[str, Any]:
    return {name: getattr(event, name) for name in EventItem.model_fields}


def _entry(event: EventRecord, detail: Detail | None) -> TimelineItem:
    event_type = event_types.get(event.type)
    return TimelineItem(
        **_fields(event),
        label=str(event_type.label) if event_type else event.type,
        family=event_type.family if event_type else "system",
        amount=money(event.amount),
        summary=detail.summary if detail else "",
        body=detail.body if detail else "",
    )
