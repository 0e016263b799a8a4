"""Requests of persons at the desk, on the page for customers, and through the API."""

import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hearth.organization.models import OrgUnit
from hearth.privacy.links import preferences_token
from hearth.privacy.models import PersonRequest
from hearth.privacy.services import erase_person, sync_purposes
from hearth.vigilance.models import Kind, Read
from tests.api.builders import make_program
from tests.customers.builders import SYSTEM
from tests.organization.builders import make_member, sign_in
from tests.privacy.builders import make_known_customer, make_request
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
TAKE = ("core.signed_in", "customers.view", "privacy.take_requests")
ANSWER = (*TAKE, "privacy.answer_requests", "privacy.approve_erasures")


def test_a_request_is_noted_at_the_desk_and_worked_on_until_it_is_answered(
    client: Client, company: OrgUnit
) -> None:
    desk = sign_in(client, make_member(company, *ANSWER))
    customer = make_known_customer(company, phone="13900007777")
    noted = desk.post(
        "/privacy/requests/new/", {"number": customer.number, "kind": "access", "wish": "请告诉我"}
    )
    row = PersonRequest.objects.get()
    address = f"/privacy/requests/{row.pk}/"

    refused = desk.post(f"{address}answer/", {"answer": "好的"})
    steps = [
        desk.post(f"{address}{step}/", values).status_code
        for step, values in (("identify", {"how": "身份证"}), ("take", {}))
    ]
    package: Any = desk.post(f"{address}package/")
    content = b"".join(package.streaming_content)
    answered = desk.post(f"{address}answer/", {"answer": "已交付"})
    page = desk.get(address).content.decode()

    assert (noted.status_code, refused.status_code, steps, answered.status_code) == (
        303,
        422,
        [303, 303],
        303,
    )
    assert Read.objects.filter(kind=Kind.EXPORT, record_id=row.pk).count() == 1
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "13900007777" in archive.read("person.json").decode()
    assert "已交付" in page
    assert "请告诉我" in page


def test_an_erasure_is_proposed_by_one_and_approved_by_another(client: Client, company: OrgUnit) -> None:
    row = make_request(company, kind="erasure", is_identified=True)
    address = f"/privacy/requests/{row.pk}/"
    first, second = make_member(company, *ANSWER), make_member(company, *ANSWER)

    proposed = sign_in(client, first).post(f"{address}propose/")
    alone = client.post(f"{address}decide/", {"decision": "approve"})
    approved = sign_in(client, second).post(f"{address}decide/", {"decision": "approve"})

    row.refresh_from_db()
    assert (proposed.status_code, alone.status_code, approved.status_code) == (303, 422, 303)
    assert (row.state, row.proposed_by, row.approved_by) == ("erasing", first, second)


def test_who_only_takes_requests_sees_no_button_and_is_refused(client: Client, company: OrgUnit) -> None:
    row = make_request(company, is_identified=True)
    desk = sign_in(client, make_member(company, *TAKE))

    page = desk.get(f"/privacy/requests/{row.pk}/").content.decode()

    assert f"/privacy/requests/{row.pk}/answer/" not in page
    for act in ("answer", "refuse", "package", "propose", "decide", "lift", "take", "identify"):
        assert desk.post(f"/privacy/requests/{row.pk}/{act}/").status_code == 403


def test_a_number_that_is_not_known_here_is_refused(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    desk = sign_in(client, make_member(company, *TAKE))
    elsewhere = make_known_customer(neighbour)

    answer = desk.post("/privacy/requests/new/", {"number": elsewhere.number, "kind": "access"})

    assert answer.status_code == 422
    assert not PersonRequest.objects.exists()


def test_the_list_takes_as_many_queries_for_three_requests_as_for_one(
    client: Client, company: OrgUnit
) -> None:
    desk = sign_in(client, make_member(company, *ANSWER))
    make_request(company)
    desk.get("/privacy/requests/")
    one = count_queries(desk, "/privacy/requests/")
    make_request(company), make_request(company)

    assert count_queries(desk, "/privacy/requests/") == one


def test_a_customer_asks_on_the_page_behind_the_link_and_sees_how_it_goes(
    client: Client, company: OrgUnit
) -> None:
    sync_purposes()
    client.cookies["hearth_language"] = "en"
    customer = make_known_customer(company)
    address = f"/p/c/{preferences_token(customer.pk, now=timezone.now())}"

    asked = client.post(address, {"ask": "copy", "wish": "给我一份"})
    again = client.post(address, {"ask": "copy"})
    unknown = client.post(address, {"ask": "gold"})

    row = PersonRequest.objects.get()
    assert (asked.status_code, again.status_code, unknown.status_code) == (200, 422, 404)
    assert (row.customer, row.kind, row.came_by, row.wish) == (customer, "copy", "portal", "给我一份")
    assert f"#{row.number} copy" in asked.content.decode()
    assert f"{row.limit_date:%Y-%m-%d}" in asked.content.decode()


def test_the_link_of_an_erased_customer_leads_nowhere(client: Client, company: OrgUnit) -> None:
    customer = make_known_customer(company)
    erase_person(customer, actor=SYSTEM, now=timezone.now())

    answer = client.get(f"/p/c/{preferences_token(customer.pk, now=timezone.now())}")

    assert answer.status_code == 410


def test_another_system_notes_a_request_and_reads_how_it_goes(company: OrgUnit) -> None:
    program = make_program(company, *TAKE)
    customer = make_known_customer(company)

    made = program.post(
        f"/customers/{customer.pk}/person-requests", {"kind": "restriction", "wish": "不要再打电话"}
    )
    again = program.post(f"/customers/{customer.pk}/person-requests", {"kind": "restriction"})
    listed = program.get("/person-requests", {"filter[kind][eq]": "restriction"})
    read = program.get(f"/person-requests/{made.body['id']}")

    assert (made.status, again.status, again.code) == (201, 422, "request_under_way")
    assert listed.body["data"] == [made.body] == [read.body]
    assert "wish" not in made.body
    assert PersonRequest.objects.get().wish == "不要再打电话"
