"""Operations on the registers of data protection: incidents are read and reported, the others are read."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Asked, DatabaseId, ListOf, ListQuery, OneOf
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.v1 import register_examples as examples
from hearth.api.v1.references import place_to_write
from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN, actor_of
from hearth.registers.models import Assessment, ComplianceAudit, DataKind, Incident, Processor
from hearth.registers.permissions import VIEW_REGISTER
from hearth.registers.services import NewIncident, report_incident

router = Router(tags=["registers"])
Kind = Annotated[str, OneOf(DataKind)]
IncidentState = Annotated[str, OneOf(Incident.State)]
AssessmentState = Annotated[str, OneOf(Assessment.State)]
Risk = Annotated[str, OneOf(Assessment.Risk)]
Trigger = Annotated[str, OneOf(Assessment.Trigger)]
ProcessorRole = Annotated[str, OneOf(Processor.Role)]


class IncidentQuery(ListQuery):
    """What the list of incidents can be asked for."""

    filters: ClassVar = {
        "state": equals(IncidentState, "state"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "found_at": ordered(AwareDatetime, "found_at"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class IncidentRecord(BaseModel):
    """Personal data were seen, lost or taken by somebody who should not have them.

    The decision on notice, its reason, cause and measures are null for who only reported the incident.
    """

    id: UUID
    number: int
    org_unit_id: int
    title: str
    account: str
    data_kinds: list[Kind]
    persons: int | None
    state: IncidentState
    is_major: bool
    found_at: datetime
    reported_by_id: int
    handler_id: int | None
    authority_due_at: datetime | None
    authority_told_at: datetime | None
    persons_due_at: datetime
    notice: str | None
    notice_because: str | None
    cause: str | None
    measures: str | None
    closed_at: datetime | None
    created_at: datetime
    updated_at: datetime


class IncidentList(ListOf[IncidentRecord]):
    pass


class IncidentToReport(Asked):
    """An incident as a program reports it."""

    org_unit: str = Field(max_length=40, description="Code of the place it happened at.")
    title: str = Field(min_length=2, max_length=120, description="What happened, in a line.")
    account: str = Field("", max_length=4_000, description="What is known. No data of customers.")
    data_kinds: list[Kind] = Field(default_factory=list, max_length=len(DataKind.choices))
    persons: int | None = Field(None, ge=0, le=1_000_000_000)
    found_at: AwareDatetime | None = Field(
        None, description="When it was noticed; now, unless it was earlier."
    )


@endpoint(
    router,
    "GET /incidents",
    permission=SIGNED_IN,
    returns=IncidentList,
    summary="List incidents with personal data",
    example=examples.INCIDENTS,
    parameters=IncidentQuery,
)
def list_incidents(request: HttpRequest, query: Query[IncidentQuery]) -> Reply:
    """Incidents at places where the caller sees the registers, and those they reported, the newest first."""
    actor = actor_of(request)
    found = list_rows(request, query, Incident.objects.visible_to(actor), order=query.sort)
    return Reply(IncidentList(data=[_incident(row, actor) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /incidents/{uuid:incident_id}",
    permission=SIGNED_IN,
    returns=IncidentRecord,
    summary="Get an incident with personal data",
    example=examples.INCIDENT,
    problems=(404,),
)
def get_incident(request: HttpRequest, incident_id: UUID) -> Reply:
    """One incident with its terms."""
    actor = actor_of(request)
    return Reply(_incident(get_object_or_404(Incident.objects.visible_to(actor), pk=incident_id), actor))


@endpoint(
    router,
    "POST /incidents",
    permission=SIGNED_IN,
    returns=IncidentRecord,
    summary="Report an incident with personal data",
    example=examples.REPORTED,
    body_example=examples.INCIDENT_TO_REPORT,
)
def post_incident(request: HttpRequest, body: IncidentToReport) -> Reply:
    """Report an incident; whoever handles such at the place is told at once, and the terms begin."""
    actor, now = actor_of(request), timezone.now()
    new = NewIncident(
        org_unit=place_to_write(body.org_unit, actor, SIGNED_IN),
        title=body.title,
        account=body.account,
        data_kinds=body.data_kinds,
        persons=body.persons,
        found_at=body.found_at or now,
    )
    row = report_incident(new, actor=actor, now=now)
    return Reply(_incident(row, actor), 201, {"Location": f"/api/v1/incidents/{row.pk}"})


def _incident(row: Incident, actor: Actor) -> IncidentRecord:
    inner = ("notice", "notice_because", "cause", "measures")
    may_see = actor.can(VIEW_REGISTER, row.org_unit_id)
    told: dict[str, Any] = {name: getattr(row, name) for name in IncidentRecord.model_fields}
    return IncidentRecord(**told if may_see else told | dict.fromkeys(inner))


class AssessmentQuery(ListQuery):
    """What the list of impact assessments can be asked for."""

    filters: ClassVar = {
        "state": equals(AssessmentState, "state"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "review_date": ordered(date, "review_date"),
    }
    sort: Literal["-id", "id"] = "-id"


class AssessmentRecord(BaseModel):
    """One version of an impact assessment; an approved one is never changed."""

    id: UUID
    number: int
    version: int
    org_unit_id: int
    name: str
    triggers: list[Trigger]
    answers: dict[str, str]
    risk: Risk
    measures: str
    review_date: date | None
    state: AssessmentState
    owner_id: int
    author_id: int
    editor_id: int
    approved_by_id: int | None
    approved_at: datetime | None
    created_at: datetime
    updated_at: datetime


class AssessmentList(ListOf[AssessmentRecord]):
    pass


@endpoint(
    router,
    "GET /assessments",
    permission=VIEW_REGISTER,
    returns=AssessmentList,
    summary="List impact assessments",
    example=examples.ASSESSMENTS,
    parameters=AssessmentQuery,
)
def list_assessments(request: HttpRequest, query: Query[AssessmentQuery]) -> Reply:
    """Every version of every impact assessment, the newest first."""
    rows = Assessment.objects.visible_to(actor_of(request))
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(AssessmentList(data=_read_all(found.rows, AssessmentRecord), page=found.page))


@endpoint(
    router,
    "GET /assessments/{uuid:assessment_id}",
    permission=VIEW_REGISTER,
    returns=AssessmentRecord,
    summary="Get a version of an impact assessment",
    example=examples.ASSESSMENT,
    problems=(404,),
)
def get_assessment(request: HttpRequest, assessment_id: UUID) -> Reply:
    """One version of an impact assessment."""
    rows = Assessment.objects.visible_to(actor_of(request))
    return Reply(_read_all([get_object_or_404(rows, pk=assessment_id)], AssessmentRecord)[0])


class ProcessorQuery(ListQuery):
    """What the list of processors can be asked for."""

    filters: ClassVar = {
        "role": equals(ProcessorRole, "role"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "contract_end_date": ordered(date, "contract_end_date"),
    }
    sort: Literal["-id", "id"] = "-id"


class ProcessorRecord(BaseModel):
    """Somebody outside who gets personal data from us."""

    id: UUID
    org_unit_id: int
    name: str
    role: ProcessorRole
    purpose: str
    data_kinds: list[Kind]
    duties: str
    contract_begin_date: date
    contract_end_date: date
    assessment_id: UUID | None
    owner_id: int
    ended_date: date | None
    proof: str
    created_at: datetime
    updated_at: datetime


class ProcessorList(ListOf[ProcessorRecord]):
    pass


@endpoint(
    router,
    "GET /processors",
    permission=VIEW_REGISTER,
    returns=ProcessorList,
    summary="List processors and receivers",
    example=examples.PROCESSORS,
    parameters=ProcessorQuery,
)
def list_processors(request: HttpRequest, query: Query[ProcessorQuery]) -> Reply:
    """Who outside gets personal data, the newest first."""
    rows = Processor.objects.visible_to(actor_of(request))
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(ProcessorList(data=_read_all(found.rows, ProcessorRecord), page=found.page))


class AuditQuery(ListQuery):
    """What the list of compliance audits can be asked for."""

    filters: ClassVar = {
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "done_date": ordered(date, "done_date"),
    }
    sort: Literal["-id", "id"] = "-id"


class ComplianceAuditRecord(BaseModel):
    """An audit of how personal data are handled, and what it found, one finding a line."""

    id: UUID
    org_unit_id: int
    done_date: date
    auditor: str
    subject: str
    findings: str
    user_id: int
    created_at: datetime
    updated_at: datetime


class ComplianceAuditList(ListOf[ComplianceAuditRecord]):
    pass


@endpoint(
    router,
    "GET /compliance-audits",
    permission=VIEW_REGISTER,
    returns=ComplianceAuditList,
    summary="List compliance audits",
    example=examples.AUDITS,
    parameters=AuditQuery,
)
def list_compliance_audits(request: HttpRequest, query: Query[AuditQuery]) -> Reply:
    """The compliance audits, the newest first."""
    rows = ComplianceAudit.objects.visible_to(actor_of(request))
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(ComplianceAuditList(data=_read_all(found.rows, ComplianceAuditRecord), page=found.page))


def _read_all(rows: Any, record: Any) -> list[Any]:
    return [record(**{name: getattr(row, name) for name in record.model_fields}) for row in rows]
