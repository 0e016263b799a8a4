"""Lists that people see on a page: by the API they are narrowed by the very same filters, views and orders."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from hearth.accounts.models import User
from hearth.api.page_lists import ways_of
from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.lists.definitions import lists
from hearth.lists.filters import PLACE, Filter, Reader
from hearth.lists.selectors import list_rows, open_list
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from tests.api import records
from tests.api.asked_lists import QUERIES, WRITERS
from tests.api.builders import RIGHTS, Program, make_program, make_token
from tests.custom_fields.builders import make_field
from tests.customers.builders import make_customer, make_home, make_profile, make_unit_role
from tests.lists.builders import make_view
from tests.organization.builders import make_member

pytestmark = pytest.mark.django_db
VALUES = {"last": "30", "next": "30", "older": "1", "period": "year", "starts": "金", "empty": "true"}


def _value_for(field: Filter) -> str:
    if field.kind is PLACE:
        return str(OrgUnit.objects.get(code="SZ").pk)
    choice = str(field.choices[0][0]) if field.choices else ""
    return {"choice": choice, "flag": "true", "day": "2026-01-01", "number": "2", "person": "none"}[
        field.kind.code
    ]


def asked_in_both_ways(reader: Reader) -> list[tuple[str, str, str, str]]:
    """Return path, key of a filter, the API's operator and a value it takes, of all lists."""
    found = []
    for path, query in QUERIES.items():
        for field in query.definition.filters:
            for operator in ways_of(field):
                value = VALUES.get(operator) or _value_for(field)
                found.append((path, field.key, operator, value))
    return found


@pytest.fixture
def reader(company: OrgUnit) -> Reader:
    """The installation itself, today."""
    return Reader(Actor.system("test"), timezone.localdate())


# Registers of what went wrong and of who is given data: read on pages and in files, by people.
OF_THE_PRIVACY_DESK = {"incidents", "affected", "assessments", "processors", "compliance_audits"}
# Each is a task as well, which programs read among the tasks.
AS_TASKS = {"group_checks"}


def test_every_object_with_a_list_for_people_has_one_for_programs() -> None:
    assert {query.definition.key for query in QUERIES.values()} == set(lists) - OF_THE_PRIVACY_DESK - AS_TASKS


def test_every_filter_of_a_page_is_asked_by_the_api_and_finds_the_same(
    company: OrgUnit, program: Program, reader: Reader, settings: Settings
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 10_000  # lists have more filters than a program may ask in a minute
    for write in WRITERS.values():
        write(company)
    differ = []

    for path, key, operator, value in asked_in_both_ways(reader):
        definition = QUERIES[path].definition
        test = ways_of(definition.filter_of[key])[operator](value)
        written = QueryDict(mutable=True)
        written[key] = f"{test.operator}:{','.join(test.values)}"
        on_page = open_list(definition, written, reader).state
        expected = {str(row.pk) for row in list_rows(on_page, reader)}
        answered = program.get(path, {f"filter[{key}][{operator}]": value})
        got = {row["id"] for row in answered.body["data"]} if answered.status == 200 else answered.body
        if got != expected or on_page.ignored:
            differ.append((path, key, operator, got, expected, on_page.ignored))

    assert differ == []


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"filter[stage][in]": "stable_owner,pre_owner"}, ["Owner"]),
        ({"filter[stage][not]": "stable_owner"}, ["Prospect"]),
        ({"filter[home][eq]": "false"}, ["Prospect"]),
        ({"filter[home][eq]": "true", "filter[tier][eq]": "top"}, ["Owner"]),
        (
            {"filter[recorded][gte]": "2026-03-18", "filter[recorded][lte]": "2026-03-18"},
            ["Owner", "Prospect"],
        ),
        ({"filter[recorded][gte]": "2026-03-19"}, []),
        ({"filter[contact][empty]": "true"}, ["Owner", "Prospect"]),
        ({"search": "Prospect"}, ["Prospect"]),
        ({"search": "Prospect", "filter[home][eq]": "true"}, []),
        ({"filter[responsible][eq]": "me"}, []),
    ],
)
def test_customers_are_narrowed_by_the_filters_of_their_page(
    company: OrgUnit, program: Program, parameters: dict[str, str], expected: list[str]
) -> None:
    owner = make_customer(company, name="Owner")
    make_profile(owner, value_tier="top")
    make_unit_role(owner, make_home(company))
    make_customer(company, name="Prospect")

    answered = program.get("/customers", {**parameters, "sort": "name", "exact_count": "true"})

    assert answered.status == 200, answered.body
    assert [row["name"] for row in answered.body["data"]] == expected
    assert answered.body["page"]["estimated_total"] == len(expected)


