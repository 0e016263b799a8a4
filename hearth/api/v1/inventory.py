"""Operations on release batches and on the price of each home."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import DatabaseId, Day, ListOf, ListQuery, Money, OneOf
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.page_lists import PageQuery
from hearth.api.v1 import inventory_examples as examples
from hearth.api.v1.briefs import Briefs, UnitBrief, on_demand
from hearth.core.permissions import actor_of
from hearth.inventory.lists import BATCHES
from hearth.inventory.models import ReleaseBatch, UnitPrice
from hearth.inventory.permissions import VIEW_INVENTORY

router = Router(tags=["inventory"])
State = Annotated[str, OneOf(ReleaseBatch.State)]


class BatchQuery(PageQuery):
    """What the list of batches can be asked for."""

    definition: ClassVar = BATCHES
    sorts: ClassVar = {"id": "newest"}
    filters: ClassVar = {
        "project_id": equals(UUID, "project_id"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "permit_number": equals(str, "permit_number"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class BatchRecord(BaseModel):
    """Homes of one project that go on sale together."""

    id: UUID
    name: str
    org_unit_id: int
    project_id: UUID
    permit_number: str
    state: State
    opens_at: datetime | None
    approved_at: datetime | None
    released_at: datetime | None
    created_at: datetime
    updated_at: datetime


class BatchList(ListOf[BatchRecord]):
    pass


class PriceQuery(ListQuery):
    """What the list of prices can be asked for."""

    filters: ClassVar = {
        "unit_id": equals(UUID, "unit_id"),
        "project_id": equals(UUID, "unit__project_id"),
        "batch_id": equals(UUID, "price_list__batch_id"),
        "price_list_id": equals(UUID, "price_list_id"),
        "valid_from_date": ordered(Day, "price_list__valid_from_date"),
    }
    sort: Literal["-id", "id"] = "-id"


class PricePart(BaseModel):
    """What one rule adds, in yuan: for each m², and for the whole home."""

    label: str
    per_area: str
    lump: str


class PriceRecord(BaseModel):
    """What one home costs by one approved version, and how that came about."""

    id: UUID
    org_unit_id: int
    unit_id: UUID
    batch_id: UUID
    price_list_id: UUID
    version: int
    valid_from_date: date = Field(description="Holds from this day until another version begins.")
    approved_at: datetime
    floor_area: str = Field(description="Square metres, as text.")
    base: Money
    per_area: Money
    total: Money
    parts: list[PricePart]
    unit: UnitBrief | None = on_demand("The home.")


class PriceList(ListOf[PriceRecord]):
    pass


@endpoint(
    router,
    "GET /release-batches",
    permission=VIEW_INVENTORY,
    returns=BatchList,
    summary="List release batches",
    example=examples.BATCHES,
    parameters=BatchQuery,
)
def list_batches(request: HttpRequest, query: Query[BatchQuery]) -> Reply:
    """Batches the caller may see, the latest begun first."""
    rows = ReleaseBatch.objects.visible_to(actor_of(request))
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(BatchList(data=[_batch(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /release-batches/{uuid:batch_id}",
    permission=VIEW_INVENTORY,
    returns=BatchRecord,
    summary="Get a release batch",
    example=examples.BATCH,
    problems=(404,),
)
def get_batch(request: HttpRequest, batch_id: UUID) -> Reply:
    """One batch."""
    return Reply(
        _batch(get_object_or_404(ReleaseBatch.objects.visible_to(actor_of(request)), pk=batch_id)), 200, {}
    )


@endpoint(
    router,
    "GET /unit-prices",
    permission=VIEW_INVENTORY,
    returns=PriceList,
    summary="List prices of homes",
    example=examples.PRICES,
    parameters=PriceQuery,
)
def list_unit_prices(request: HttpRequest, query: Query[PriceQuery]) -> Reply:
    """Every approved price of every home the caller may see: one for each home and version, past ones included."""
    rows = UnitPrice.objects.visible_to(actor_of(request)).approved().select_related("price_list")
    found = list_rows(request, query, rows, order=query.sort)
    briefs = Briefs(request, PriceList, found.rows)
    return Reply(PriceList(data=[_price(row, briefs) for row in found.rows], page=found.page))


def _batch(row: ReleaseBatch) -> BatchRecord:
    names = ("name", "org_unit_id", "project_id", "permit_number", "state", "opens_at", "approved_at")
    kept = {name: getattr(row, name) for name in (*names, "released_at", "created_at", "updated_at")}
    return BatchRecord(id=row.pk, **kept)


def _price(row: UnitPrice, briefs: Briefs) -> PriceRecord:
    prices = row.price_list
    return PriceRecord.model_validate(
        {
            "id": row.pk,
            "org_unit_id": row.org_unit_id,
            "unit_id": row.unit_id,
            "batch_id": prices.batch_id,
            "price_list_id": prices.pk,
            "version": prices.version,
            "valid_from_date": prices.valid_from_date,
            "approved_at": prices.approved_at,
            "floor_area": str(row.floor_area),
            "base": Money(amount=str(prices.base_amount)),
            "per_area": Money(amount=str(row.per_area_amount)),
            "total": Money(amount=str(row.total_amount)),
            "parts": [
                PricePart(label=label, per_area=per_area, lump=lump) for label, per_area, lump in row.parts
            ],
            "unit": briefs.of(row)["unit"],
        }
    )
