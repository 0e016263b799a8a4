"""Operations on group complaints."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Asked, DatabaseId, ListOf, Money, OneOf
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.page_lists import PageQuery
from hearth.api.problems import UnknownReference
from hearth.api.v1 import group_case_examples as examples
from hearth.api.v1.references import find_visible
from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.core.actor import Actor
from hearth.core.permissions import actor_of
from hearth.group_cases.lists import GROUP_CASES
from hearth.group_cases.models import GroupCase, Sign
from hearth.group_cases.selectors import HouseholdLine, HouseholdState, group_list, standing_of
from hearth.group_cases.services import add_cases, note_sign, open_group_case
from hearth.properties.models import Project

router = Router(tags=["group complaints"])
Kind = Annotated[str, OneOf(Case.Kind)]
CaseIds = Annotated[list[UUID], Field(min_length=1, max_length=200)]


class GroupCaseQuery(PageQuery):
    """What the list of group complaints can be asked for."""

    definition: ClassVar = GROUP_CASES
    sorts: ClassVar = {"opened_at": "opened", "households": "households"}
    filters: ClassVar = {
        "project_id": equals(UUID, "project_id"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "opened_at": ordered(AwareDatetime, "opened_at"),
        "closed_at": ordered(AwareDatetime, "closed_at", can_be_empty=True),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-opened_at", "opened_at", "-households", "households"] = "-opened_at"


class GroupCaseRecord(BaseModel):
    """A complaint of many households of a project."""

    id: UUID
    number: int
    org_unit_id: int
    project_id: UUID
    kind: Kind
    topic: str
    cause: str | None = Field(description="The code of a cause.")
    title: str
    demand: str
    state: Annotated[str, OneOf(GroupCase.State)]
    level: str = Field(description="Empty below the number of households that makes a group complaint.")
    households: int
    opened_at: datetime
    closed_at: datetime | None
    outcome: str
    created_at: datetime
    updated_at: datetime


class GroupCaseHousehold(BaseModel):
    """A household in a group complaint, the cases it raised, and how they are settled."""

    id: UUID
    customer_id: UUID
    unit_id: UUID | None
    is_representative: bool
    joined_at: datetime
    case_ids: list[UUID]
    settlement: HouseholdState
    paid: Money


class GroupCaseWhole(GroupCaseRecord):
    """A group complaint with its households; cases without a customer stand apart."""

    members: list[GroupCaseHousehold]
    anonymous_case_ids: list[UUID]


class GroupCaseList(ListOf[GroupCaseRecord]):
    pass


class GroupCaseToOpen(Asked):
    """Cases that become one group complaint."""

    project_id: UUID
    case_ids: CaseIds
    title: str = Field(min_length=1, max_length=200)
    topic: str = Field("", max_length=60)
    demand: str = Field("", max_length=4000)
    kind: Kind = Case.Kind.COMPLAINT.value


class CasesToAdd(Asked):
    """Further cases."""

    case_ids: CaseIds


class SignToNote(Asked):
    """What was seen, and when."""

    what: Annotated[str, OneOf(Sign)]
    seen_at: AwareDatetime | None = Field(None, description="Now, unless it was earlier.")
    note: str = Field("", max_length=200)


@endpoint(
    router,
    "GET /group-cases",
    permission=VIEW_CASE,
    returns=GroupCaseList,
    summary="List group complaints",
    example=examples.GROUP_CASES,
    parameters=GroupCaseQuery,
)
def list_group_cases(request: HttpRequest, query: Query[GroupCaseQuery]) -> Reply:
    """Group complaints the caller may see, the latest opened first."""
    found = list_rows(request, query, group_list(actor_of(request)), order=query.sort)
    return Reply(GroupCaseList(data=[GroupCaseRecord(**_read(row)) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /group-cases/{uuid:group_id}",
    permission=VIEW_CASE,
    returns=GroupCaseWhole,
    summary="Get a group complaint",
    example=examples.GROUP_CASE_WHOLE,
    problems=(404,),
)
def get_group_case(request: HttpRequest, group_id: UUID) -> Reply:
    """One group complaint, household by household."""
    return Reply(_whole(request, group_id))


@endpoint(
    router,
    "POST /group-cases",
    permission=CHANGE_CASE,
    returns=GroupCaseWhole,
    summary="Open a group complaint",
    example=examples.GROUP_CASE_WHOLE,
    body_example=examples.GROUP_CASE_TO_OPEN,
)
def post_group_case(request: HttpRequest, body: GroupCaseToOpen) -> Reply:
    """Make cases of a project one group complaint, with the households that raised them."""
    actor = actor_of(request)
    projects = Project.objects.visible_to(actor).visible_with(actor, CHANGE_CASE)
    project = find_visible(projects, body.project_id, "project_id")
    row = open_group_case(
        project,
        actor=actor,
        cases=_cases(actor, body.case_ids),
        now=timezone.now(),
        **body.model_dump(include={"title", "topic", "demand", "kind"}),
    )
    return Reply(_whole(request, row.pk), 201, {"Location": f"/api/v1/group-cases/{row.pk}"})


@endpoint(
    router,
    "POST /group-cases/{uuid:group_id}/cases",
    permission=CHANGE_CASE,
    returns=GroupCaseWhole,
    summary="Add cases to a group complaint",
    example=examples.GROUP_CASE_WHOLE,
    body_example=examples.CASES_TO_ADD,
    problems=(404,),
)
def post_group_case_cases(request: HttpRequest, group_id: UUID, body: CasesToAdd) -> Reply:
    """Make further cases part of a group complaint; its level is judged anew."""
    actor = actor_of(request)
    row = get_object_or_404(group_list(actor), pk=group_id)
    add_cases(row, _cases(actor, body.case_ids), actor=actor, now=timezone.now())
    return Reply(_whole(request, group_id), 201)


@endpoint(
    router,
    "POST /group-cases/{uuid:group_id}/signs",
    permission=CHANGE_CASE,
    returns=GroupCaseWhole,
    summary="Note what was seen at a group complaint",
    example=examples.GROUP_CASE_WHOLE,
    body_example=examples.SIGN_TO_NOTE,
    problems=(404,),
)
def post_group_case_sign(request: HttpRequest, group_id: UUID, body: SignToNote) -> Reply:
    """Note a sit-in, banners, a petition or the like; the level is judged anew."""
    actor, now = actor_of(request), timezone.now()
    row = get_object_or_404(group_list(actor), pk=group_id)
    note_sign(row, actor=actor, what=body.what, seen_at=body.seen_at or now, note=body.note, now=now)
    return Reply(_whole(request, group_id), 201)


def _cases(actor: Actor, ids: Sequence[UUID]) -> list[Case]:
    """Return the cases that are named.

    :raises UnknownReference: if the caller may not change one of them, or there is none
    """
    rows = list(Case.objects.visible_with(actor, CHANGE_CASE).filter(pk__in=ids))
    if len(rows) != len(set(ids)):
        raise UnknownReference("case_ids")
    return rows


def _whole(request: HttpRequest, group_id: UUID) -> GroupCaseWhole:
    actor = actor_of(request)
    row = get_object_or_404(group_list(actor), pk=group_id)
    standing = standing_of(row, actor)
    return GroupCaseWhole(
        **_read(row),
        members=[_member(line) for line in standing.lines],
        anonymous_case_ids=[child.case_id for child in standing.anonymous],
    )


def _member(line: HouseholdLine) -> GroupCaseHousehold:
    household = line.household
    return GroupCaseHousehold(
        id=household.pk,
        customer_id=household.customer_id,
        unit_id=household.unit_id,
        is_representative=household.is_representative,
        joined_at=household.joined_at,
        case_ids=[child.case_id for child in line.cases],
        settlement=line.state,
        paid=Money(amount=f"{line.paid_amount:.2f}"),
    )


def _read(row: GroupCase) -> dict[str, Any]:
    plain = set(GroupCaseRecord.model_fields) - {"cause"}
    return {name: getattr(row, name) for name in plain} | {"cause": row.cause.code if row.cause else None}
