"""Operations on competitors and their prices, market events, and the funnel of leads."""

from datetime import date, datetime
from decimal import Decimal
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
from hearth.api.v1 import market_examples as examples
from hearth.api.v1.references import place_to_write
from hearth.api.v1.spans import SpanQuery, SpanRecord, span_asked
from hearth.core.permissions import actor_of
from hearth.market.lists import COMPETITORS, EVENTS
from hearth.market.models import Competitor, CompetitorPrice, MarketEvent
from hearth.market.permissions import CHANGE_MARKET, VIEW_MARKET
from hearth.market.services import AboutEvent, PriceSeen, note_event, note_price
from hearth.sales_figures.forms import FunnelForm
from hearth.sales_figures.funnel import Line, funnel
from hearth.sales_figures.permissions import VIEW_SALES_FIGURES

router = Router(tags=["market"])


class CompetitorQuery(PageQuery):
    """What the list of competitors can be asked for."""

    definition: ClassVar = COMPETITORS
    sorts: ClassVar = {"id": "newest"}
    filters: ClassVar = {
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class CompetitorRecord(BaseModel):
    """A project of another company."""

    id: UUID
    org_unit_id: int
    name: str
    developer: str
    district: str
    note: str
    is_active: bool = Field(description="Whether it is still watched.")
    created_at: datetime
    updated_at: datetime


class CompetitorList(ListOf[CompetitorRecord]):
    pass


class PriceToNote(Asked):
    """What a competitor asks or gets for a square metre on a day."""

    kind: Annotated[str, OneOf(CompetitorPrice.Kind)]
    observed_date: date
    area_price: Decimal = Field(max_digits=10, decimal_places=2, description="Yuan per m².")
    source: str = Field(min_length=1, max_length=200, description="Where it was seen.")


class CompetitorPriceRecord(BaseModel):
    """A price of a competitor."""

    id: UUID
    competitor_id: UUID
    kind: Annotated[str, OneOf(CompetitorPrice.Kind)]
    observed_date: date
    area_price: Decimal = Field(description="Yuan per m².")
    source: str
    struck_at: datetime | None = Field(description="When it was struck out as wrong.")
    created_at: datetime


class MarketEventQuery(PageQuery):
    """What the list of market events can be asked for."""

    definition: ClassVar = EVENTS
    sorts: ClassVar = {"id": "newest", "starts_date": "starts"}
    filters: ClassVar = {
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id", "-starts_date", "starts_date"] = "-id"


class MarketEventRecord(BaseModel):
    """Something that moves prices and demand at a place and below it."""

    id: UUID
    org_unit_id: int
    kind: Annotated[str, OneOf(MarketEvent.Kind)]
    title: str
    effect: Annotated[str, OneOf(MarketEvent.Effect)]
    starts_date: date
    ends_date: date | None
    reference: str
    note: str
    created_at: datetime
    updated_at: datetime


class MarketEventList(ListOf[MarketEventRecord]):
    pass


class MarketEventToNote(Asked):
    """A market event."""

    org_unit: str = Field(max_length=40, description="Code of the place where it holds.")
    kind: Annotated[str, OneOf(MarketEvent.Kind)]
    title: str = Field(min_length=1, max_length=120)
    effect: Annotated[str, OneOf(MarketEvent.Effect)] = MarketEvent.Effect.OPEN.value
    starts_date: date
    ends_date: date | None = None
    reference: str = Field("", max_length=200)
    note: str = Field("", max_length=5_000)


class FunnelQuery(SpanQuery):
    """Which leads are counted, and by what they are parted."""

    by: Literal["source", "consultant", "project", "segment", "week", "relation"] = "source"


class FunnelLine(BaseModel):
    """Leads that have something in common, and how far they came until now."""

    label: str
    leads: int
    visits: int
    intentions: int
    reservations: int
    contracts: int
    lost: int
    days: float | None = Field(description="Days from the first contact to the contract, on average.")


class FunnelRecord(SpanRecord):
    """The funnel of some days."""

    lines: list[FunnelLine]
    total: FunnelLine


@endpoint(
    router,
    "GET /competitors",
    permission=VIEW_MARKET,
    returns=CompetitorList,
    summary="List competitors",
    example=examples.COMPETITORS,
    parameters=CompetitorQuery,
)
def list_competitors(request: HttpRequest, query: Query[CompetitorQuery]) -> Reply:
    """Competitors the caller may see, the latest noted first."""
    found = list_rows(request, query, Competitor.objects.visible_to(actor_of(request)), order=query.sort)
    rows = [
        CompetitorRecord(**{name: getattr(row, name) for name in CompetitorRecord.model_fields})
        for row in found.rows
    ]
    return Reply(CompetitorList(data=rows, page=found.page))


@endpoint(
    router,
    "POST /competitors/{uuid:competitor_id}/prices",
    permission=CHANGE_MARKET,
    returns=CompetitorPriceRecord,
    summary="Note a price of a competitor",
    example=examples.PRICE,
    body_example=examples.PRICE_TO_NOTE,
    problems=(404,),
)
def post_competitor_price(request: HttpRequest, competitor_id: UUID, body: PriceToNote) -> Reply:
    """Note a price; the same price of the same day again changes nothing, another one is refused."""
    actor = actor_of(request)
    row = get_object_or_404(Competitor.objects.visible_to(actor), pk=competitor_id)
    price = note_price(row, PriceSeen(**body.model_dump()), actor=actor, now=timezone.now())
    record = CompetitorPriceRecord(
        **{name: getattr(price, name) for name in CompetitorPriceRecord.model_fields}
    )
    return Reply(record, 201)


@endpoint(
    router,
    "GET /market-events",
    permission=VIEW_MARKET,
    returns=MarketEventList,
    summary="List market events",
    example=examples.EVENTS,
    parameters=MarketEventQuery,
)
def list_market_events(request: HttpRequest, query: Query[MarketEventQuery]) -> Reply:
    """Events that bear on a place where the caller sees the market, the latest noted first unless sorted otherwise."""
    found = list_rows(request, query, MarketEvent.objects.visible_to(actor_of(request)), order=query.sort)
    return Reply(MarketEventList(data=[_event(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "POST /market-events",
    permission=CHANGE_MARKET,
    returns=MarketEventRecord,
    summary="Note a market event",
    example=examples.EVENT,
    body_example=examples.EVENT_TO_NOTE,
)
def post_market_event(request: HttpRequest, body: MarketEventToNote) -> Reply:
    """Note what moves the market at a place and below it."""
    actor = actor_of(request)
    place = place_to_write(body.org_unit, actor, CHANGE_MARKET)
    about = AboutEvent(**body.model_dump(exclude={"org_unit"}))
    row = note_event(place, about, actor=actor, now=timezone.now())
    return Reply(_event(row), 201)


@endpoint(
    router,
    "GET /sales-funnel",
    permission=VIEW_SALES_FIGURES,
    returns=FunnelRecord,
    summary="Get the funnel of leads",
    example=examples.FUNNEL,
    parameters=FunnelQuery,
    problems=(422,),
)
def get_sales_funnel(request: HttpRequest, query: Query[FunnelQuery]) -> Reply:
    """How far the leads recorded on some days came, where the caller sees figures of sales."""
    actor = actor_of(request)
    asked = span_asked(FunnelForm, query, actor)
    table = funnel(asked, query.by, actor)
    return Reply(
        FunnelRecord(
            by=query.by,
            first_date=asked.first_date,
            last_date=asked.last_date,
            lines=[_line(line) for line in table.lines],
            total=_line(table.total),
        )
    )


def _event(row: MarketEvent) -> MarketEventRecord:
    return MarketEventRecord(**{name: getattr(row, name) for name in MarketEventRecord.model_fields})


def _line(line: Line) -> FunnelLine:
    return FunnelLine(**{name: getattr(line, name) for name in FunnelLine.model_fields})
