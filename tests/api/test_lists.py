"""Every list: the same envelope, the same filters, the same cost for one row and three, and nothing of a neighbour."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from tests.api import records
from tests.api.builders import Program
from tests.customers.builders import make_customer, make_home, make_unit_role

pytestmark = pytest.mark.django_db
Write = Callable[[OrgUnit], Any]
LISTS: dict[str, tuple[Write, int, str]] = {
    "/customers": (records.write_role, 11, ""),
    "/units": (records.write_role, 6, ""),
    "/cases": (records.write_case, 7, "customer,unit"),
    "/events": (records.write_case, 6, ""),
    "/contracts": (records.write_contract, 9, "customer,unit"),
    "/payments": (records.write_payment, 8, "customer"),
    "/interactions": (records.write_interaction, 8, "customer"),
    "/households": (records.write_household, 8, ""),
    "/unit-roles": (records.write_role, 9, "customer,unit"),
    "/segments": (records.write_segment, 6, ""),
    "/campaigns": (records.write_campaign, 6, ""),
    "/users": (records.write_case, 7, ""),
    "/org-units": (records.write_case, 6, ""),
    "/webhooks": (records.write_webhook, 6, ""),
    "/tasks": (records.write_task, 8, "customer"),
    "/leads": (records.write_lead, 8, "customer"),
    "/jobs/import": (records.write_import, 6, ""),
}
OF_PLACES = sorted(set(LISTS) - {"/events", "/users", "/org-units"})


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_for_one_row_and_three(
    company: OrgUnit, program: Program, path: str, rows: int
) -> None:
    write, cost, include = LISTS[path]
    for _ in range(rows):
        write(company)
    program.get("/me")

    with CaptureQueriesContext(connection) as queries:
        answered = program.get(path, {"include": include} if include else None)

    assert answered.status == 200
    assert len(queries) == cost


@pytest.mark.parametrize("path", OF_PLACES)
def test_a_list_shows_to_the_company_what_it_hides_from_the_neighbour(
    company: OrgUnit, program: Program, stranger: Program, path: str
) -> None:
    LISTS[path][0](company)

    own, foreign = program.get(path).body, stranger.get(path).body

    assert len(own["data"]) >= 1
    assert foreign["data"] == []
    assert set(own["page"]) == {"next", "limit", "estimated_total"}


def test_colleagues_and_places_are_those_in_reach(
    company: OrgUnit, neighbour: OrgUnit, program: Program, stranger: Program
) -> None:
    me, other = program.get("/me").body["user_id"], stranger.get("/me").body["user_id"]

    people = program.get("/users").body["data"]
    places = program.get("/org-units").body["data"]

    assert [row["id"] for row in people] == [me]
    assert people[0]["appointments"][0]["org_unit_id"] == company.pk
    assert [row["code"] for row in places] == ["SZ", "SZ-A"]
    assert program.get(f"/users/{other}").status == 404
    assert program.get(f"/org-units/{neighbour.pk}").status == 404


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"filter[signed_date][gte]": "2025-06-02"}, []),
        ({"filter[signed_date][lte]": "2025-06-01"}, ["C1"]),
        ({"filter[state][eq]": "signed"}, ["C1"]),
        ({"filter[state][in]": "filed,cancelled"}, []),
        ({"filter[total_amount][gt]": "1999999.99"}, ["C1"]),
        ({"filter[total_amount][lt]": "2000000"}, []),
        ({"filter[number][eq]": "C1", "filter[signed_date][gt]": "2025-05-31"}, ["C1"]),
    ],
)
def test_a_list_is_narrowed_by_its_filters(
    company: OrgUnit, program: Program, parameters: dict[str, str], expected: list[str]
) -> None:
    contract = records.write_contract(company)
    contract.number = "C1"
    contract.save()

    rows = program.get("/contracts", parameters).body["data"]

    assert [row["number"] for row in rows] == expected


def test_what_is_empty_can_be_asked_for(company: OrgUnit, program: Program) -> None:
    records.write_case(company)

    nothing = program.get("/cases", {"filter[closed_at][empty]": "true"}).body["data"]
    something = program.get("/cases", {"filter[closed_at][empty]": "false"}).body["data"]

    assert (len(nothing), len(something)) == (1, 0)


@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [
        ("filter[signed_date][gte]", "31 February", "invalid_parameter"),
        ("filter[state][in]", "signed,ghost", "invalid_parameter"),
        ("filter[customer_id][eq]", "17", "invalid_parameter"),
        ("filter[total_amount][gte]", "1e9999", "invalid_parameter"),
        ("filter[signed_date][like]", "2025", "unknown_parameter"),
        ("filter[colour][eq]", "red", "unknown_parameter"),
        ("filter[number]", "C1", "unknown_parameter"),
        ("fields", "number,colour", "invalid_parameter"),
        ("include", "payments", "invalid_parameter"),
        ("sort", "colour", "invalid_parameter"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(
    program: Program, parameter: str, value: str, code: str
) -> None:
    answered = program.get("/contracts", {parameter: value})

    assert (answered.status, answered.code) == (400, code)
    assert answered.body["errors"][0]["pointer"] == parameter


def test_only_the_fields_that_were_asked_for_are_sent(company: OrgUnit, program: Program) -> None:
    contract = records.write_contract(company)

    listed = program.get("/contracts", {"fields": "number,state"}).body
    single = program.get(f"/contracts/{contract.pk}", {"fields": "number", "include": "customer"}).body

    assert [set(row) for row in listed["data"]] == [{"id", "number", "state"}]
    assert set(listed["page"]) == {"next", "limit", "estimated_total"}
    assert set(single) == {"id", "number", "customer"}


def test_records_are_included_when_they_are_asked_for(company: OrgUnit, program: Program) -> None:
    contract = records.write_contract(company)
    customer = Customer.objects.get(pk=contract.customer_id)

    plain = program.get("/contracts").body["data"][0]
    full = program.get("/contracts", {"include": "customer,unit"}).body["data"][0]

    assert not {"customer", "unit"} & set(plain)
    assert full["customer"] == {"id": str(customer.pk), "number": customer.number, "name": customer.name}
    assert full["unit"]["id"] == str(contract.unit_id)


def test_what_is_included_is_only_what_the_caller_may_see(
    company: OrgUnit, neighbour: OrgUnit, program: Program
) -> None:
    contract = records.write_contract(company)
    Customer.objects.get(pk=contract.customer_id).places.update(org_unit=neighbour)

    row = program.get("/contracts", {"include": "customer"}).body["data"][0]

    assert row["customer"] is None


def test_pages_keep_their_filters(company: OrgUnit, program: Program) -> None:
    for _ in range(3):
        make_unit_role(make_customer(company), make_home(company))
    asked = {"filter[role][eq]": "owner", "limit": 2, "exact_count": "true"}

    first = program.get("/unit-roles", asked).body
    second = program.get("/unit-roles", {**asked, "cursor": first["page"]["next"]}).body

    ids = [row["id"] for row in [*first["data"], *second["data"]]]
    assert (len(ids), len(set(ids)), second["page"]["next"]) == (3, 3, None)
    assert first["page"]["estimated_total"] == 3
