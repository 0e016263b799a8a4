"""Operations on places and people of the organisation."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel

from hearth.accounts.models import User
from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import DatabaseId, ListOf, ListQuery, OneOf
from hearth.api.filters import equals
from hearth.api.listing import list_rows
from hearth.api.v1 import organisation_examples as examples
from hearth.core.permissions import actor_of
from hearth.organization.models import Membership, OrgUnit
from hearth.organization.permissions import VIEW_ORGANIZATION
from hearth.organization.selectors import memberships_of, users_visible_to

router = Router(tags=["organisation"])
Kind = Annotated[str, OneOf(OrgUnit.Kind)]
PLACE_FILTERS = {
    "parent_id": equals(DatabaseId, "parent_id", can_be_empty=True),
    "kind": equals(Kind, "kind"),
    "code": equals(str, "code"),
    "is_active": equals(bool, "is_active"),
}
USER_FILTERS = {"username": equals(str, "username"), "is_active": equals(bool, "is_active")}


class UserQuery(ListQuery):
    """What the list of colleagues can be asked for."""

    filters: ClassVar = USER_FILTERS


class PlaceQuery(ListQuery):
    """What the list of places can be asked for; `path` is the order of the tree."""

    filters: ClassVar = PLACE_FILTERS
    sort: Literal["path", "id"] = "path"


class PlaceRecord(BaseModel):
    """A place: the group, a region, a city company, a team, a department."""

    id: int
    parent_id: int | None
    kind: Kind
    function: str
    name: str
    code: str
    is_active: bool


class PlaceList(ListOf[PlaceRecord]):
    pass


class Appointment(BaseModel):
    """A role that a person holds at a place now or later."""

    org_unit_id: int
    role: str
    valid_from: str
    valid_to: str | None


class UserRecord(BaseModel):
    """An account of a colleague, with what they hold at places the caller may see."""

    id: int
    username: str
    display_name: str
    is_active: bool
    created_at: datetime
    appointments: list[Appointment]


class UserList(ListOf[UserRecord]):
    pass


@endpoint(
    router,
    "GET /org-units",
    permission=VIEW_ORGANIZATION,
    returns=PlaceList,
    summary="List places",
    example=examples.PLACES,
    parameters=PlaceQuery,
)
def list_places(request: HttpRequest, query: Query[PlaceQuery]) -> Reply:
    """Places of the organisation that the caller may see, in the order of the tree."""
    rows = OrgUnit.objects.visible_to(actor_of(request))
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(PlaceList(data=[_place(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /org-units/{int:org_unit_id}",
    permission=VIEW_ORGANIZATION,
    returns=PlaceRecord,
    summary="Get a place",
    example=examples.PLACE,
    problems=(404,),
)
def get_place(request: HttpRequest, org_unit_id: int) -> Reply:
    """One place."""
    return Reply(_place(get_object_or_404(OrgUnit.objects.visible_to(actor_of(request)), pk=org_unit_id)))


@endpoint(
    router,
    "GET /users",
    permission=VIEW_ORGANIZATION,
    returns=UserList,
    summary="List users",
    example=examples.USERS,
    parameters=UserQuery,
)
def list_users(request: HttpRequest, query: Query[UserQuery]) -> Reply:
    """Colleagues who hold or held a role where the caller may see."""
    actor = actor_of(request)
    found = list_rows(request, query, users_visible_to(actor), order="id")
    held = memberships_of(found.rows, actor, today=timezone.localdate())
    people = [_user(row, held.get(row.pk, [])) for row in found.rows]
    return Reply(UserList(data=people, page=found.page))


@endpoint(
    router,
    "GET /users/{int:user_id}",
    permission=VIEW_ORGANIZATION,
    returns=UserRecord,
    summary="Get a user",
    example=examples.USER,
    problems=(404,),
)
def get_user(request: HttpRequest, user_id: int) -> Reply:
    """One colleague."""
    actor = actor_of(request)
    row = get_object_or_404(users_visible_to(actor), pk=user_id)
    return Reply(_user(row, memberships_of([row], actor, today=timezone.localdate()).get(row.pk, [])))


def _place(row: OrgUnit) -> PlaceRecord:
    return PlaceRecord.model_validate(row, from_attributes=True)


def _user(row: User, held: list[Membership]) -> UserRecord:
    appointments = [
        Appointment(
            org_unit_id=one.org_unit_id,
            role=one.role.code,
            valid_from=one.valid_from.isoformat(),
            valid_to=one.valid_to.isoformat() if one.valid_to else None,
        )
        for one in held
    ]
    return UserRecord(
        id=row.pk,
        username=row.username,
        display_name=row.display_name,
        is_active=row.is_active,
        created_at=row.created_at,
        appointments=appointments,
    )