@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [
        ("filter[stage][in]", "castle", "invalid_parameter"),
        ("filter[stage][in]", "", "invalid_parameter"),
        ("filter[home][eq]", "perhaps", "invalid_parameter"),
        ("filter[recorded][gte]", "yesterday", "invalid_parameter"),
        ("filter[recorded][older]", "-1", "invalid_parameter"),
        ("filter[recorded][period]", "century", "invalid_parameter"),
        ("filter[place][in]", "SZ", "invalid_parameter"),
        ("filter[stage][gte]", "pre_owner", "unknown_parameter"),
        ("filter[stage]", "pre_owner", "unknown_parameter"),
        ("filter[castle][eq]", "x", "unknown_parameter"),
        ("filter[custom_castle][eq]", "x", "unknown_parameter"),
        ("filter[", "x", "unknown_parameter"),
        ("sort", "phone", "invalid_parameter"),
        ("view", "castle", "invalid_parameter"),
        ("stage", "pre_owner", "unknown_parameter"),
    ],
)
def test_what_the_page_would_leave_out_the_api_refuses(
    program: Program, parameter: str, value: str, code: str
) -> None:
    answered = program.get("/customers", {parameter: value})

    assert (answered.status, answered.code) == (400, code)
    assert answered.body["errors"][0]["pointer"] == parameter


@pytest.fixture
def owner_of_token(company: OrgUnit) -> User:
    """Somebody with the rights of all operations."""
    return make_member(company, *RIGHTS)


def test_a_saved_view_is_opened_and_narrowed_further(company: OrgUnit, owner_of_token: User) -> None:
    program = Program(make_token(owner_of_token))
    for name, kind in (("A", "person"), ("B", "person"), ("C", "company")):
        make_customer(company, name=name, kind=kind, source="walk_in" if name != "B" else "referral")
    view = make_view(owner_of_token, parameters={"kind": "person", "sort": "-name", "columns": "name,phone"})

    def names(**more: str) -> list[str]:
        answered = program.get("/customers", {"view": str(view.pk), **more})
        assert answered.status == 200, answered.body
        return [row["name"] for row in answered.body["data"]]

    assert names() == ["B", "A"]
    assert names(sort="name") == ["A", "B"]
    assert names(**{"filter[source][eq]": "walk_in"}) == ["A"]
    assert names(**{"filter[kind][eq]": "company"}) == ["C"]
    assert names(search="B") == ["B"]


def test_a_view_that_ships_is_opened_by_its_key(company: OrgUnit, program: Program) -> None:
    records.write_case(company)
    Unit.objects.filter(pk=make_home(company).pk).update(state="available")
    make_home(company)

    waiting = program.get("/cases", {"view": "waiting"})
    for_sale = program.get("/units", {"view": "for_sale"})

    assert (waiting.status, len(waiting.body["data"])) == (200, 1)
    assert (for_sale.status, len(for_sale.body["data"])) == (200, 1)


def test_a_view_of_another_list_or_of_somebody_else_is_not_there(
    company: OrgUnit, neighbour: OrgUnit, owner_of_token: User
) -> None:
    program = Program(make_token(owner_of_token))
    colleague = make_member(company, SIGNED_IN)
    foreign = [
        make_view(owner_of_token, object_key="cases"),
        make_view(colleague),
        make_view(make_member(neighbour, SIGNED_IN), place=neighbour),
    ]
    shared = make_view(colleague, place=company)

    statuses = [program.get("/customers", {"view": str(view.pk)}).status for view in foreign]

    assert statuses == [400, 400, 400]
    assert program.get("/customers", {"view": str(shared.pk)}).status == 200


def test_a_view_that_narrows_by_what_the_reader_may_not_ask_is_refused(
    company: OrgUnit, owner_of_token: User
) -> None:
    """Left out, the filter would give more than the view says."""
    program = Program(make_token(owner_of_token))
    view = make_view(owner_of_token, parameters={"custom_secret": "x"})

    answered = program.get("/customers", {"view": str(view.pk)})

    assert (answered.status, answered.body["errors"][0]["code"]) == (400, "view_not_readable")


