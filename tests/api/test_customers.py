"""Customers by the API."""

from datetime import timedelta
from decimal import Decimal

import pytest

from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from tests.api.builders import Program, make_program
from tests.customers.builders import (
    NOW,
    make_customer,
    make_home,
    make_household,
    make_profile,
    make_unit_role,
)
from tests.exports.builders import allow_alone
from tests.insight.builders import make_run, make_scored

pytestmark = pytest.mark.django_db


def test_a_customer_comes_with_all_that_belongs_to_it(company: OrgUnit, program: Program) -> None:
    lin = make_customer(company, name="林月", phone="13912345678")
    wang = make_customer(company, name="王强", phone="13812345678")
    household = make_household(lin, wang, name="林家")
    home = make_home(company)
    make_unit_role(lin, home)
    make_profile(lin)

    answered = program.get(f"/customers/{lin.pk}")

    record = answered.body
    assert (record["id"], record["number"], record["name"]) == (str(lin.pk), lin.number, "林月")
    assert [(c["kind"], c["text"], c["is_masked"]) for c in record["contacts"]] == [
        ("phone", "139****5678", True)
    ]
    assert record["household"]["id"] == str(household.pk)
    assert [member["name"] for member in record["household"]["members"]] == ["王强"]
    assert [(role["unit_id"], role["role"]) for role in record["homes"]] == [(str(home.pk), "owner")]
    assert record["profile"]["monetary"] == {"amount": "2100000.00", "currency": "CNY"}
    assert record["profile"]["scored_at"] == "2026-03-18T06:30:00Z"
    assert record["created_at"] == "2026-03-18T06:30:00Z"
    assert answered.headers["ETag"].startswith('"')
    assert answered.headers["Cache-Control"] == "no-store"


def test_each_figure_of_the_profile_is_explained_in_the_language_asked_for(company: OrgUnit) -> None:
    customer = make_customer(company)
    make_scored(customer, make_run(NOW), tier="top", amount=6_000_000)

    record = make_program(company, "customers.view").get(f"/customers/{customer.pk}").body
    chinese = (
        make_program(company, "customers.view", language="zh-hans").get(f"/customers/{customer.pk}").body
    )

    figures = {figure["code"]: figure for figure in record["profile"]["figures"]}
    assert figures["value_tier"] == {
        "code": "value_tier",
        "label": "Value tier",
        "value": "top",
        "why": "¥6,000,000 in 1095 days lies above ¥5,000,000, where this tier begins.",
        "computed_at": "2026-03-18T06:30:00Z",
        "rules_of_at": "2026-03-18T06:30:00Z",
    }
    assert record["profiling_refused_at"] is None
    assert chinese["profile"]["figures"][1]["label"] == "价值层级"


def test_contacts_of_one_customer_are_shown_in_full_to_whoever_may_see_them(company: OrgUnit) -> None:
    customer = make_customer(company, phone="13912345678")
    program = make_program(company, "customers.view", "customers.view_contact")

    record = program.get(f"/customers/{customer.pk}").body
    line = program.get("/customers").body["data"][0]

    assert record["contacts"][0]["text"].replace(" ", "") == "13912345678"
    assert line["phone"] == {"text": "139****5678", "is_masked": True}


@pytest.mark.requirement("S60")
@pytest.mark.parametrize("alone", [0, 2])
def test_as_many_customers_a_day_are_shown_in_full_as_one_may_take_in_a_file_alone(
    company: OrgUnit, alone: int
) -> None:
    allow_alone(alone)
    customers = [make_customer(company) for _number in range(3)]
    program = make_program(company, "customers.view", "customers.view_contact", "customers.change")

    def is_masked(customer: Customer) -> bool:
        return bool(program.get(f"/customers/{customer.pk}").body["contacts"][0]["is_masked"])

    first = [is_masked(customer) for customer in (customers[0], *customers)]
    changed = program.patch(f"/customers/{customers[2].pk}", {"note": "回访"}, If_Match="*").body

    expected = [number > alone for number in (1, 1, 2, 3)]
    assert first == expected
    assert changed["contacts"][0]["is_masked"] is True


def test_what_a_colleague_or_a_page_was_shown_takes_nothing_from_a_program(company: OrgUnit) -> None:
    allow_alone(1)
    customers = [make_customer(company) for _number in range(2)]
    rights = ("customers.view", "customers.view_contact")
    make_program(company, *rights).get(f"/customers/{customers[0].pk}")

    record = make_program(company, *rights).get(f"/customers/{customers[1].pk}").body

    assert record["contacts"][0]["is_masked"] is False


