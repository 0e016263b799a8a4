"""Writing from the customer's page: note, call, visit, message, task, case."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.cases.models import Case
from hearth.channels.models import Attachment, Interaction
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.tasks.models import Task
from tests.channels.builders import make_upload
from tests.customers.builders import make_customer
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true", "HX-Target": "composer"}


@pytest.fixture
def customer(company: OrgUnit) -> Customer:
    return make_customer(company, name="张伟")


def address_of(customer: Customer, code: str) -> str:
    return reverse("workspace:compose", args=[customer.pk, code])


@pytest.mark.requirement("S14")
@pytest.mark.parametrize(
    ("code", "more", "channel", "direction"),
    [
        ("note", {}, "note", "internal"),
        ("call", {"direction": "inbound"}, "phone", "inbound"),
        ("visit", {"direction": "outbound"}, "visit", "outbound"),
        ("message", {"direction": "inbound", "channel": "wechat"}, "wechat", "inbound"),
    ],
)
def test_each_kind_of_contact_is_written_from_its_tab(
    signed_in: Client, customer: Customer, code: str, more: dict[str, str], channel: str, direction: str
) -> None:
    answer = signed_in.post(
        address_of(customer, code), {"body": "想看样板间\n周末有空", **more}, headers=PART
    )

    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "hearth:recorded")
    row = Interaction.objects.get()
    assert (row.channel, row.direction, row.summary, row.body) == (
        channel,
        direction,
        "想看样板间",
        "想看样板间\n周末有空",
    )


def test_a_task_and_a_case_are_written_from_their_tabs(
    signed_in: Client, customer: Customer, administrator: object
) -> None:
    user_id = signed_in.session["_auth_user_id"]
    today = timezone.localdate().isoformat()
    task = {"body": "送资料", "doer": f"user:{user_id}", "due_date": today, "priority": "2"}
    case = {"body": "电梯异响\n夜里更响", "kind": "complaint", "grade": "hot", "channel": "phone"}

    answers = [
        signed_in.post(address_of(customer, "task"), task),
        signed_in.post(address_of(customer, "case"), case),
    ]

    assert [answer.status_code for answer in answers] == [303, 303]
    kept, opened = Task.objects.get(), Case.objects.get()
    assert (kept.title, kept.note, kept.customer, kept.priority) == ("送资料", "", customer, 2)
    assert (opened.title, opened.body, opened.grade) == ("电梯异响", "电梯异响\n夜里更响", "hot")


def test_files_go_with_a_note_and_a_bad_one_is_refused_in_words(
    signed_in: Client, customer: Customer
) -> None:
    address = address_of(customer, "note")

    kept = signed_in.post(address, {"body": "图纸", "attachments": [make_upload(), make_upload("b.pdf")]})
    refused = signed_in.post(address, {"body": "图纸", "attachments": [make_upload("a.exe")]}, headers=PART)

    assert (kept.status_code, Attachment.objects.count()) == (303, 2)
    assert (refused.status_code, "a.exe" in refused.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("note", {"body": " "}),
        ("call", {"body": "通话", "direction": "outbound", "occurred_at": "2999-01-01T10:00"}),
        ("task", {"body": "送资料", "doer": "role:0", "due_date": "2026-03-18", "priority": "3"}),
    ],
)
def test_what_cannot_be_written_stays_in_the_form(
    signed_in: Client, customer: Customer, code: str, values: dict[str, str]
) -> None:
    answer = signed_in.post(address_of(customer, code), values, headers=PART)

    assert (answer.status_code, Interaction.objects.count(), Task.objects.count()) == (422, 0, 0)


def test_tabs_are_those_one_may_write_in(client: Client, company: OrgUnit, customer: Customer) -> None:
    sign_in(client, make_member(company, "core.signed_in", "customers.view", "tasks.view"))
    page = reverse("workspace:customer", args=[customer.pk])

    shown = client.get(page, {"tab": "timeline"}).content.decode()

    assert (address_of(customer, "task") in shown, address_of(customer, "note") in shown) == (True, False)
    assert client.get(address_of(customer, "note")).status_code == 404


def test_each_tab_opens_with_its_fields(signed_in: Client, customer: Customer) -> None:
    opened = {
        code: signed_in.get(address_of(customer, code), headers=PART).content.decode()
        for code in ("note", "call", "visit", "message", "task", "case")
    }

    assert {code: text.count("<select") for code, text in opened.items()} == {
        "note": 0,
        "call": 1,
        "visit": 1,
        "message": 2,
        "task": 2,
        "case": 3,
    }


def name_person(place: OrgUnit, name: str, *rights: str, username: str = "") -> None:
    person = make_member(place, *rights, username=username)
    person.display_name = name
    person.save()


def test_colleagues_are_offered_who_may_see_the_customer_by_what_tells_them(
    client: Client, company: OrgUnit, neighbour: OrgUnit, group: OrgUnit, customer: Customer
) -> None:
    name_person(company, "林晓安", "customers.view")
    name_person(group, "林总（集团）", "customers.view", username="lin.zong")
    name_person(company, "林无权")
    name_person(neighbour, "林外人", "customers.view")
    address = reverse("workspace:colleagues", args=[customer.pk])
    writer = make_member(company, "core.signed_in", "customers.view", "channels.record", username="lin.self")
    sign_in(client, writer)

    offered = client.get(address, {"q": "林"}).content.decode()

    assert re.findall(r'data-mention="([^"]+)"', offered) == ["lin.zong", "林晓安"]
    assert 'data-mention="lin.zong"' in client.get(address, {"q": "lin"}).content.decode()
    assert client.get(address, {"q": "外"}).content.decode().strip() == ""


def test_colleagues_are_offered_only_to_who_may_write(
    client: Client, company: OrgUnit, customer: Customer
) -> None:
    sign_in(client, make_member(company, "core.signed_in", "customers.view"))

    assert client.get(reverse("workspace:colleagues", args=[customer.pk])).status_code == 403


@pytest.mark.parametrize("people", [1, 3])
def test_offering_colleagues_costs_the_same_for_any_number(
    signed_in: Client, company: OrgUnit, customer: Customer, people: int
) -> None:
    for number in range(people):
        name_person(company, f"林{number}", "customers.view")

    assert count_queries(signed_in, reverse("workspace:colleagues", args=[customer.pk]), q="林") == 6
