"""Two people change one customer by its form: what stands, and what is put to the second of them."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.customers.services import update_customer
from hearth.organization.models import OrgUnit
from tests.customers.builders import NOW, make_customer

pytestmark = pytest.mark.django_db


def address_of(customer: Customer) -> str:
    return f"/customers/{customer.pk}/edit/"


def text_of(response: Any) -> str:
    return str(response.content.decode())


def open_form(client: Client, customer: Customer) -> dict[str, str]:
    """Open the form and return what a browser would send if nothing were typed."""
    html = text_of(client.get(address_of(customer)))
    seen = dict(re.findall(r'<input type="hidden" name="(initial-[^"]+)"(?: value="([^"]*)")?', html))
    since = re.findall(r'name="unchanged_since" value="([^"]*)"', html)[0]
    values = {name.removeprefix("initial-"): value for name, value in seen.items()}
    return {**seen, **values, "unchanged_since": since}


def change_beside(customer: Customer, **values: Any) -> None:
    update_customer(customer, actor=Actor.system("test"), now=NOW + timedelta(hours=1), **values)


def test_a_form_writes_what_the_person_changed_and_leaves_what_others_did(
    signed_in: Client, company: OrgUnit
) -> None:
    customer = make_customer(company, name="张三", occupation="医生", source="call", note="一\n二")
    sent = open_form(signed_in, customer)

    change_beside(customer, occupation="教师", note="三")
    answer = signed_in.post(address_of(customer), {**sent, "name": "张三丰", "source": "web"})

    kept = Customer.objects.get()
    assert answer.status_code == 303
    assert (kept.name, kept.source, kept.occupation, kept.note) == ("张三丰", "web", "教师", "三")
    payloads = EventRecord.objects.filter(type="customer.changed").order_by("position").values("payload")
    assert [row["payload"]["fields"] for row in payloads][-1] == ["name", "source"]


def test_two_forms_that_changed_the_same_fields_end_in_a_choice(signed_in: Client, company: OrgUnit) -> None:
    customer = make_customer(company, name="张三", occupation="医生", source="call", note="旧")
    sent = open_form(signed_in, customer)
    wanted = {**sent, "name": "张三丰", "occupation": "律师", "source": "web", "note": "我的"}

    change_beside(customer, name="张四", occupation="教师", note="他们的")
    asked = signed_in.post(address_of(customer), wanted)
    unchanged = Customer.objects.get()
    sides = dict(re.findall(r'name="((?:first|theirs)-[^"]+)" value="([^"]*)"', text_of(asked)))
    closed = signed_in.post(address_of(customer), {**wanted, **sides, "keep-name": "mine"})
    choices = {"keep-name": "theirs", "keep-occupation": "mine", "keep-note": "original", "settle": "1"}
    answer = signed_in.post(address_of(customer), {**wanted, **sides, **choices})

    kept = Customer.objects.get()
    assert (asked.status_code, closed.status_code, answer.status_code) == (422, 422, 303)
    assert (unchanged.name, unchanged.source) == ("张四", "call")
    shown = re.findall(r"data-side>([^<]*)<", text_of(asked))
    assert shown == ["张三", "张四", "张三丰", "医生", "教师", "律师", "旧", "他们的", "我的"]
    assert (kept.name, kept.occupation, kept.note, kept.source) == ("张四", "律师", "旧", "web")


def test_a_form_says_nothing_twice_of_what_was_left_alone(signed_in: Client, company: OrgUnit) -> None:
    customer = make_customer(company, birth_date=date(1980, 2, 29), note="一\n二", source="call")
    sent = open_form(signed_in, customer)

    answer = signed_in.post(address_of(customer), {**sent, "note": "一\r\n二"})

    assert answer.status_code == 303
    assert EventRecord.objects.filter(type="customer.changed", occurred_at__gt=NOW).count() == 0