def test_the_list_is_filtered_and_sorted_like_the_page(company: OrgUnit, program: Program) -> None:
    make_customer(company, name="张三", at=NOW)
    make_customer(company, name="李四", at=NOW + timedelta(hours=1), source="web")

    newest = program.get("/customers").body["data"]
    by_name = program.get("/customers", {"sort": "name"}).body["data"]
    from_web = program.get("/customers", {"source": "web", "org_unit": "SZ", "kind": "person"}).body["data"]
    by_text = program.get("/customers", {"q": "张三"}).body["data"]

    assert [row["name"] for row in newest] == ["李四", "张三"]
    assert [row["name"] for row in by_name] == ["李四", "张三"]
    assert [row["name"] for row in from_web] == ["李四"]
    assert [row["name"] for row in by_text] == ["张三"]


@pytest.mark.requirement("S45")
def test_customers_are_sorted_and_filtered_by_completeness(company: OrgUnit, program: Program) -> None:
    full = make_customer(company, name="张三", source="web")
    make_customer(company, name="李四", phones=())
    little = make_customer(company, name="王五")

    def names(**asked: str) -> list[tuple[str, int]]:
        rows = program.get("/customers", asked).body["data"]
        return [(row["name"], row["completeness"]) for row in rows]

    assert names(sort="completeness") == [("李四", 0), ("王五", 21), ("张三", 29)]
    assert names(sort="-completeness", limit="1") == [("张三", 29)]
    assert names(**{"filter[completeness][lte]": "25", "sort": "name"}) == [("李四", 0), ("王五", 21)]
    assert program.get(f"/customers/{full.pk}").body["completeness"] == 29
    assert program.get(f"/customers/{little.pk}").body["completeness"] == 21


def test_pages_follow_each_other_over_equal_instants(company: OrgUnit, program: Program) -> None:
    made = {str(make_customer(company).pk) for _ in range(7)}
    seen: list[str] = []
    cursor: str | None = ""

    for _ in range(4):
        body = program.get("/customers", {"limit": 2, "cursor": cursor}).body
        seen += [row["id"] for row in body["data"]]
        cursor = body["page"]["next"]

    assert (len(seen), set(seen), cursor) == (7, made, None)


def test_a_total_is_estimated_or_counted(company: OrgUnit, program: Program) -> None:
    for _ in range(3):
        make_customer(company)

    counted = program.get("/customers", {"exact_count": "true", "limit": 2}).body["page"]
    estimated = program.get("/customers").body["page"]

    assert (counted["estimated_total"], counted["limit"]) == (3, 2)
    assert isinstance(estimated["estimated_total"], int)


def test_a_text_that_can_mean_nobody_finds_nobody(company: OrgUnit, program: Program) -> None:
    make_customer(company)

    answered = program.get("/customers", {"q": ":"})

    assert (answered.status, answered.body["data"]) == (200, [])
    assert answered.body["page"] == {"next": None, "limit": 50, "estimated_total": 0}


def test_a_customer_is_recorded(program: Program) -> None:
    body = {
        "name": "林月",
        "org_unit": "SZ",
        "phones": ["139 1234 5678"],
        "emails": ["lin@example.com"],
        "addresses": ["深圳市金色家园7栋"],
        "birth_date": "1988-06-01",
        "external_key": "CRM-1",
    }

    answered = program.post("/customers", body)

    kept = Customer.objects.get()
    event = EventRecord.objects.get(type="customer.created")
    assert (answered.status, answered.body["id"]) == (201, str(kept.pk))
    assert answered.headers["Location"] == f"/api/v1/customers/{kept.pk}"
    assert (kept.name, kept.external_key, kept.source) == ("林月", "CRM-1", "api")
    assert (event.actor_kind, event.customer_id) == ("api", kept.pk)
    assert program.get(answered.headers["Location"].removeprefix("/api/v1")).body == answered.body


def test_a_likely_duplicate_is_refused_with_its_candidates(company: OrgUnit, program: Program) -> None:
    known = make_customer(company, name="林月", phone="13912345678")

    answered = program.post("/customers", {"name": "林月", "org_unit": "SZ", "phones": ["13912345678"]})

    candidate = answered.body["candidates"][0]
    assert (answered.status, answered.code) == (409, "duplicate")
    assert candidate["id"] == str(known.pk)
    assert candidate["reasons"] == ["same_phone", "same_name"]
    assert candidate["score"] == 1.0
    assert Customer.objects.count() == 1


def test_a_duplicate_elsewhere_is_told_without_saying_who(neighbour: OrgUnit, program: Program) -> None:
    make_customer(neighbour, name="林月", phone="13912345678")

    answered = program.post("/customers", {"name": "王强", "org_unit": "SZ", "phones": ["13912345678"]})

    assert answered.status == 409
    assert answered.body["candidates"] == [{"id": None, "score": 0.75, "reasons": ["same_phone"]}]


def test_a_program_may_insist_on_a_duplicate(company: OrgUnit, program: Program) -> None:
    make_customer(company, name="林月", phone="13912345678")
    body = {"name": "林月", "org_unit": "SZ", "phones": ["13912345678"]}

    answered = program.post("/customers", body, X_Duplicate_Policy="create")
    unknown = program.post("/customers", body, X_Duplicate_Policy="maybe")

    assert (answered.status, Customer.objects.count()) == (201, 2)
    assert (unknown.status, unknown.body["errors"][0]["pointer"]) == (400, "X-Duplicate-Policy")


