"""Operations on partners, and on what their brokers register."""

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
from hearth.api.v1 import broker_examples as examples
from hearth.api.v1.references import find_visible
from hearth.brokers.lists import PARTNERS, REGISTRATIONS
from hearth.brokers.models import Broker, ChannelRegistration, Partner
from hearth.brokers.permissions import REGISTER, VIEW_BROKER
from hearth.brokers.services import NewRegistration, register_customer
from hearth.core.permissions import actor_of
from hearth.properties.models import Project

router = Router(tags=["brokers"])


class PartnerQuery(PageQuery):
    """What the list of partners can be asked for."""

    definition: ClassVar = PARTNERS
    sorts: ClassVar = {"id": "newest"}
    filters: ClassVar = {
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class BrokerRecord(BaseModel):
    """Who registers for a partner; `customer_id` is the customer who recommends."""

    id: UUID
    name: str
    customer_id: UUID | None
    active_from_date: date
    active_until_date: date | None


class PartnerRecord(BaseModel):
    """An agency, or all customers of a company who recommend."""

    id: UUID
    org_unit_id: int
    kind: Annotated[str, OneOf(Partner.Kind)]
    name: str
    active_from_date: date
    active_until_date: date | None
    brokers: list[BrokerRecord]
    created_at: datetime
    updated_at: datetime


class PartnerList(ListOf[PartnerRecord]):
    pass


class RegistrationQuery(PageQuery):
    """What the list of registrations can be asked for."""

    definition: ClassVar = REGISTRATIONS
    sorts: ClassVar = {"id": "newest"}
    filters: ClassVar = {
        "project_id": equals(UUID, "project_id"),
        "partner_id": equals(UUID, "partner_id"),
        "broker_id": equals(UUID, "broker_id"),
        "customer_id": equals(UUID, "customer_id", can_be_empty=True),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class RegistrationRecord(BaseModel):
    """A customer whom a broker has registered before the visit."""

    id: UUID
    org_unit_id: int
    project_id: UUID
    partner_id: UUID
    broker_id: UUID
    customer_name: str
    phone: str = Field(description="Masked.")
    is_hidden: bool = Field(description="Four digits were hidden when it was registered.")
    planned_date: date
    state: Annotated[str, OneOf(ChannelRegistration.State)]
    because: Annotated[str, OneOf(ChannelRegistration.Because)] | Literal[""] = Field(
        description="Why it is invalid."
    )
    protected_until_at: datetime
    way: Annotated[str, OneOf(ChannelRegistration.Way)]
    customer_id: UUID | None = Field(description="Known from the visit on.")
    lead_id: UUID | None
    visited_at: datetime | None
    created_at: datetime
    updated_at: datetime


class RegistrationList(ListOf[RegistrationRecord]):
    pass


class RegistrationToMake(Asked):
    """A customer to be registered in the name of a broker."""

    broker_id: UUID
    project_id: UUID
    customer_name: str = Field(min_length=1, max_length=60)
    phone: str = Field(
        min_length=1, max_length=40, description="Whole, or with four hidden digits: 138****5678."
    )
    planned_date: date
    has_consent: bool = Field(description="The customer was told what the notice says, and agrees.")


@endpoint(
    router,
    "GET /partners",
    permission=VIEW_BROKER,
    returns=PartnerList,
    summary="List partners",
    example=examples.PARTNERS,
    parameters=PartnerQuery,
)
def list_partners(request: HttpRequest, query: Query[PartnerQuery]) -> Reply:
    """Partners the caller may see with their brokers, the latest added first unless sorted otherwise."""
    rows = Partner.objects.visible_to(actor_of(request)).prefetch_related("brokers")
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(PartnerList(data=[_partner(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /channel-registrations",
    permission=VIEW_BROKER,
    returns=RegistrationList,
    summary="List registrations of brokers",
    example=examples.REGISTRATIONS,
    parameters=RegistrationQuery,
)
def list_channel_registrations(request: HttpRequest, query: Query[RegistrationQuery]) -> Reply:
    """Registrations the caller may see, the latest first unless sorted otherwise."""
    rows = ChannelRegistration.objects.visible_to(actor_of(request))
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(RegistrationList(data=[_registration(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /channel-registrations/{uuid:registration_id}",
    permission=VIEW_BROKER,
    returns=RegistrationRecord,
    summary="Get a registration of a broker",
    example=examples.REGISTRATION,
    problems=(404,),
)
def get_channel_registration(request: HttpRequest, registration_id: UUID) -> Reply:
    """One registration."""
    rows = ChannelRegistration.objects.visible_to(actor_of(request))
    return Reply(_registration(get_object_or_404(rows, pk=registration_id)))


@endpoint(
    router,
    "POST /channel-registrations",
    permission=REGISTER,
    returns=RegistrationRecord,
    summary="Register a customer for a broker",
    example=examples.REGISTRATION,
    body_example=examples.TO_REGISTER,
)
def post_channel_registration(request: HttpRequest, body: RegistrationToMake) -> Reply:
    """Register a customer before the visit; one that does not hold is kept as `invalid`, with the reason."""
    actor = actor_of(request)
    brokers = Broker.objects.visible_to(actor).select_related("partner", "org_unit")
    broker = find_visible(brokers, body.broker_id, "broker_id")
    projects = Project.objects.visible_to(actor).visible_with(actor, REGISTER).select_related("org_unit")
    project = find_visible(projects, body.project_id, "project_id")
    given = body.model_dump(exclude={"broker_id", "project_id"})
    new = NewRegistration(project=project, way=ChannelRegistration.Way.API, **given)
    row = register_customer(broker, new, actor=actor, now=timezone.now())
    return Reply(_registration(row), 201, {"Location": f"/api/v1/channel-registrations/{row.pk}"})


def _partner(row: Partner) -> PartnerRecord:
    names = [name for name in PartnerRecord.model_fields if name != "brokers"]
    brokers = sorted(row.brokers.all(), key=lambda each: (each.name, each.pk))
    of_partner = [
        BrokerRecord(**{name: getattr(each, name) for name in BrokerRecord.model_fields}) for each in brokers
    ]
    return PartnerRecord(**{name: getattr(row, name) for name in names}, brokers=of_partner)


def _registration(row: ChannelRegistration) -> RegistrationRecord:
    names = [name for name in RegistrationRecord.model_fields if name != "phone"]
    return RegistrationRecord(**{name: getattr(row, name) for name in names}, phone=row.masked_phone)
