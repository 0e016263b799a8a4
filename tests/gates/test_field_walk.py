"""Ruled fields on every page, operation, list file, search and payload: what a rule masks or hides is nowhere in clear.

Whatever a route or operation is about, its customers are given a value of each field, and a person who may do
everything but is under a rule reads it. A new page or field is walked by itself; a new field needs a value here.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils.timezone import now as clock

from hearth.accounts.models import User
from hearth.channels.services.interactions import NewInteraction, record_interactions
from hearth.core.actor import Actor
from hearth.core.field_rules import Access, ruled_fields
from hearth.core.models import EventRecord
from hearth.core.permissions import permissions
from hearth.core.search import search_everything
from hearth.customers.models import Customer
from hearth.customers.services import add_contact_point
from hearth.customers.services.creation import set_identity
from hearth.exports.files import path_of
from hearth.families.services import NeedValues, state_needs
from hearth.lists.definitions import lists
from hearth.organization.models import OrgUnit, Role
from hearth.organization.selectors import actor_for
from hearth.organization.services.field_rules import set_field_rule
from hearth.webhooks.payloads import write_payload
from tests.customers.builders import NOW, SYSTEM
from tests.exports.builders import make_export, write
from tests.gates.life import write_life
from tests.gates.test_access_walk import GUARDED, KNOWN, PRIVATE, Route, ask, browser, call, make_secret
from tests.gates.test_ways_of_pages import body_of
from tests.organization.builders import make_member, sign_in
from tests.walk import with_objects

Read = Callable[[dict[str, Any]], HttpResponseBase]
NOTE = "对门夫妻正在离婚"
CONTACTS = {
    "phone": "13712345678",
    "email": "lu.qingfeng@example.com",
    "address": "深圳市南山区科技园路88号",
    "wechat": "qingfeng_8866",
}
IDENTITY = "11010519491231002X"
# What tells each field's value, however it is written.
CLEAR = {
    **{kind: (value,) for kind, value in CONTACTS.items()},
    "phone": ("13712345678", "137 1234 5678"),
    "identity": (IDENTITY,),
    "income": ('"from_800k"', "80–150 万元", "¥800,000 to 1,500,000"),
    "sensitive_note": (NOTE,),
}
# What may be chosen says nothing of what is.
CHOICES = re.compile(r"<option(?![^>]* selected)[^>]*>[^<]*</option>")


def plant() -> None:
    """Give every customer a value of each ruled field; the first alone has the identity number."""
    for number, customer in enumerate(Customer.objects.filter(merged_into=None).order_by("pk")):
        for kind, value in CONTACTS.items():
            add_contact_point(customer, kind=kind, value=value, actor=SYSTEM, now=NOW, is_primary=True)
        if not number:
            set_identity(customer, IDENTITY, NOW.date())
            customer.save()
        state_needs(customer, NeedValues(purpose="upgrade", income="from_800k"), actor=SYSTEM, now=NOW)
        place = customer.places.first()
        if place:
            note = NewInteraction(
                customer.pk, place.org_unit_id, "phone", "inbound", NOTE, NOTE, is_sensitive=True
            )
            record_interactions([note], actor=SYSTEM, now=NOW)


def told(text: str) -> set[str]:
    """Return the fields whose value is in a text."""
    text = CHOICES.sub("", text)
    return {field for field, values in CLEAR.items() if any(value in text for value in values)}


def text_of(response: HttpResponseBase) -> str:
    return body_of(response).decode(errors="replace")


def under_rules(place: OrgUnit, access: Access) -> User:
    """Write a person who may do everything at a place, and sees no ruled field in full."""
    person = make_member(place, *permissions)
    role = Role.objects.get(memberships__user=person)
    for field in ruled_fields:
        set_field_rule(role, field, place, access, actor=Actor.system(), now=clock())
    return person


@dataclass(frozen=True)
class Walked:
    """A way that has an address, what it is called here, and how it is asked."""

    way: str
    name: str
    read: Read


def every_address(
    person: User, company: OrgUnit, *, among: Collection[str] | None = None
) -> dict[str, set[str]]:
    """Go every way that has an address, or those named, and return which fields each told.

    The customers of what the way is about are given a value of each field before.
    """
    client, secret = sign_in(browser(), person), make_secret(person, can_write=True)
    ways = [
        Walked(f"page {route.name}", route.name, partial(_ask, client, route))
        for route in PRIVATE
        if "GET" in route.access.methods
    ]
    ways += [
        Walked(f"{one.method} {one.name}", one.name, partial(call, one, secret=secret)) for one in GUARDED
    ]
    asked = [walked for walked in ways if among is None or walked.way in among]
    found = {
        walked.way: told(text_of(walked.read(kwargs)))
        for walked, kwargs in with_objects(asked, company, KNOWN.samples, prepare=plant)
    }
    return {way: fields for way, fields in found.items() if fields}


def _ask(client: Client, route: Route, kwargs: dict[str, Any]) -> HttpResponseBase:
    return ask(client, route, "GET", kwargs)


def everything_else(person: User, company: OrgUnit) -> dict[str, set[str]]:
    """Read files of all lists, the search and the payloads of all events about one customer with a full life."""
    write_life(company)
    plant()
    actor = actor_for(person, today=clock().date())
    found = {}
    for key, definition in lists.items():
        columns = [column.key for column in definition.columns_for(actor)]
        for table_format in ("csv", "ndjson"):
            export = write(make_export(person, *columns, key=key, table_format=table_format))
            found[f"{table_format} of {key}"] = told(path_of(export).read_text(encoding="utf-8-sig"))
    for kind, value in CONTACTS.items():
        found[f"search of {kind}"] = told(str(search_everything(value[-4:], actor=actor))) - {kind}
    payloads = [write_payload(event, actor, is_full=True).decode() for event in EventRecord.objects.all()]
    found["webhook"] = told("".join(payloads))
    return {way: fields for way, fields in found.items() if fields}


def test_every_ruled_field_has_a_value_here() -> None:
    assert set(CLEAR) >= set(ruled_fields)


@pytest.mark.requirement("S60")
@pytest.mark.slow
@pytest.mark.django_db
def test_no_address_tells_a_value_against_a_rule(group: OrgUnit, company: OrgUnit) -> None:
    """Only the ways that tell somebody a value could tell it to who must not see it."""
    telling = every_address(make_member(group, *permissions), company)

    told_against = {
        access: every_address(under_rules(group, access), company, among=telling)
        for access in (Access.MASKED, Access.HIDDEN)
    }

    assert set().union(*telling.values()) >= set(ruled_fields)
    assert {way.partition(" ")[0] for way in telling} >= {"page", "GET"}
    assert told_against == {Access.MASKED: {}, Access.HIDDEN: {}}


@pytest.mark.requirement("S60")
@pytest.mark.django_db
@pytest.mark.parametrize("access", [Access.MASKED, Access.HIDDEN])
def test_no_file_search_or_payload_tells_a_value_against_a_rule(company: OrgUnit, access: Access) -> None:
    assert everything_else(under_rules(company, access), company) == {}


@pytest.mark.django_db
def test_files_tell_them_where_no_rule_stands_and_payloads_never(company: OrgUnit) -> None:
    found = everything_else(make_member(company, *permissions), company)

    assert {"csv of customers", "ndjson of customers"} <= set(found)
    assert "webhook" not in found
