"""A webhook that asks for the records gets what its owner would get by the API, and no more."""

import json
from datetime import datetime
from typing import Any

import pytest

from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.core.models import EventRecord
from hearth.core.permissions import VIEW_EVENTS
from hearth.customers.events import CustomerChanged
from hearth.organization.models import OrgUnit
from hearth.webhooks.payloads import write_payload
from tests.api.builders import open_case_at
from tests.customers.builders import make_customer, make_home
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db


def told(event: EventRecord, actor: Actor) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(write_payload(event, actor, is_full=True))
    records: dict[str, Any] = message["data"]["records"]
    return records


def test_the_customer_and_the_home_come_masked_whatever_the_owner_may_see(
    company: OrgUnit, now: datetime
) -> None:
    customer, home = make_customer(company, name="林月", phone="13912345678"), make_home(company)
    event = record(
        CustomerChanged(customer_id=customer.pk, unit_id=home.pk, org_unit_id=company.pk, fields=("note",)),
        actor=Actor.system("test"),
        now=now,
    )
    plain = make_actor(company, VIEW_EVENTS, "customers.view", "properties.view")
    trusted = make_actor(company, VIEW_EVENTS, "customers.view", "customers.view_contact")

    masked, of_trusted = told(event, plain), told(event, trusted)

    assert masked["customer"]["name"] == "林月"
    assert masked["customer"]["contacts"][0]["text"] == "139****5678"
    assert masked["unit"]["id"] == str(home.pk)
    assert of_trusted["customer"]["contacts"][0]["text"] == "139****5678"
    assert "unit" not in of_trusted


def test_what_the_owner_may_not_see_is_not_in_it(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    customer = make_customer(neighbour)
    event = record(
        CustomerChanged(customer_id=customer.pk, org_unit_id=company.pk, fields=("note",)),
        actor=Actor.system("test"),
        now=now,
    )
    actor = make_actor(company, VIEW_EVENTS, "customers.view")

    assert told(event, actor) == {}


def test_a_case_comes_with_its_events(company: OrgUnit) -> None:
    case = open_case_at(company)
    event = EventRecord.objects.get(type="cases.opened", subject_id=case.pk)

    records = told(event, make_actor(company, VIEW_EVENTS, "cases.view"))

    assert records["case"]["title"] == "Wet ceiling"
