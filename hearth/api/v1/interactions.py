"""Operations on contacts with customers."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal
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
from hearth.api.problems import UnknownReference
from hearth.api.v1 import contact_examples as examples
from hearth.api.v1.briefs import Briefs, CustomerBrief, on_demand
from hearth.api.v1.references import place_to_write, require_visible
from hearth.channels.models import Channel, Interaction
from hearth.channels.permissions import RECORD_INTERACTION, VIEW_INTERACTION
from hearth.channels.services.interactions import NewInteraction, record_interactions
from hearth.channels.wording import words_for
from hearth.core.actor import Actor
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer
from hearth.properties.models import Project

router = Router(tags=["interactions"])
How = Annotated[str, OneOf(Channel)]
Direction = Annotated[str, OneOf(Interaction.Direction)]
WORDED = {"summary", "body", "is_masked", "customer"}
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
FILTERS = {
    "customer_id": equals(UUID, "customer_id"),
    "project_id": equals(UUID, "project_id", can_be_empty=True),
    "org_unit_id": equals(DatabaseId, "org_unit_id"),
    "channel": equals(How, "channel"),
    "direction": equals(Direction, "direction"),
    "external_key": equals(str, "external_key"),
    "occurred_at": ordered(AwareDatetime, "occurred_at"),
}


class InteractionQuery(ListQuery):
    """What the list of contacts can be asked for."""

    filters: ClassVar = FILTERS
    sort: Literal["-id", "id"] = "-id"


class InteractionRecord(BaseModel):
    """A call, visit, message or note."""

    id: UUID
    org_unit_id: int
    customer_id: UUID
    project_id: UUID | None
    channel: How
    direction: Direction
    summary: str
    body: str
    is_sensitive: bool
    is_masked: bool = Field(
        description="True where the caller may not read a sensitive one: it has no text then."
    )
    occurred_at: datetime
    recorded_by_id: int | None
    external_key: str
    created_at: datetime
    updated_at: datetime
    customer: CustomerBrief | None = on_demand("The customer.")


class InteractionList(ListOf[InteractionRecord]):
    pass


class InteractionToRecord(Asked):
    """Something that passed between a customer and us."""

    customer_id: UUID
    org_unit: str = Field(max_length=40, description="Code of the place whose contact it is.")
    channel: How
    direction: Direction
    summary: str = Field(min_length=1, max_length=200)
    body: str = Field("", max_length=20_000)
    is_sensitive: bool = Field(
        default=False, description="Kept encrypted, and read by those with the right to."
    )
    project_id: UUID | None = None
    occurred_at: AwareDatetime | None = Field(None, ge=EARLIEST, description="Now, unless it was earlier.")


@endpoint(
    router,
    "GET /interactions",
    permission=VIEW_INTERACTION,
    returns=InteractionList,
    summary="List contacts",
    example=examples.INTERACTIONS,
    parameters=InteractionQuery,
)
def list_interactions(request: HttpRequest, query: Query[InteractionQuery]) -> Reply:
    """Contacts the caller may see, the latest recorded first."""
    rows = Interaction.objects.visible_to(actor_of(request))
    found = list_rows(request, query, rows, order=query.sort)
    briefs = Briefs(request, InteractionList, found.rows)
    return Reply(
        InteractionList(data=[_read(row, briefs, actor_of(request)) for row in found.rows], page=found.page)
    )


@endpoint(
    router,
    "GET /interactions/{uuid:interaction_id}",
    permission=VIEW_INTERACTION,
    returns=InteractionRecord,
    summary="Get a contact",
    example=examples.INTERACTION,
    problems=(404,),
)
def get_interaction(request: HttpRequest, interaction_id: UUID) -> Reply:
    """One contact with its text."""
    row = get_object_or_404(Interaction.objects.visible_to(actor_of(request)), pk=interaction_id)
    return Reply(_read(row, Briefs(request, InteractionRecord, [row]), actor_of(request)))


@endpoint(
    router,
    "POST /interactions",
    permission=RECORD_INTERACTION,
    returns=InteractionRecord,
    summary="Record a contact",
    example=examples.INTERACTION,
    body_example=examples.INTERACTION_TO_RECORD,
)
def post_interaction(request: HttpRequest, body: InteractionToRecord) -> Reply:
    """Note a call, visit or message; the customer's last contact moves forward."""
    actor = actor_of(request)
    place = place_to_write(body.org_unit, actor, RECORD_INTERACTION)
    customer = Customer.objects.visible_to(actor).filter(pk=body.customer_id).first()
    if customer is None:
        raise UnknownReference("customer_id")
    require_visible(Project.objects.visible_to(actor), body.project_id, "project_id")
    values = body.model_dump(exclude={"org_unit", "customer_id"})
    new = NewInteraction(customer.pk, place.pk, **values)
    row = record_interactions([new], actor=actor, now=timezone.now())[0]
    location = {"Location": f"/api/v1/interactions/{row.pk}"}
    return Reply(_read(row, Briefs(request, InteractionRecord, [row]), actor), 201, location)


def _read(row: Interaction, briefs: Briefs, actor: Actor) -> InteractionRecord:
    kept = {name: getattr(row, name) for name in InteractionRecord.model_fields if name not in WORDED}
    words = words_for(row, actor)
    is_masked = words is None or words.is_masked
    values = {
        **kept,
        "summary": "" if words is None or is_masked else words.summary,
        "body": "" if words is None else words.body,
        "is_masked": is_masked,
        "customer": briefs.of(row)["customer"],
    }
    return InteractionRecord(**values)
