"""Operations on households and on what customers are to homes."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Asked, Day, ListOf, ListQuery, OneOf
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.v1 import family_examples as examples
from hearth.api.v1.briefs import INCLUDABLE, Briefs, CustomerBrief, UnitBrief, on_demand
from hearth.api.v1.customer_schemas import HouseholdMember
from hearth.api.v1.references import find_visible
from hearth.core.actor import Actor
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer, Household, HouseholdQuerySet, UnitRole, UnitRoleQuerySet
from hearth.customers.permissions import CHANGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.services.unit_roles import assign_unit_role, end_unit_role
from hearth.properties.models import Unit

router = Router(tags=["households"])
Role = Annotated[str, OneOf(UnitRole.Role)]
HOUSEHOLD_FILTERS = {"name": equals(str, "name"), "updated_at": ordered(AwareDatetime, "updated_at")}
ROLE_FILTERS = {
    "customer_id": equals(UUID, "customer_id"),
    "unit_id": equals(UUID, "unit_id"),
    "project_id": equals(UUID, "unit__project_id"),
    "role": equals(Role, "role"),
    "valid_from": ordered(Day, "valid_from", can_be_empty=True),
    "valid_to": ordered(Day, "valid_to", can_be_empty=True),
}


class HouseholdQuery(ListQuery):
    """What the list of households can be asked for."""

    filters: ClassVar = HOUSEHOLD_FILTERS
    sort: Literal["-id", "id"] = "-id"


class UnitRoleQuery(ListQuery):
    """What the list of roles on homes can be asked for."""

    filters: ClassVar = ROLE_FILTERS
    sort: Literal["-id", "id"] = "-id"


class HouseholdRecord(BaseModel):
    """People who decide and live together, as far as the caller may see them."""

    id: UUID
    name: str
    members: list[HouseholdMember]
    created_at: datetime
    updated_at: datetime


class HouseholdList(ListOf[HouseholdRecord]):
    pass


class UnitRoleRecord(BaseModel):
    """What a customer is to a home, from one day to another."""

    id: UUID
    customer_id: UUID
    unit_id: UUID
    role: Role
    valid_from: date | None
    valid_to: date | None
    created_at: datetime
    updated_at: datetime
    customer: CustomerBrief | None = on_demand("The customer.")
    unit: UnitBrief | None = on_demand("The home.")


class UnitRoleList(ListOf[UnitRoleRecord]):
    pass


class UnitRoleToAssign(Asked):
    """What a customer becomes to a home."""

    customer_id: UUID
    unit_id: UUID
    role: Role
    valid_from: Day | None = None


class UnitRoleEnd(Asked):
    """The day from which it is no more."""

    last_day: Day


@endpoint(
    router,
    "GET /households",
    permission=VIEW_CUSTOMER,
    returns=HouseholdList,
    summary="List households",
    example=examples.HOUSEHOLDS,
    parameters=HouseholdQuery,
)
def list_households(request: HttpRequest, query: Query[HouseholdQuery]) -> Reply:
    """Households with a member whom the caller may see, the latest recorded first."""
    rows = _readable(actor_of(request))
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(HouseholdList(data=[_household(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /households/{uuid:household_id}",
    permission=VIEW_CUSTOMER,
    returns=HouseholdRecord,
    summary="Get a household",
    example=examples.HOUSEHOLD,
    problems=(404,),
)
def get_household(request: HttpRequest, household_id: UUID) -> Reply:
    """One household with its members."""
    return Reply(_household(get_object_or_404(_readable(actor_of(request)), pk=household_id)))


@endpoint(
    router,
    "GET /unit-roles",
    permission=VIEW_CUSTOMER,
    returns=UnitRoleList,
    summary="List roles on homes",
    example=examples.UNIT_ROLES,
    parameters=UnitRoleQuery,
)
def list_unit_roles(request: HttpRequest, query: Query[UnitRoleQuery]) -> Reply:
    """What customers the caller may see are or were to homes the caller may see."""
    found = list_rows(request, query, _visible_roles(actor_of(request)), order=query.sort)
    briefs = Briefs(request, UnitRoleList, found.rows)
    return Reply(UnitRoleList(data=[_role(row, briefs) for row in found.rows], page=found.page))


@endpoint(
    router,
    "POST /unit-roles",
    permission=CHANGE_CUSTOMER,
    returns=UnitRoleRecord,
    summary="Assign a role on a home",
    example=examples.UNIT_ROLE,
    body_example=examples.UNIT_ROLE_TO_ASSIGN,
)
def post_unit_role(request: HttpRequest, body: UnitRoleToAssign) -> Reply:
    """Make a customer something to a home; the home's place then knows the customer."""
    actor = actor_of(request)
    customer = find_visible(Customer.objects.visible_to(actor), body.customer_id, "customer_id")
    unit = find_visible(Unit.objects.visible_to(actor), body.unit_id, "unit_id")
    row = assign_unit_role(
        customer, unit, role=body.role, valid_from=body.valid_from, actor=actor, now=timezone.now()
    )
    return Reply(_role(row, Briefs(request, UnitRoleRecord, [row])), 201)


@endpoint(
    router,
    "POST /unit-roles/{uuid:role_id}/end",
    permission=CHANGE_CUSTOMER,
    returns=UnitRoleRecord,
    summary="End a role on a home",
    example=examples.UNIT_ROLE,
    body_example=examples.UNIT_ROLE_END,
    problems=(404,),
)
def post_unit_role_end(request: HttpRequest, role_id: UUID, body: UnitRoleEnd) -> Reply:
    """Say until which day a customer was something to a home."""
    actor = actor_of(request)
    row = get_object_or_404(_visible_roles(actor), pk=role_id)
    ended = end_unit_role(row, last_day=body.last_day, actor=actor, now=timezone.now())
    return Reply(_role(ended, Briefs(request, UnitRoleRecord, [ended])), 201)


def _readable(actor: Actor) -> HouseholdQuerySet:
    members = Customer.objects.visible_to(actor).order_by("name", "id")
    return Household.objects.visible_to(actor).prefetch_related(Prefetch("members", queryset=members))


def _visible_roles(actor: Actor) -> UnitRoleQuerySet:
    customers = Customer.objects.visible_to(actor)
    return UnitRole.objects.filter(customer__in=customers, unit__in=Unit.objects.visible_to(actor))


def _household(row: Household) -> HouseholdRecord:
    members = [
        HouseholdMember(id=one.pk, number=one.number, name=one.name, household_role=one.household_role)
        for one in row.members.all()
    ]
    return HouseholdRecord(
        id=row.pk, name=row.name, members=members, created_at=row.created_at, updated_at=row.updated_at
    )


def _role(row: UnitRole, briefs: Briefs) -> UnitRoleRecord:
    own: dict[str, Any] = {
        name: getattr(row, name) for name in UnitRoleRecord.model_fields if name not in INCLUDABLE
    }
    return UnitRoleRecord(**own, **briefs.of(row))
