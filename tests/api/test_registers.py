"""The registers of data protection for programs: who reads what, and reporting an incident."""

from datetime import timedelta

import pytest

from hearth.accounts.models import Notification
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import OrgUnit
from hearth.registers.models import Incident
from hearth.registers.permissions import VIEW_REGISTER
from tests.api.builders import Program, make_program, make_token
from tests.organization.builders import make_member
from tests.registers.builders import (
    NOW,
    make_approved,
    make_audit,
    make_incident,
    make_officer,
    make_processor,
)

pytestmark = pytest.mark.django_db


def test_a_program_reports_an_incident_and_those_who_handle_such_are_told(
    company: OrgUnit, group: OrgUnit
) -> None:
    officer = make_officer(group)
    program = make_program(company, SIGNED_IN, can_write=True)
    body = {"org_unit": company.code, "title": "名单外泄", "data_kinds": ["identity"], "persons": 200_000}

    answer = program.post("/incidents", body)

    row = Incident.objects.get()
    assert (answer.status, answer.body["number"], answer.body["is_major"]) == (201, row.number, True)
    assert row.authority_due_at == row.found_at + timedelta(hours=4)
    assert Notification.objects.filter(user=officer, kind="registers.incident_reported").exists()


def test_an_incident_of_the_future_or_elsewhere_is_refused(company: OrgUnit, neighbour: OrgUnit) -> None:
    program = make_program(company, SIGNED_IN, can_write=True)
    later = {"org_unit": company.code, "title": "名单外泄", "found_at": "2999-01-01T00:00:00Z"}

    answers = [
        program.post("/incidents", later),
        program.post("/incidents", {**later, "org_unit": neighbour.code}),
    ]

    assert [answer.status for answer in answers] == [422, 422]
    assert not Incident.objects.exists()


def test_who_only_reported_reads_their_own_without_what_was_decided(company: OrgUnit) -> None:
    person = make_member(company, SIGNED_IN)
    program, reader = Program(make_token(person)), make_program(company, SIGNED_IN, VIEW_REGISTER)
    own = make_incident(company, reporter=person)
    other = make_incident(company)
    Incident.objects.update(notice="told", notice_because="短信", updated_at=NOW)

    mine, all_of_them = program.get("/incidents"), reader.get("/incidents")

    assert [row["id"] for row in mine.body["data"]] == [str(own.pk)]
    assert [row["id"] for row in all_of_them.body["data"]] == [str(other.pk), str(own.pk)]
    assert (mine.body["data"][0]["notice"], all_of_them.body["data"][0]["notice"]) == (None, "told")
    assert program.get(f"/incidents/{other.pk}").status == 404


def test_the_other_registers_are_read_at_the_places_of_the_right(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    rows = {
        "assessments": make_approved(company),
        "processors": make_processor(company),
        "compliance-audits": make_audit(company),
    }
    reader, elsewhere = (make_program(place, SIGNED_IN, VIEW_REGISTER) for place in (company, neighbour))

    for path, row in rows.items():
        seen, unseen = reader.get(f"/{path}"), elsewhere.get(f"/{path}")
        assert [each["id"] for each in seen.body["data"]] == [str(row.pk)]
        assert unseen.body["data"] == []
    assert reader.get(f"/assessments/{rows['assessments'].pk}").body["answers"]
