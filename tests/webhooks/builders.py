"""Endpoints and events for tests."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.core.models import EventRecord
from hearth.core.permissions import VIEW_EVENTS
from hearth.customers.events import CustomerCreated
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from hearth.webhooks.models import Delivery, Endpoint
from hearth.webhooks.permissions import MANAGE_WEBHOOK
from hearth.webhooks.selectors import owner_actor
from hearth.webhooks.services.endpoints import create_endpoint
from hearth.webhooks.services.gathering import write_deliveries
from tests.organization.builders import make_member

RIGHTS = (VIEW_EVENTS, MANAGE_WEBHOOK)


def make_endpoint(
    org_unit: OrgUnit,
    *,
    now: datetime,
    url: str = "https://hooks.example.com/hearth",
    name: str = "Call centre",
    types: Collection[str] = (),
    is_full: bool = False,
    owner: User | None = None,
) -> tuple[Endpoint, str]:
    """Write an endpoint of a new user who sees the place's events, and return it with its secret."""
    owner = owner or make_member(org_unit, *RIGHTS)
    return create_endpoint(
        org_unit=org_unit,
        name=name,
        url=url,
        types=types,
        is_full=is_full,
        actor=owner_actor(owner, now=now),
        now=now,
    )


def write_event(org_unit: OrgUnit | None, *, now: datetime, customer_id: UUID | None = None) -> EventRecord:
    """Write one event in the present transaction."""
    event = CustomerCreated(
        org_unit_id=org_unit.pk if org_unit else None, customer_id=customer_id or uuid7(), kind="person"
    )
    return record(event, actor=Actor.system("test"), now=now)


def make_delivery(endpoint: Endpoint, *, now: datetime) -> Delivery:
    """Write an event at the endpoint's place and make it due."""
    return write_deliveries(endpoint, [write_event(endpoint.org_unit, now=now)], now=now)[0]
