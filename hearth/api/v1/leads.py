"""Operations on leads."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
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
from hearth.api.problems import UnknownReference
from hearth.api.v1 import lead_examples as examples
from hearth.api.v1.briefs import Briefs, CustomerBrief, on_demand
from hearth.api.v1.customer_writes import duplicate_told
from hearth.api.v1.references import find_visible, place_to_write
from hearth.core.actor import Actor
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer
from hearth.customers.services import LooksKnown
from hearth.leads.lists import LEADS
from hearth.leads.models import Grade, Lead, LeadQuerySet
from hearth.leads.models import Stage as Stages
from hearth.leads.permissions import CHANGE_LEAD, VIEW_LEAD
from hearth.leads.selectors import grades_at
from hearth.leads.services import Arrival, capture_lead
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project

router = Router(tags=["leads"])
State = Annotated[str, OneOf(Lead.State)]
Stage = Annotated[str, OneOf(Stages)]
Source = Annotated[str, OneOf(Lead.Source)]


class LeadQuery(PageQuery):
    """What the list of leads can be asked for."""

    definition: ClassVar = LEADS
    sorts: ClassVar = {"created_at": "came"}
    filters: ClassVar = {
        "customer_id": equals(UUID, "customer_id"),
        "project_id": equals(UUID, "project_id", can_be_empty=True),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "consultant_id": equals(DatabaseId, "consultant_id", can_be_empty=True),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["created_at", "-created_at"] = "-created_at"


class LeadRecord(BaseModel):
    """The interest of a customer in a project."""

    id: UUID
    org_unit_id: int
    customer_id: UUID
    project_id: UUID | None
    source: Source
    source_detail: str
    grade: str | None = Field(description="The letter; what it means is told by `grade_scheme`.")
    grade_scheme: str | None
    state: State
    stage: Stage
    lost_because: str | None = Field(description="Code of the reason in the tree of the group.")
    lost_reason: str = Field(description="In the customer's words.")
    win_back_date: date | None = Field(description="When to ask a lost customer again; null: never.")
    consultant_id: int | None
    next_step: str
    next_step_date: date | None
    last_contact_at: datetime | None
    closed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    customer: CustomerBrief | None = on_demand("The customer.")


class LeadTaken(LeadRecord):
    """The lead of somebody who came in."""

    is_new: bool = Field(description="False where the customer had a live lead for the project.")


class LeadList(ListOf[LeadRecord]):
    pass


class LeadToRecord(Asked):
    """Somebody who came in: a known customer, or a name and a phone."""

    org_unit: str = Field(max_length=40, description="Code of the place whose lead it is.")
    source: Source
    customer_id: UUID | None = None
    name: str = Field("", max_length=120, description="Needed without `customer_id`.")
    phone: str = Field("", max_length=40, description="Who has this phone already is not recorded again.")
    project_id: UUID | None = None
    source_detail: str = Field("", max_length=120)
    grade: str | None = Field(None, max_length=2, description="A letter of the scheme in force there.")
    is_mine: bool = Field(default=False, description="The caller looks after the lead.")
    next_step: str = Field("", max_length=120, description="“Call back”, unless stated otherwise.")
    next_step_date: date | None = Field(None, description="As the grade says, unless stated.")
    note: str = Field("", max_length=2_000)
    accepts_duplicates: bool = Field(
        default=False, description="Record somebody who looks like a known customer."
    )


@endpoint(
    router,
    "GET /leads",
    permission=VIEW_LEAD,
    returns=LeadList,
    summary="List leads",
    example=examples.LEADS,
    parameters=LeadQuery,
)
def list_leads(request: HttpRequest, query: Query[LeadQuery]) -> Reply:
    """Leads the caller may see, those who came last first unless sorted otherwise."""
    found = list_rows(request, query, _leads(actor_of(request)), order=query.sort)
    briefs = Briefs(request, LeadList, found.rows)
    return Reply(LeadList(data=[LeadRecord(**_read(row, briefs)) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /leads/{uuid:lead_id}",
    permission=VIEW_LEAD,
    returns=LeadRecord,
    summary="Get a lead",
    example=examples.LEAD,
    problems=(404,),
)
def get_lead(request: HttpRequest, lead_id: UUID) -> Reply:
    """One lead."""
    row = get_object_or_404(_leads(actor_of(request)), pk=lead_id)
    return Reply(LeadRecord(**_read(row, Briefs(request, LeadRecord, [row]))))


@endpoint(
    router,
    "POST /leads",
    permission=CHANGE_LEAD,
    returns=LeadTaken,
    summary="Record somebody who came in",
    example=examples.LEAD_TAKEN,
    body_example=examples.LEAD_TO_RECORD,
)
def post_lead(request: HttpRequest, body: LeadToRecord) -> Reply:
    """Find the customer or record them, and their lead with them.

    A live lead for the project stays whose it is; it is noted that the customer came again. Two requests with one
    phone at once make one customer and one lead.
    """
    actor = actor_of(request)
    place = place_to_write(body.org_unit, actor, CHANGE_LEAD)
    try:
        lead, is_new = capture_lead(
            _arrival(body, place, actor),
            org_unit=place,
            actor=actor,
            now=timezone.now(),
            accepts_duplicates=body.accepts_duplicates,
        )
    except LooksKnown as error:
        raise duplicate_told(error) from error
    row = _leads(actor).get(pk=lead.pk)
    values = _read(row, Briefs(request, LeadTaken, [row]))
    return Reply(LeadTaken(**values, is_new=is_new), 201, {"Location": f"/api/v1/leads/{row.pk}"})


def _arrival(body: LeadToRecord, place: OrgUnit, actor: Actor) -> Arrival:
    """Find what the body names.

    :raises UnknownReference: if the caller sees no such customer or project, or the place knows no such grade
    """
    customer = find_visible(Customer.objects.visible_to(actor), body.customer_id, "customer_id")
    project = find_visible(Project.objects.visible_to(actor), body.project_id, "project_id")
    return Arrival(
        source=body.source,
        customer=customer,
        name=body.name,
        phone=body.phone,
        project=project,
        source_detail=body.source_detail,
        grade=_grade(body.grade, place),
        consultant_id=actor.user_id if body.is_mine else None,
        next_step=body.next_step,
        next_step_date=body.next_step_date,
        note=body.note,
    )


def _grade(letter: str | None, place: OrgUnit) -> Grade | None:
    if not letter:
        return None
    found = next((grade for grade in grades_at(place) if grade.letter == letter), None)
    if found is None:
        raise UnknownReference("grade")
    return found


def _leads(actor: Actor) -> LeadQuerySet:
    return Lead.objects.visible_to(actor).select_related("grade", "lost_because")


def _read(row: Lead, briefs: Briefs) -> dict[str, Any]:
    named = set(LeadRecord.model_fields) - {"grade", "grade_scheme", "customer", "lost_because"}
    return {
        **{name: getattr(row, name) for name in named},
        "grade": row.grade.letter if row.grade else None,
        "grade_scheme": row.grade.scheme if row.grade else None,
        "lost_because": row.lost_because.code if row.lost_because else None,
        "customer": briefs.of(row)["customer"],
    }
