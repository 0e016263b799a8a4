"""Operations on disclosures, who acknowledged them, and the promise ledger."""

from datetime import date, datetime
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
from hearth.api.problems import UnknownReference
from hearth.api.v1 import promise_examples as examples
from hearth.api.v1.references import find_visible
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.promises.factors import FactorKind, Side
from hearth.promises.ledger_lists import PROMISES
from hearth.promises.lists import DISCLOSURES
from hearth.promises.models import Acknowledgement, Disclosure, Promise
from hearth.promises.permissions import ACKNOWLEDGE, CHANGE_PROMISE, VIEW_PROMISE
from hearth.promises.services import Acknowledged, NewPromise, acknowledge_disclosure, record_promise
from hearth.properties.models import Project, Unit

router = Router(tags=["promises"])


class DisclosureQuery(PageQuery):
    """What the list of disclosures can be asked for."""

    definition: ClassVar = DISCLOSURES
    sorts: ClassVar = {"id": "newest"}
    filters: ClassVar = {
        "project_id": equals(UUID, "project_id"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class FactorRecord(BaseModel):
    """One adverse factor."""

    side: Annotated[str, OneOf(Side)]
    kind: Annotated[str, OneOf(FactorKind)]
    direction: str
    distance: int | None = Field(description="Metres.")
    effect: str
    is_in_annex: bool


class DisclosureRecord(BaseModel):
    """One version of what a project tells its buyers."""

    id: UUID
    org_unit_id: int
    project_id: UUID
    kind: Annotated[str, OneOf(Disclosure.Kind)]
    version: int
    heading: str
    body: str
    closing: str
    signatory: str
    signed_date: date | None
    state: Annotated[str, OneOf(Disclosure.State)]
    approved_at: datetime | None
    published_at: datetime | None
    superseded_at: datetime | None
    factors: list[FactorRecord]
    created_at: datetime
    updated_at: datetime


class DisclosureList(ListOf[DisclosureRecord]):
    pass


class AcknowledgementToNote(Asked):
    """A buyer who has read a version; what was signed is attached on the page."""

    customer_id: UUID
    unit_id: UUID | None = None
    how: Annotated[str, OneOf(Acknowledgement.How)]
    acknowledged_date: date
    proof: str = Field(min_length=1, max_length=300, description="Where the proof is.")


class AcknowledgementRecord(BaseModel):
    """That a buyer has read a version."""

    id: UUID
    disclosure_id: UUID
    customer_id: UUID
    unit_id: UUID | None
    how: Annotated[str, OneOf(Acknowledgement.How)]
    acknowledged_date: date
    proof: str
    created_at: datetime


class PromiseQuery(PageQuery):
    """What the ledger can be asked for."""

    definition: ClassVar = PROMISES
    sorts: ClassVar = {"id": "newest", "made_date": "made"}
    filters: ClassVar = {
        "project_id": equals(UUID, "project_id"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "department_id": equals(DatabaseId, "department_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id", "-made_date", "made_date"] = "-id"


class PromiseRecord(BaseModel):
    """One promise of the ledger."""

    id: UUID
    org_unit_id: int
    project_id: UUID
    title: str
    wording: str
    source: Annotated[str, OneOf(Promise.Source)]
    source_detail: str
    audience: Annotated[str, OneOf(Promise.Audience)]
    made_date: date
    due_date: date | None
    department_id: int = Field(description="Who keeps it.")
    is_for_whole_project: bool
    state: Annotated[str, OneOf(Promise.State)]
    decided_date: date | None
    created_at: datetime
    updated_at: datetime


class PromiseList(ListOf[PromiseRecord]):
    pass


class PromiseToRecord(Asked):
    """A promise for the whole project; homes and evidence are named on its page."""

    project_id: UUID
    title: str = Field(min_length=1, max_length=200)
    wording: str = Field("", max_length=20_000)
    source: Annotated[str, OneOf(Promise.Source)]
    source_detail: str = Field("", max_length=200)
    audience: Annotated[str, OneOf(Promise.Audience)]
    made_date: date
    due_date: date | None = None
    department: str = Field(max_length=40, description="Code of the place that keeps it.")


@endpoint(
    router,
    "GET /disclosures",
    permission=VIEW_PROMISE,
    returns=DisclosureList,
    summary="List disclosures",
    example=examples.DISCLOSURES,
    parameters=DisclosureQuery,
)
def list_disclosures(request: HttpRequest, query: Query[DisclosureQuery]) -> Reply:
    """Versions the caller may see, the latest begun first."""
    rows = Disclosure.objects.visible_to(actor_of(request)).prefetch_related("factors")
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(DisclosureList(data=[_disclosure(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /disclosures/{uuid:disclosure_id}",
    permission=VIEW_PROMISE,
    returns=DisclosureRecord,
    summary="Get a disclosure",
    example=examples.DISCLOSURE,
    problems=(404,),
)
def get_disclosure(request: HttpRequest, disclosure_id: UUID) -> Reply:
    """One version with its adverse factors."""
    rows = Disclosure.objects.visible_to(actor_of(request))
    return Reply(_disclosure(get_object_or_404(rows, pk=disclosure_id)))


@endpoint(
    router,
    "POST /disclosures/{uuid:disclosure_id}/acknowledgements",
    permission=ACKNOWLEDGE,
    returns=AcknowledgementRecord,
    summary="Note that a buyer has read a disclosure",
    example=examples.ACKNOWLEDGEMENT,
    body_example=examples.ACKNOWLEDGEMENT_TO_NOTE,
    problems=(404,),
)
def post_acknowledgement(request: HttpRequest, disclosure_id: UUID, body: AcknowledgementToNote) -> Reply:
    """Note that a buyer has read a version that was published on that day."""
    actor = actor_of(request)
    disclosure = get_object_or_404(Disclosure.objects.visible_with(actor, ACKNOWLEDGE), pk=disclosure_id)
    customer = find_visible(Customer.objects.visible_to(actor), body.customer_id, "customer_id")
    unit = find_visible(Unit.objects.visible_to(actor), body.unit_id, "unit_id")
    said = Acknowledged(body.how, body.acknowledged_date, unit, body.proof)
    row = acknowledge_disclosure(disclosure, customer, said, actor=actor, now=timezone.now())
    return Reply(_acknowledgement(row), 201)


@endpoint(
    router,
    "GET /promises",
    permission=VIEW_PROMISE,
    returns=PromiseList,
    summary="List promises",
    example=examples.PROMISES,
    parameters=PromiseQuery,
)
def list_promises(request: HttpRequest, query: Query[PromiseQuery]) -> Reply:
    """Promises the caller may see, the latest recorded first unless sorted otherwise."""
    rows = Promise.objects.visible_to(actor_of(request))
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(PromiseList(data=[_promise(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /promises/{uuid:promise_id}",
    permission=VIEW_PROMISE,
    returns=PromiseRecord,
    summary="Get a promise",
    example=examples.PROMISE,
    problems=(404,),
)
def get_promise(request: HttpRequest, promise_id: UUID) -> Reply:
    """One promise."""
    row = get_object_or_404(Promise.objects.visible_to(actor_of(request)), pk=promise_id)
    return Reply(_promise(row))


@endpoint(
    router,
    "POST /promises",
    permission=CHANGE_PROMISE,
    returns=PromiseRecord,
    summary="Record a promise",
    example=examples.PROMISE,
    body_example=examples.PROMISE_TO_RECORD,
)
def post_promise(request: HttpRequest, body: PromiseToRecord) -> Reply:
    """Enter a promise into the ledger."""
    actor = actor_of(request)
    projects = Project.objects.visible_to(actor).visible_with(actor, CHANGE_PROMISE)
    project = find_visible(projects.select_related("org_unit"), body.project_id, "project_id")
    department = OrgUnit.objects.filter(code=body.department, is_active=True).first()
    if department is None:
        raise UnknownReference("department")
    given = body.model_dump(exclude={"project_id", "department"})
    row = record_promise(project, NewPromise(**given, department=department), actor=actor, now=timezone.now())
    return Reply(_promise(row), 201, {"Location": f"/api/v1/promises/{row.pk}"})


def _disclosure(row: Disclosure) -> DisclosureRecord:
    factors = sorted(row.factors.all(), key=lambda each: (each.side, each.pk))
    names = [name for name in DisclosureRecord.model_fields if name != "factors"]
    return DisclosureRecord.model_validate(
        {
            **{name: getattr(row, name) for name in names},
            "factors": [
                {name: getattr(each, name) for name in FactorRecord.model_fields} for each in factors
            ],
        }
    )


def _acknowledgement(row: Acknowledgement) -> AcknowledgementRecord:
    return AcknowledgementRecord(**{name: getattr(row, name) for name in AcknowledgementRecord.model_fields})


def _promise(row: Promise) -> PromiseRecord:
    return PromiseRecord(**{name: getattr(row, name) for name in PromiseRecord.model_fields})
