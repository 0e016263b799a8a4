"""What endpoints may be told, and what their pages show."""

from datetime import datetime

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.models import EventQuerySet, EventRecord
from hearth.core.pages import Page, keyset_page
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.webhooks.events import EndpointTested
from hearth.webhooks.models import Attempt, Delivery, Endpoint

UNSETTLED = (Delivery.State.WAITING, Delivery.State.FAILED, Delivery.State.DROPPED)


def owner_actor(owner: User, *, now: datetime) -> Actor:
    """Return who an endpoint's owner is to the rules today; two queries."""
    return actor_for(owner, today=localdate(now), kind="api")


def visible_events(endpoint: Endpoint, owner: Actor) -> EventQuerySet:
    """Return the events an endpoint may be told of: at or below its place, and visible to its owner."""
    events = EventRecord.objects.visible_to(owner)
    if endpoint.org_unit.parent_id is None:
        return events
    places = OrgUnit.objects.below(endpoint.org_unit).values_list("pk", flat=True)
    return events.filter(org_unit_id__in=list(places))


def events_for(endpoint: Endpoint, owner: Actor) -> EventQuerySet:
    """Return the events an endpoint is told of: those it may see and has chosen."""
    events = visible_events(endpoint, owner).exclude(type=EndpointTested.type)
    return events.filter(type__in=endpoint.types) if endpoint.types else events


def list_endpoints(actor: Actor, *, cursor: str = "", limit: int = 50) -> Page[Endpoint]:
    """Return a page of the endpoints the actor may manage with `waiting` and `given_up`, by name; one query."""
    rows = Endpoint.objects.visible_to(actor).select_related("org_unit", "owner")
    rows = rows.annotate(
        waiting=_number_in(Delivery.State.WAITING), given_up=_number_in(Delivery.State.FAILED)
    )
    return keyset_page(rows, order="name", cursor=cursor, limit=limit)


def _number_in(state: str) -> Coalesce:
    """How many deliveries of an endpoint are in a state that few are in; read from an index of its own."""
    found = Delivery.objects.filter(endpoint=OuterRef("pk"), state=state).order_by().values("endpoint")
    return Coalesce(Subquery(found.annotate(number=Count("id")).values("number")), 0)


def list_deliveries(
    endpoint: Endpoint, *, state: str = "", cursor: str = "", limit: int = 50
) -> Page[Delivery]:
    """Return a page of an endpoint's deliveries with their attempts, the newest first; two queries."""
    attempts = Attempt.objects.order_by("created_at", "id")
    rows = endpoint.deliveries.prefetch_related(Prefetch("tries", queryset=attempts))
    if state:
        rows = rows.filter(state=state)
    return keyset_page(rows, order="-created_at", cursor=cursor, limit=limit)


def count_unsettled(endpoint: Endpoint) -> dict[str, int]:
    """Count an endpoint's deliveries that have not arrived, by state; one query."""
    rows = endpoint.deliveries.filter(state__in=UNSETTLED).order_by().values_list("state")
    return dict(rows.annotate(number=Count("id")))
