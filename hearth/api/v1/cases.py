"""Operations on cases."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Asked, DatabaseId, ListOf, OneOf, superseded
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.page_lists import PageQuery
from hearth.api.v1 import examples
from hearth.api.v1.briefs import INCLUDABLE, Briefs, CustomerBrief, UnitBrief, on_demand
from hearth.api.v1.case_accounts import (
    CATEGORY,
    CaseAccountBody,
    CaseAccountToKeep,
    category_id,
    read_account,
)
from hearth.api.v1.custom_values import (
    CUSTOM_WORDS,
    IF_MATCH,
    Custom,
    CustomChange,
    CustomValue,
    change_custom,
    custom_of,
    set_custom,
)
from hearth.api.v1.references import place_to_write, require_visible
from hearth.api.v1.versions import version_at
from hearth.cases.clock_selectors import clocks_of
from hearth.cases.lists import CASES
from hearth.cases.models import Case, ClockStates, Step
from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.cases.selectors import CaseFilters, case_list
from hearth.cases.services import NewCase, open_case
from hearth.channels.models import Channel
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer
from hearth.properties.models import Project, Unit

router = Router(tags=["cases"])
Kind = Annotated[str, OneOf(Case.Kind)]
Grade = Annotated[str, OneOf(Case.Grade)]
State = Annotated[str, OneOf(Case.State)]
FILTERS = {
    "org_unit_id": equals(DatabaseId, "org_unit_id"),
    "customer_id": equals(UUID, "customer_id", can_be_empty=True),
    "project_id": equals(UUID, "project_id", can_be_empty=True),
    "unit_id": equals(UUID, "unit_id", can_be_empty=True),
    "external_key": equals(str, "external_key"),
    "opened_at": ordered(AwareDatetime, "opened_at"),
    "closed_at": ordered(AwareDatetime, "closed_at", can_be_empty=True),
    "updated_at": ordered(AwareDatetime, "updated_at"),
}
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CLOCK_TOLERANCE = timedelta(hours=1)


class OpenedAtUnlikely(InvalidInput):
    """The case would have been opened in the future, or before there were such systems."""

    code = "opened_at_unlikely"
    message = _("A case was opened between 1990 and now.")


class CaseQuery(PageQuery):
    """What the list of cases can be asked for."""

    definition: ClassVar = CASES
    sorts: ClassVar = {"opened_at": "opened", "number": "number"}
    filters: ClassVar = FILTERS
    q: str = superseded("", "search", max_length=100)
    kind: Kind | None = superseded(None, "filter[kind][eq]")
    state: State | None = superseded(None, "filter[state][eq]")
    grade: Grade | None = superseded(None, "filter[grade][eq]")
    customer_id: UUID | None = superseded(None, "filter[customer_id][eq]")
    assignee_id: DatabaseId | None = superseded(None, "filter[assignee][eq]")
    sort: Literal["-opened_at", "opened_at", "-number", "number"] = "-opened_at"


class CaseRecord(BaseModel):
    """One matter a customer raised."""

    id: UUID
    number: int
    org_unit_id: int
    external_key: str
    customer_id: UUID | None
    project_id: UUID | None
    unit_id: UUID | None
    kind: Kind
    grade: Grade
    state: State
    channel: Annotated[str, OneOf(Channel)]
    topic: str
    title: str
    body: str
    reply: str
    assignee_id: int | None
    opened_at: datetime
    answered_at: datetime | None
    dispatched_at: datetime | None
    visited_at: datetime | None
    closed_at: datetime | None
    called_back_at: datetime | None
    is_satisfied: bool | None
    households: int | None
    group_level: str
    created_at: datetime
    updated_at: datetime
    customer: CustomerBrief | None = on_demand("The customer.")
    unit: UnitBrief | None = on_demand("The home.")


class CaseClock(BaseModel):
    """One promise about a case: by when, how it stands, and why in words of the caller's language.

    `due_at` is empty while the clock stands because we wait for the customer.
    """

    step: Annotated[str, OneOf(Step)]
    state: Annotated[str, OneOf(ClockStates)]
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    promised_minutes: int
    counting: str
    elapsed_minutes: int
    paused_minutes: int
    words: str


class CaseWhole(CaseRecord):
    """A case with the fields that the company added, its clocks, and what was told of it."""

    custom: dict[str, CustomValue]
    clocks: list[CaseClock]
    account: CaseAccountToKeep


class CaseList(ListOf[CaseRecord]):
    pass


class CaseToOpen(Asked):
    """A matter to take in."""

    org_unit: str = Field(max_length=40, description="Code of the place in charge.")
    title: str = Field(min_length=1, max_length=200)
    body: str = Field(min_length=1, max_length=20_000)
    kind: Kind = Case.Kind.ENQUIRY.value
    grade: Grade = Case.Grade.ORDINARY.value
    channel: Annotated[str, OneOf(Channel)] = Channel.WEB.value
    topic: str = Field("", max_length=60)
    category: str = Field("", max_length=40, description=CATEGORY)
    account: CaseAccountBody | None = None
    opened_at: AwareDatetime | None = Field(None, description="Now, unless it was earlier.")
    customer_id: UUID | None = None
    project_id: UUID | None = None
    unit_id: UUID | None = None
    external_key: str = Field("", max_length=60)
    custom: Custom = Field(default_factory=dict, description=CUSTOM_WORDS)


@endpoint(
    router,
    "GET /cases",
    permission=VIEW_CASE,
    returns=CaseList,
    summary="List cases",
    example=examples.CASES,
    parameters=CaseQuery,
)
def list_cases(request: HttpRequest, query: Query[CaseQuery]) -> Reply:
    """Cases the caller may see, the latest opened first."""
    filters = CaseFilters(q=query.q, kind=query.kind or "", state=query.state or "", grade=query.grade or "")
    cases = case_list(actor_of(request), filters)
    wanted = query.model_dump(include={"customer_id", "assignee_id"}, exclude_none=True)
    found = list_rows(request, query, cases.filter(**wanted), order=query.sort)
    briefs = Briefs(request, CaseList, found.rows)
    return Reply(CaseList(data=[read_case(case, briefs) for case in found.rows], page=found.page))


@endpoint(
    router,
    "GET /cases/{uuid:case_id}",
    permission=VIEW_CASE,
    returns=CaseWhole,
    summary="Get a case",
    example=examples.CASE_WHOLE,
    problems=(404,),
)
def get_case(request: HttpRequest, case_id: UUID) -> Reply:
    """One case with its texts. The ETag is needed to change it."""
    return _reply(request, case_id)


@endpoint(
    router,
    "PATCH /cases/{uuid:case_id}",
    permission=CHANGE_CASE,
    returns=CaseWhole,
    summary="Change custom fields of a case",
    example=examples.CASE_WHOLE,
    body_example=examples.CUSTOM_CHANGE,
    headers=IF_MATCH,
    problems=(404, 412, 428),
)
def patch_case(request: HttpRequest, case_id: UUID, body: CustomChange) -> Reply:
    """Change custom fields, if nobody else changed the case since the caller read it."""
    case = get_object_or_404(Case.objects.visible_to(actor_of(request)), pk=case_id)
    return change_custom(request, "case", case, body, lambda: _reply(request, case_id))


@endpoint(
    router,
    "POST /cases",
    permission=CHANGE_CASE,
    returns=CaseWhole,
    summary="Open a case",
    example=examples.CASE_WHOLE,
    body_example=examples.CASE_TO_OPEN,
)
def post_case(request: HttpRequest, body: CaseToOpen) -> Reply:
    """Take in a matter that a customer raised elsewhere."""
    actor, now = actor_of(request), timezone.now()
    place = place_to_write(body.org_unit, actor, CHANGE_CASE)
    opened_at = body.opened_at or now
    if not EARLIEST <= opened_at <= now + CLOCK_TOLERANCE:
        raise OpenedAtUnlikely("opened_at")
    require_visible(Customer.objects.visible_to(actor), body.customer_id, "customer_id")
    require_visible(Project.objects.visible_to(actor), body.project_id, "project_id")
    require_visible(Unit.objects.visible_to(actor), body.unit_id, "unit_id")
    values = body.model_dump(exclude={"org_unit", "opened_at", "custom", "category", "account"})
    new = NewCase(
        org_unit_id=place.pk,
        opened_at=opened_at.astimezone(UTC),
        category_id=category_id(body.category),
        account=body.account.told if body.account else None,
        **values,
    )
    with transaction.atomic():
        case = open_case(new, actor=actor, now=now)
        set_custom("case", case, body.custom, actor, now)
    return _reply(request, case.pk, status=201)


def _reply(request: HttpRequest, case_id: UUID, *, status: int = 200) -> Reply:
    actor = actor_of(request)
    rows = Case.objects.visible_to(actor).select_related("account", "category")
    case = get_object_or_404(rows, pk=case_id)
    headers = {"ETag": version_at(case.updated_at)}
    if status == 201:
        headers["Location"] = f"/api/v1/cases/{case.pk}"
    read = read_case(case, Briefs(request, CaseWhole, [case]))
    custom = custom_of("case", case, actor)
    whole = CaseWhole(**dict(read), custom=custom, clocks=_clocks(case, actor), account=read_account(case))
    return Reply(whole, status, headers)


def _clocks(case: Case, actor: Actor) -> list[CaseClock]:
    return [
        CaseClock(
            step=line.standing.step,
            state=line.standing.state,
            started_at=line.reading.started_at,
            due_at=line.standing.due_at,
            stopped_at=line.standing.stopped_at,
            promised_minutes=line.reading.amount // MINUTE,
            counting=line.reading.counting,
            elapsed_minutes=line.reading.elapsed // MINUTE,
            paused_minutes=line.reading.paused // MINUTE,
            words=line.words,
        )
        for line in clocks_of(case, actor, now=timezone.now())
    ]


def read_case(case: Case, briefs: Briefs | None = None) -> CaseRecord:
    """Return a case, with its customer and home where they were included."""
    values = {name: getattr(case, name) for name in CaseRecord.model_fields if name not in INCLUDABLE}
    return CaseRecord(**values, **(briefs.of(case) if briefs else {}))