def test_fields_that_a_company_added_are_asked_for_too(company: OrgUnit, program: Program) -> None:
    make_field(company, key="pets", kind="choices", choices=("猫", "狗"))
    make_field(company, key="cars", kind="number")
    make_field(company, key="health", is_sensitive=True)
    for name, custom in (("A", {"pets": ["猫"], "cars": "2"}), ("B", {"pets": ["狗"], "cars": "1"})):
        made = program.post("/customers", {"name": name, "org_unit": "SZ", "custom": custom})
        assert made.status == 201

    cats = program.get("/customers", {"filter[custom_pets][in]": "猫"}).body["data"]
    many = program.get("/customers", {"filter[custom_cars][gte]": "2"}).body["data"]
    sealed = program.get("/customers", {"filter[custom_health][starts]": "x"})

    assert [row["name"] for row in cats] == ["A"]
    assert [row["name"] for row in many] == ["A"]
    assert (sealed.status, sealed.code) == (400, "unknown_parameter")


@pytest.mark.parametrize(
    ("path", "sorts"),
    [
        ("/customers", ["updated_at", "name", "last_contact_at"]),
        ("/units", ["id"]),
        ("/contracts", ["signed_date", "id"]),
        ("/cases", ["opened_at", "number"]),
        ("/tasks", ["due_date", "id"]),
        ("/leads", ["created_at"]),
        ("/segments", ["name", "id"]),
        ("/person-requests", ["due_date", "id"]),
    ],
)
def test_every_order_goes_both_ways_and_its_pages_join(
    company: OrgUnit, program: Program, path: str, sorts: list[str]
) -> None:
    for _ in range(3):
        WRITERS[path](company)

    for sort in sorts:
        orders = []
        for direction in ("", "-"):
            ids: list[str] = []
            cursor = ""
            for _ in range(5):
                page = program.get(path, {"sort": f"{direction}{sort}", "limit": 1, "cursor": cursor}).body
                ids += [row["id"] for row in page["data"]]
                cursor = page["page"]["next"] or ""
                if not cursor:
                    break
            orders.append(ids)
        assert len(orders[0]) >= 3
        assert orders[0] == orders[1][::-1]


def test_what_was_asked_before_there_were_filters_still_is(company: OrgUnit, program: Program) -> None:
    found = make_customer(company, name="Lin", source="walk_in")
    make_customer(company, name="Wang", source="referral")

    answers = [
        program.get("/customers", {"q": "Lin"}),
        program.get("/customers", {"source": "walk_in"}),
        program.get("/customers", {"source": "walk_in", "filter[kind][eq]": "person"}),
    ]

    assert [[row["id"] for row in each.body["data"]] for each in answers] == [[str(found.pk)]] * 3


def test_filters_cost_no_query_and_a_view_costs_two(company: OrgUnit, owner_of_token: User) -> None:
    program = Program(make_token(owner_of_token))
    make_customer(company)
    view = make_view(owner_of_token, parameters={"kind": "person"})
    asked: list[dict[str, str]] = [
        {},
        {"filter[kind][eq]": "person", "filter[home][eq]": "false", "filter[place][in]": str(company.pk)},
        {"view": str(view.pk)},
    ]
    program.get("/me")

    costs = []
    for parameters in asked:
        with CaptureQueriesContext(connection) as queries:
            program.get("/customers", parameters)
        costs.append(len(queries))

    assert [cost - costs[0] for cost in costs] == [0, 0, 2]


def test_a_neighbours_rows_stay_out_whatever_is_asked(
    company: OrgUnit, neighbour: OrgUnit, stranger: Program
) -> None:
    make_customer(company, name="Lin")

    for parameters in (
        {"search": "Lin"},
        {"filter[place][in]": str(company.pk)},
        {"filter[kind][in]": "person"},
    ):
        assert stranger.get("/customers", parameters).body["data"] == []
    assert Customer.objects.count() == 1


def test_a_token_without_the_right_to_the_list_gets_none_of_it(company: OrgUnit) -> None:
    answered = make_program(company, "cases.view").get("/customers", {"filter[kind][eq]": "person"})

    assert (answered.status, answered.code) == (403, "not_allowed")


def test_who_asks_by_an_older_name_is_told(company: OrgUnit, program: Program) -> None:
    older, present = program.get("/customers", {"q": "Lin"}), program.get("/customers", {"search": "Lin"})

    assert older.headers["Deprecation"].startswith("@17")
    assert older.headers["Link"] == '</api/v1/docs>; rel="deprecation"; type="text/html"'
    assert "Deprecation" not in present.headers
