"""Disclosures and promises by API."""

import pytest

from hearth.organization.models import OrgUnit
from hearth.promises.models import Acknowledgement, Promise
from tests.api.builders import make_program
from tests.customers.builders import make_customer, make_home
from tests.promises.builders import make_draft, make_promise, make_published

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("S46")
def test_a_program_reads_a_disclosure_with_its_factors_and_notes_who_has_read_it(company: OrgUnit) -> None:
    home, customer = make_home(company), make_customer(company)
    row = make_published(make_draft(company, project=home.project))
    program = make_program(company)
    body = {
        "customer_id": str(customer.pk),
        "unit_id": str(home.pk),
        "how": "online",
        "acknowledged_date": "2026-03-18",
        "proof": "App 7",
    }

    listed = program.get("/disclosures", {"filter[state][in]": "published"})
    read = program.get(f"/disclosures/{row.pk}")
    noted = program.post(f"/disclosures/{row.pk}/acknowledgements", body)
    again = program.post(f"/disclosures/{row.pk}/acknowledgements", body)

    assert [each["id"] for each in listed.body["data"]] == [str(row.pk)]
    assert [each["distance"] for each in read.body["factors"]] == [120]
    assert (noted.status, again.status, again.code) == (201, 422, "acknowledged_before")
    assert Acknowledgement.objects.get().unit_id == home.pk


@pytest.mark.requirement("S46")
def test_a_program_records_a_promise_and_finds_it_by_state(company: OrgUnit) -> None:
    project = make_home(company).project
    program = make_program(company)
    body = {
        "project_id": str(project.pk),
        "title": "设会所",
        "source": "brochure",
        "audience": "buyers",
        "made_date": "2026-03-01",
        "department": company.code,
    }

    made = program.post("/promises", body)
    found = program.get("/promises", {"filter[state][in]": "open"})
    wrong = program.post("/promises", {**body, "due_date": "2026-02-01"})
    nowhere = program.post("/promises", {**body, "department": "moon"})

    assert (made.status, made.headers["Location"]) == (201, f"/api/v1/promises/{made.body['id']}")
    assert [each["title"] for each in found.body["data"]] == ["设会所"]
    assert (wrong.status, nowhere.status, Promise.objects.count()) == (422, 422, 1)


def test_the_neighbours_program_finds_nothing_of_ours(company: OrgUnit, neighbour: OrgUnit) -> None:
    disclosure, promise = make_published(make_draft(company)), make_promise(company)
    program = make_program(neighbour)

    answers = [
        program.get(f"/disclosures/{disclosure.pk}"),
        program.get(f"/promises/{promise.pk}"),
        program.post(f"/disclosures/{disclosure.pk}/acknowledgements", {}),
    ]

    assert program.get("/promises").body["data"] == []
    assert program.get("/disclosures").body["data"] == []
    assert [answer.status for answer in answers[:2]] == [404, 404]
    assert answers[2].status in (404, 422)
