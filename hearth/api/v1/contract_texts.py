"""Operations on texts of contracts."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import KEY_REQUIRED, FileReply, Manner, Reply, endpoint, read_parts
from hearth.api.envelope import Asked, DatabaseId, ListOf, OneOf
from hearth.api.filters import equals, ordered
from hearth.api.guard import BULK
from hearth.api.listing import list_rows
from hearth.api.page_lists import PageQuery
from hearth.api.v1 import contract_text_examples as examples
from hearth.contract_texts.facts import facts_of
from hearth.contract_texts.lists import TEMPLATES, TEXTS
from hearth.contract_texts.models import ContractTemplate, ContractText, TextReading
from hearth.contract_texts.models.templates import TextKind
from hearth.contract_texts.permissions import CHANGE_TEXT, VIEW_TEXT
from hearth.contract_texts.services import (
    clauses_of,
    contract_of,
    draft_text,
    findings_of,
    marked_in,
    print_draft,
    print_text,
)
from hearth.core.permissions import actor_of
from hearth.sales.models import Contract

router = Router(tags=["contracts"])
Kind = Annotated[str, OneOf(TextKind)]
A_PDF = Manner(gives="application/pdf", allowance=BULK)
PLAIN = ("org_unit_id", "contract_id", "template_id", "kind", "version", "title", "state", "digest")
TIMES = ("check_code", "approved_at", "given_at", "signed_date", "superseded_at", "created_at", "updated_at")


class TextQuery(PageQuery):
    """What the list of texts can be asked for."""

    definition: ClassVar = TEXTS
    sorts: ClassVar = {"id": "newest"}
    filters: ClassVar = {
        "contract_id": equals(UUID, "contract_id"),
        "check_code": equals(str, "check_code"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class TextRecord(BaseModel):
    """One version of the text of a contract, or of a supplement to it."""

    id: UUID
    org_unit_id: int
    contract_id: UUID
    template_id: UUID
    kind: Kind
    version: int
    title: str
    state: Annotated[str, OneOf(ContractText.State)]
    digest: str = Field(description="SHA-256 of its words, empty before it is given to the buyers.")
    check_code: str
    approved_at: datetime | None
    given_at: datetime | None
    signed_date: date | None
    superseded_at: datetime | None
    created_at: datetime
    updated_at: datetime


class TextList(ListOf[TextRecord]):
    pass


class ContractTemplateQuery(PageQuery):
    """What the list of templates can be asked for."""

    definition: ClassVar = TEMPLATES
    sorts: ClassVar = {"id": "newest"}
    filters: ClassVar = {
        "project_id": equals(UUID, "project_id"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class ContractTemplateRecord(BaseModel):
    """One version of a template, of a project or of all projects of a place."""

    id: UUID
    org_unit_id: int
    project_id: UUID | None
    kind: Kind
    version: int
    title: str
    state: Annotated[str, OneOf(ContractTemplate.State)]
    in_force_date: date | None
    approved_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ContractTemplateList(ListOf[ContractTemplateRecord]):
    pass


class TextToDraft(Asked):
    """Which text is drafted."""

    kind: Kind = TextKind.CONTRACT.value


class FindingRecord(BaseModel):
    """One thing that the clause check finds."""

    code: str
    position: int | None = Field(description="Of the clause, empty where it is about the whole.")
    heading: str
    detail: str
    can_be_approved: bool


class CheckRecord(BaseModel):
    """What the clause check finds."""

    text_id: UUID
    is_sound: bool
    findings: list[FindingRecord]


class ReadingRecord(BaseModel):
    """How far one buyer is."""

    customer_id: UUID
    opened_at: datetime | None
    confirmed_clauses: int
    confirmed_at: datetime | None
    how: str = Field(description="`phone` or `desk`, empty before the whole is confirmed.")


class ReadingsRecord(BaseModel):
    """Who has read a text, of the buyers whom the caller may see."""

    text_id: UUID
    marked_clauses: int
    readings: list[ReadingRecord]


@endpoint(
    router,
    "GET /contract-texts",
    permission=VIEW_TEXT,
    returns=TextList,
    summary="List texts of contracts",
    example=examples.TEXTS,
    parameters=TextQuery,
)
def list_contract_texts(request: HttpRequest, query: Query[TextQuery]) -> Reply:
    """Texts the caller may see, the latest drafted first; not their words."""
    found = list_rows(request, query, ContractText.objects.visible_to(actor_of(request)), order=query.sort)
    return Reply(TextList(data=[_read(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /contract-templates",
    permission=VIEW_TEXT,
    returns=ContractTemplateList,
    summary="List templates of contracts",
    example=examples.TEMPLATES,
    parameters=ContractTemplateQuery,
)
def list_contract_templates(request: HttpRequest, query: Query[ContractTemplateQuery]) -> Reply:
    """Versions of templates the caller may see, the latest begun first; not their clauses."""
    found = list_rows(
        request, query, ContractTemplate.objects.visible_to(actor_of(request)), order=query.sort
    )
    return Reply(ContractTemplateList(data=[_read_template(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /contract-texts/{uuid:text_id}",
    permission=VIEW_TEXT,
    returns=TextRecord,
    summary="Get a text of a contract",
    example=examples.TEXT,
    problems=(404,),
)
def get_contract_text(request: HttpRequest, text_id: UUID) -> Reply:
    """One version."""
    return Reply(_read(_find(request, text_id)))


@endpoint(
    router,
    "POST /contracts/{uuid:contract_id}/texts",
    permission=CHANGE_TEXT,
    returns=TextRecord,
    summary="Draft a text of a contract",
    example={**examples.TEXT, "state": "draft", "digest": "", "check_code": "", "given_at": None},
    body_example=examples.TEXT_TO_DRAFT,
    headers=KEY_REQUIRED,
    problems=(404,),
)
def post_contract_text(request: HttpRequest, contract_id: UUID, body: TextToDraft) -> Reply:
    """Draft the next version from the template in force; the version that is open is superseded."""
    actor = actor_of(request)
    contract = get_object_or_404(Contract.objects.visible_with(actor, CHANGE_TEXT), pk=contract_id)
    row = draft_text(contract, kind=body.kind, actor=actor, now=timezone.now())
    return Reply(_read(row), 201, {"Location": f"/api/v1/contract-texts/{row.pk}"})


@endpoint(
    router,
    "GET /contract-texts/{uuid:text_id}/check",
    permission=VIEW_TEXT,
    returns=CheckRecord,
    summary="Check a text clause by clause",
    example=examples.CHECK,
    problems=(404,),
)
def get_contract_text_check(request: HttpRequest, text_id: UUID) -> Reply:
    """What is not as template, record and law want it."""
    row = _find(request, text_id)
    findings = findings_of(row, clauses_of(row), facts_of(contract_of(row)))
    read = [
        FindingRecord(
            code=each.code,
            position=each.clause.position if each.clause else None,
            heading=each.clause.heading if each.clause else "",
            detail=each.text,
            can_be_approved=each.can_be_approved,
        )
        for each in findings
    ]
    return Reply(CheckRecord(text_id=row.pk, is_sound=not findings, findings=read))


@endpoint(
    router,
    "GET /contract-texts/{uuid:text_id}/readings",
    permission=VIEW_TEXT,
    returns=ReadingsRecord,
    summary="Get who has read a text",
    example=examples.READINGS,
    problems=(404,),
)
def get_contract_text_readings(request: HttpRequest, text_id: UUID) -> Reply:
    """How far each buyer is who confirms the text."""
    row = _find(request, text_id)
    rows = TextReading.objects.filter(text=row).visible_buyers(actor_of(request))
    readings = [
        ReadingRecord(
            customer_id=each.customer_id,
            opened_at=each.opened_at,
            confirmed_clauses=each.confirmed,  # type: ignore[attr-defined]
            confirmed_at=each.confirmed_at,
            how=each.how,
        )
        for each in rows.annotate(confirmed=Count("confirmations")).order_by("id")
    ]
    return Reply(ReadingsRecord(text_id=row.pk, marked_clauses=len(marked_in(row)), readings=readings))


@endpoint(
    router,
    "GET /contract-texts/{uuid:text_id}/file",
    permission=VIEW_TEXT,
    summary="Get a text as PDF",
    example="%PDF-1.7",
    problems=(404,),
    manner=A_PDF,
)
def get_contract_text_file(request: HttpRequest, text_id: UUID) -> FileReply:
    """The kept print of a text that was given; of a draft, one that says so on every page."""
    row, now = _find(request, text_id), timezone.now()
    name = f"{row.contract.number}-V{row.version}.pdf"
    if not row.is_frozen:
        return FileReply(iter([print_draft(row, now=now)]), name)
    return FileReply(read_parts(print_text(row, now=now).file.path), name)


def _find(request: HttpRequest, text_id: UUID) -> ContractText:
    rows = ContractText.objects.visible_to(actor_of(request)).select_related("contract", "org_unit")
    return get_object_or_404(rows, pk=text_id)


def _read(row: ContractText) -> TextRecord:
    return TextRecord(id=row.pk, **{name: getattr(row, name) for name in (*PLAIN, *TIMES)})


def _read_template(row: ContractTemplate) -> ContractTemplateRecord:
    names = ContractTemplateRecord.model_fields
    return ContractTemplateRecord(**{name: getattr(row, name) for name in names})
