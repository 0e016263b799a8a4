"""Programs read and open group complaints."""

from typing import Any
from uuid import uuid4

import pytest

from hearth.group_cases.models import GroupCase
from hearth.organization.models import OrgUnit
from tests.api.builders import Program, make_program
from tests.cases.builders import make_case, make_cost, settle
from tests.group_cases.builders import make_complaint, make_group_case

pytestmark = pytest.mark.django_db


def body_of(company: OrgUnit, number: int = 2, **changed: Any) -> dict[str, Any]:
    cases = [make_complaint(company) for _each in range(number)]
    named = {
        "project_id": str(cases[0].project_id),
        "case_ids": [str(case.pk) for case in cases],
        "title": "7栋渗漏群诉",
        "topic": "渗漏",
    }
    return named | changed


def test_cases_become_one_group_complaint_once_however_often_it_is_sent(
    company: OrgUnit, program: Program
) -> None:
    body = body_of(company, 5)

    first = program.post("/group-cases", body, Idempotency_Key="radar 1")
    second = program.post("/group-cases", body, Idempotency_Key="radar 1")

    group = GroupCase.objects.get()
    assert (first.status, first.body["households"], first.body["level"]) == (201, 5, "ordinary")
    assert first.headers["Location"] == f"/api/v1/group-cases/{group.pk}"
    assert second.body == first.body
    assert program.get(f"/group-cases/{group.pk}").body == first.body


def test_a_group_complaint_is_read_household_by_household(company: OrgUnit, program: Program) -> None:
    case = make_complaint(company)
    group = make_group_case(
        company, cases=[case, make_case(company, project_id=case.project_id)], title="渗漏"
    )
    settle(case)
    make_cost(case, "3000.00", kind="compensation")

    told = program.get(f"/group-cases/{group.pk}").body

    [member] = told["members"]
    assert (member["customer_id"], member["case_ids"]) == (str(case.customer_id), [str(case.pk)])
    assert (member["settlement"], member["paid"]["amount"]) == ("settled", "3000.00")
    assert len(told["anonymous_case_ids"]) == 1


def test_cases_are_added_and_signs_noted(company: OrgUnit, program: Program) -> None:
    group = make_group_case(company, 4)
    case = make_complaint(company)

    added = program.post(f"/group-cases/{group.pk}/cases", {"case_ids": [str(case.pk)]})
    seen = program.post(f"/group-cases/{group.pk}/signs", {"what": "media"})
    again = program.post(f"/group-cases/{group.pk}/cases", {"case_ids": [str(case.pk)]})

    assert (added.body["level"], seen.body["level"]) == ("ordinary", "crisis")
    assert (again.status, again.code) == (422, "case_in_another")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"project_id": str(uuid4())}, "/project_id"),
        ({"case_ids": [str(uuid4())]}, "/case_ids"),
        ({"case_ids": []}, "/case_ids"),
        ({"title": ""}, "/title"),
        ({"kind": "riot"}, "/kind"),
    ],
)
def test_what_is_wrong_is_named(
    company: OrgUnit, program: Program, change: dict[str, Any], pointer: str
) -> None:
    refused = program.post("/group-cases", body_of(company) | change)

    assert refused.status == 422
    assert [error["pointer"] for error in refused.body["errors"]] == [pointer]
    assert not GroupCase.objects.exists()


def test_cases_of_the_neighbour_are_unknown(company: OrgUnit, neighbour: OrgUnit, program: Program) -> None:
    foreign = make_complaint(neighbour)
    group = make_group_case(neighbour)

    refused = program.post("/group-cases", body_of(company, case_ids=[str(foreign.pk)]))

    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/case_ids")
    assert program.get(f"/group-cases/{group.pk}").status == 404
    assert program.get("/group-cases").body["data"] == []


def test_who_may_only_read_opens_nothing(company: OrgUnit) -> None:
    reader = make_program(company, "core.signed_in", "cases.view", "properties.view")

    assert reader.post("/group-cases", body_of(company)).status == 403


def test_the_list_is_narrowed_and_sorted(company: OrgUnit, program: Program) -> None:
    small, large = make_group_case(company, 1), make_group_case(company, 5)

    by_size = program.get("/group-cases?sort=-households").body["data"]
    ordinary = program.get("/group-cases?filter[level][eq]=ordinary").body["data"]

    assert [row["id"] for row in by_size] == [str(large.pk), str(small.pk)]
    assert [row["id"] for row in ordinary] == [str(large.pk)]