def test_references_out_of_reach_are_refused_like_absent_ones(neighbour: OrgUnit, program: Program) -> None:
    household = make_household(make_customer(neighbour))
    base = {"name": "林月", "org_unit": "SZ"}

    person = program.post("/customers", {**base, "responsible_id": 999_999_999})
    foreign = program.post("/customers", {**base, "household_id": str(household.pk)})
    absent = program.post("/customers", {**base, "household_id": str(uuid7())})

    assert (person.status, person.body["errors"][0]["pointer"]) == (422, "/responsible_id")
    assert (foreign.status, foreign.code) == (absent.status, absent.code) == (422, "household_not_visible")


def test_a_change_is_made_on_the_version_that_was_read(company: OrgUnit, program: Program) -> None:
    customer = make_customer(company, name="林月", occupation="teacher")
    path = f"/customers/{customer.pk}"
    version = program.get(path).headers["ETag"]

    first = program.patch(path, {"note": "Call in the evening."}, If_Match=version)
    second = program.patch(path, {"note": "Never call."}, If_Match=version)

    assert (first.status, first.body["note"], first.body["occupation"]) == (
        200,
        "Call in the evening.",
        "teacher",
    )
    assert first.headers["ETag"] != version
    assert (second.status, second.code) == (412, "version_changed")
    assert second.body["current"]["note"] == "Call in the evening."
    assert second.headers["ETag"] == first.headers["ETag"]


def test_a_change_needs_the_right_at_a_place_of_the_customer(company: OrgUnit, neighbour: OrgUnit) -> None:
    customer = make_customer(company)
    program = make_program(company, "customers.view", "customers.change", SIGNED_IN)
    reader = make_program(company, "customers.view")

    blind = reader.patch(f"/customers/{customer.pk}", {"note": "x"}, If_Match="*")
    empty = program.patch(f"/customers/{customer.pk}", {"name": ""}, If_Match="*")

    assert (blind.status, blind.code) == (403, "not_allowed")
    assert (empty.status, empty.body["errors"][0]["pointer"]) == (422, "/name")


def test_the_timeline_tells_what_happened_newest_first(company: OrgUnit, program: Program) -> None:
    customer = make_customer(company)
    path = f"/customers/{customer.pk}"
    program.patch(path, {"note": "x"}, If_Match="*")

    first = program.get(f"{path}/timeline", {"limit": 1}).body
    second = program.get(f"{path}/timeline", {"limit": 1, "cursor": first["page"]["next"]}).body

    assert [row["type"] for row in first["data"]] == ["customer.changed"]
    assert [row["type"] for row in second["data"]] == ["customer.created"]
    assert first["data"][0]["label"]
    assert second["page"]["next"] is None


def test_homes_are_listed_and_shown_with_their_people(
    company: OrgUnit, program: Program, stranger: Program
) -> None:
    home, customer = make_home(company), make_customer(company)
    Unit.objects.filter(pk=home.pk).update(floor_area=Decimal("118.50"), state="delivered")
    make_unit_role(customer, home)

    listed = program.get("/units", {"state": "delivered", "org_unit": "SZ"}).body["data"]
    shown = program.get(f"/units/{home.pk}").body

    assert [row["id"] for row in listed] == [str(home.pk)]
    assert (shown["floor_area"], shown["list_price"]["amount"]) == ("118.50", "2000000.00")
    assert [person["customer_id"] for person in shown["customers"]] == [str(customer.pk)]
    assert stranger.get(f"/units/{home.pk}").status == 404
    assert program.get("/units", {"state": "held"}).body["data"] == []


def test_a_case_is_opened_for_a_customer_in_reach(
    company: OrgUnit, neighbour: OrgUnit, program: Program
) -> None:
    own, foreign = make_customer(company), make_customer(neighbour)
    body = {"org_unit": "SZ", "title": "Wet hall", "body": "Since Monday.", "kind": "repair"}

    opened = program.post("/cases", {**body, "customer_id": str(own.pk), "external_key": "400-1"})
    again = program.post("/cases", {**body, "external_key": "400-1"})
    refused = program.post("/cases", {**body, "customer_id": str(foreign.pk)})
    ahead = program.post("/cases", {**body, "opened_at": "2199-01-01T00:00:00+08:00"})

    listed = program.get("/cases", {"customer_id": str(own.pk), "kind": "repair"}).body["data"]
    assert (opened.status, opened.body["customer_id"]) == (201, str(own.pk))
    assert [row["number"] for row in listed] == [opened.body["number"]]
    assert (again.status, again.code) == (409, "already_exists")
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/customer_id")
    assert (ahead.status, ahead.code) == (422, "opened_at_unlikely")
    assert program.get(f"/cases/{opened.body['id']}").body == opened.body
