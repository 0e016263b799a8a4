"""Partners and registrations of brokers by API."""

import pytest
from django.utils.timezone import localdate

from hearth.brokers.models import ChannelRegistration
from hearth.organization.models import OrgUnit
from tests.api.builders import make_program
from tests.brokers.builders import PHONE, make_broker, make_project, make_registration, write_sheet

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("S279")
def test_a_program_registers_a_customer_and_reads_the_number_masked(company: OrgUnit) -> None:
    broker, project, program = make_broker(company), make_project(company), make_program(company)
    body = {
        "broker_id": str(broker.pk),
        "project_id": str(project.pk),
        "customer_name": "王小明",
        "phone": PHONE,
        "planned_date": localdate().isoformat(),
        "has_consent": True,
    }

    made = program.post("/channel-registrations", body)
    again = program.post("/channel-registrations", body)
    second = program.post("/channel-registrations", {**body, "broker_id": str(make_broker(company).pk)})
    untold = program.post("/channel-registrations", {**body, "has_consent": False})
    found = program.get("/channel-registrations", {"filter[state][in]": "waiting"})

    assert (made.status, made.body["phone"], made.body["way"]) == (201, "138****5678", "api")
    assert made.headers["Location"] == f"/api/v1/channel-registrations/{made.body['id']}"
    assert (again.status, again.code) == (422, "registered_by_you")
    assert (second.body["state"], second.body["because"]) == ("invalid", "before")
    assert (untold.status, untold.code) == (422, "consent_missing")
    assert [row["id"] for row in found.body["data"]] == [made.body["id"]]


def test_partners_are_listed_with_their_brokers(company: OrgUnit) -> None:
    broker = make_broker(company)

    listed = make_program(company).get("/partners")

    assert [row["name"] for row in listed.body["data"]] == [broker.partner.name]
    assert [each["name"] for each in listed.body["data"][0]["brokers"]] == [broker.name]


def test_a_program_reads_rules_and_settlements_to_the_cent(company: OrgUnit, neighbour: OrgUnit) -> None:
    sheet, program, stranger = write_sheet(company), make_program(company), make_program(neighbour)

    rules = program.get("/commission-rules").body["data"]
    listed = program.get("/commission-settlements", {"filter[state][in]": "approved"}).body["data"]
    read = program.get(f"/commission-settlements/{sheet.pk}").body

    assert [each["steps"] for each in rules] == [[{"from_deal": 1, "rate": "1.00"}]]
    assert [each["id"] for each in listed] == [str(sheet.pk)]
    assert read["total"] == {"amount": "20000.00", "currency": "CNY"}
    assert [line["commission"]["amount"] for line in read["lines"]] == ["20000.00"]
    assert stranger.get(f"/commission-settlements/{sheet.pk}").status == 404
    assert stranger.get("/commission-rules").body["data"] == []


def test_the_neighbours_program_finds_and_registers_nothing_of_ours(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    row, program = make_registration(company), make_program(neighbour)
    body = {
        "broker_id": str(row.broker_id),
        "project_id": str(row.project_id),
        "customer_name": "x",
        "phone": PHONE,
        "planned_date": localdate().isoformat(),
        "has_consent": True,
    }

    answers = [
        program.get(f"/channel-registrations/{row.pk}"),
        program.post("/channel-registrations", body),
    ]

    assert [answer.status for answer in answers] == [404, 422]
    assert program.get("/channel-registrations").body["data"] == []
    assert program.get("/partners").body["data"] == []
    assert ChannelRegistration.objects.count() == 1
