"""Programs record who came in, as the door does."""

import pytest

from hearth.channels.models import Interaction
from hearth.customers.models import Customer
from hearth.leads.grading import sync_grades
from hearth.leads.models import Lead
from hearth.organization.models import OrgUnit
from tests.api.builders import Program, make_program
from tests.customers.builders import make_customer
from tests.leads.builders import make_project

pytestmark = pytest.mark.django_db
BODY = {"org_unit": "SZ", "source": "web", "name": "林月", "phone": "13912345678", "note": "要户型图"}


def test_a_lead_sent_twice_with_its_key_is_recorded_once(company: OrgUnit, program: Program) -> None:
    sync_grades()
    body = {**BODY, "project_id": str(make_project(company).pk), "grade": "B", "is_mine": True}

    first = program.post("/leads", body, Idempotency_Key="form 1")
    second = program.post("/leads", body, Idempotency_Key="form 1")

    lead = Lead.objects.get()
    assert (first.status, first.body["is_new"], first.body["grade"]) == (201, True, "B")
    assert first.headers["Location"] == f"/api/v1/leads/{lead.pk}"
    assert second.body == first.body
    assert second.headers["Idempotency-Replayed"] == "true"
    assert first.body["consultant_id"] == lead.consultant_id is not None
    assert (Customer.objects.count(), Interaction.objects.get().body) == (1, "要户型图")
    assert program.get(f"/leads/{lead.pk}").body["next_step_date"] == str(lead.next_step_date)


def test_who_is_known_is_found_and_their_lead_stays(company: OrgUnit, program: Program) -> None:
    known = make_customer(company, name="林月", phone="13912345678")

    first, second = program.post("/leads", BODY), program.post("/leads", {**BODY, "source": "call"})

    assert first.body["customer_id"] == second.body["customer_id"] == str(known.pk)
    assert (first.body["is_new"], second.body["is_new"]) == (True, False)
    assert first.body["id"] == second.body["id"]
    assert (Customer.objects.count(), Lead.objects.count()) == (1, 1)


def test_who_looks_like_a_known_customer_is_told_first(company: OrgUnit, program: Program) -> None:
    make_customer(OrgUnit.objects.get(code="SZ-A"), name="欧阳建国", phone="13912345678")
    body = {"org_unit": "SZ-A", "source": "walk_in", "name": "欧阳建国"}

    told = program.post("/leads", body)
    taken = program.post("/leads", {**body, "accepts_duplicates": True})

    assert (told.status, told.code) == (409, "duplicate")
    assert (taken.status, Customer.objects.count()) == (201, 2)


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"source": "dream"}, "invalid_body", "/source"),
        ({"phone": "12"}, "invalid_phone", "/phone"),
        ({"name": "", "phone": ""}, "name_missing", "/name"),
        ({"grade": "Z"}, "unknown_reference", "/grade"),
        ({"project_id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c41"}, "unknown_reference", "/project_id"),
        ({"customer_id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c41"}, "unknown_reference", "/customer_id"),
        ({"next_step_date": "2020-01-01"}, "next_step_passed", "/next_step_date"),
        ({"whim": "x"}, "invalid_body", "/whim"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_place(
    company: OrgUnit, program: Program, change: dict[str, str], code: str, pointer: str
) -> None:
    refused = program.post("/leads", {**BODY, **change})

    assert (refused.status, refused.code) == (422, code)
    assert [error["pointer"] for error in refused.body["errors"]] == [pointer]
    assert refused.headers["Content-Type"].startswith("application/problem+json")
    assert (Customer.objects.count(), Lead.objects.count()) == (0, 0)


def test_a_place_of_others_takes_no_lead(company: OrgUnit, stranger: Program) -> None:
    own = program_that_only_reads(company).post("/leads", BODY)
    refused = stranger.post("/leads", BODY)

    assert own.status == 403
    assert (refused.status, refused.code) == (422, "unknown_reference")
    assert refused.body["errors"][0]["pointer"] == "/org_unit"
    assert Lead.objects.count() == 0


def program_that_only_reads(place: OrgUnit) -> Program:
    return make_program(place, "core.signed_in", "customers.view", "leads.view")
