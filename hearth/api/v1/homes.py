"""Operations on homes."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Day, ListOf, Money, OneOf, money, superseded
from hearth.api.filters import Number, equals, ordered
from hearth.api.listing import list_rows
from hearth.api.page_lists import PageQuery
from hearth.api.v1 import examples
from hearth.api.v1.custom_values import IF_MATCH, CustomChange, CustomValue, change_custom, custom_of
from hearth.api.v1.references import place_to_read
from hearth.api.v1.versions import version_at
from hearth.core.actor import Actor
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer, UnitRole
from hearth.organization.models import OrgUnit
from hearth.properties.lists import HOMES
from hearth.properties.models import Unit, UnitQuerySet
from hearth.properties.permissions import CHANGE_PROPERTY, VIEW_PROPERTY

router = Router(tags=["homes"])
State = Annotated[str, OneOf(Unit.State)]


FILTERS = {
    "project_id": equals(UUID, "project_id"),
    "building_id": equals(UUID, "building_id"),
    "external_key": equals(str, "external_key"),
    "floor": ordered(int, "floor", can_be_empty=True),
    "layout": equals(str, "layout"),
    "floor_area": ordered(Number, "floor_area", can_be_empty=True),
    "list_price": ordered(Number, "list_price_amount", can_be_empty=True),
    "handover_date": ordered(Day, "handover_date", can_be_empty=True),
    "updated_at": ordered(AwareDatetime, "updated_at"),
}


class UnitQuery(PageQuery):
    """What the list of homes can be asked for."""

    definition: ClassVar = HOMES
    sorts: ClassVar = {"id": "recorded"}
    filters: ClassVar = FILTERS
    org_unit: str = Field("", max_length=40, description="Code of a place; places below it count.")
    project_id: UUID | None = superseded(None, "filter[project_id][eq]")
    building_id: UUID | None = superseded(None, "filter[building_id][eq]")
    state: State | None = superseded(None, "filter[state][eq]")
    external_key: str = superseded("", "filter[external_key][eq]", max_length=60)
    sort: Literal["-id", "id"] = "-id"


class UnitLine(BaseModel):
    """A home."""

    id: UUID
    number: str
    address: str
    org_unit_id: int
    project_id: UUID
    building_id: UUID
    entrance_id: UUID | None
    floor: int | None
    layout: str
    orientation: str
    fit_out: str
    floor_area: str | None = Field(description="Square metres, as text.")
    list_price: Money | None
    built_year: int | None
    state: State
    handover_date: date | None
    external_key: str
    created_at: datetime
    updated_at: datetime


class UnitList(ListOf[UnitLine]):
    pass


class CustomerOfHome(BaseModel):
    """Somebody of the home, if the caller may see them."""

    customer_id: UUID
    role: Annotated[str, OneOf(UnitRole.Role)]
    valid_from: date | None
    valid_to: date | None


class UnitRecord(UnitLine):
    """A home with its people, past ones included."""

    custom: dict[str, CustomValue]
    customers: list[CustomerOfHome]


@endpoint(
    router,
    "GET /units",
    permission=VIEW_PROPERTY,
    returns=UnitList,
    summary="List homes",
    example=examples.UNITS,
    parameters=UnitQuery,
)
def list_units(request: HttpRequest, query: Query[UnitQuery]) -> Reply:
    """Homes the caller may see, the latest recorded first."""
    units = _asked_for(query, actor_of(request))
    found = list_rows(request, query, units.with_place(), order=query.sort)
    return Reply(UnitList(data=[UnitLine(**unit_fields(unit)) for unit in found.rows], page=found.page))


@endpoint(
    router,
    "GET /units/{uuid:unit_id}",
    permission=VIEW_PROPERTY,
    returns=UnitRecord,
    summary="Get a home",
    example=examples.UNIT,
    problems=(404,),
)
def get_unit(request: HttpRequest, unit_id: UUID) -> Reply:
    """One home with the customers who have or had to do with it. The ETag is needed to change it."""
    return _reply(request, unit_id)


@endpoint(
    router,
    "PATCH /units/{uuid:unit_id}",
    permission=CHANGE_PROPERTY,
    returns=UnitRecord,
    summary="Change custom fields of a home",
    example=examples.UNIT,
    body_example=examples.CUSTOM_CHANGE,
    headers=IF_MATCH,
    problems=(404, 412, 428),
)
def patch_unit(request: HttpRequest, unit_id: UUID, body: CustomChange) -> Reply:
    """Change custom fields, if nobody else changed the home since the caller read it."""
    unit = get_object_or_404(Unit.objects.visible_to(actor_of(request)), pk=unit_id)
    return change_custom(request, "unit", unit, body, lambda: _reply(request, unit_id))


def _reply(request: HttpRequest, unit_id: UUID) -> Reply:
    actor = actor_of(request)
    unit = get_object_or_404(Unit.objects.visible_to(actor).with_place(), pk=unit_id)
    roles = UnitRole.objects.filter(unit=unit, customer__in=Customer.objects.visible_to(actor))
    people = [
        CustomerOfHome(
            customer_id=role.customer_id, role=role.role, valid_from=role.valid_from, valid_to=role.valid_to
        )
        for role in roles.order_by("valid_from", "id")
    ]
    record = UnitRecord(**unit_fields(unit), custom=custom_of("unit", unit, actor), customers=people)
    return Reply(record, headers={"ETag": version_at(unit.updated_at)})


def _asked_for(query: UnitQuery, actor: Actor) -> UnitQuerySet:
    units = Unit.objects.visible_to(actor)
    if place := place_to_read(query.org_unit, actor, VIEW_PROPERTY):
        below = OrgUnit.objects.below(OrgUnit.objects.get(pk=place))
        units = units.filter(org_unit__in=below.values("pk"))
    wanted = query.model_dump(include={"project_id", "building_id", "state", "external_key"})
    return units.filter(**{name: value for name, value in wanted.items() if value})


def unit_fields(unit: Unit) -> dict[str, Any]:
    return {
        "id": unit.pk,
        "number": unit.number,
        "address": unit.address,
        "org_unit_id": unit.org_unit_id,
        "project_id": unit.project_id,
        "building_id": unit.building_id,
        "entrance_id": unit.entrance_id,
        "floor": unit.floor,
        "layout": unit.layout,
        "orientation": unit.orientation,
        "fit_out": unit.fit_out,
        "floor_area": None if unit.floor_area is None else str(unit.floor_area),
        "list_price": money(unit.list_price_amount),
        "built_year": unit.built_year,
        "state": unit.state,
        "handover_date": unit.handover_date,
        "external_key": unit.external_key,
        "created_at": unit.created_at,
        "updated_at": unit.updated_at,
    }
