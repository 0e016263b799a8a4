"""Custom fields of customers, homes, contracts and cases by the API."""

from collections.abc import Callable
from typing import Any

import pytest

from hearth.cases.models import Case
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from tests.api import records
from tests.api.builders import Program
from tests.custom_fields.builders import make_field
from tests.customers.builders import make_customer, make_home

pytestmark = pytest.mark.django_db


@pytest.fixture
def _fields(company: OrgUnit, neighbour: OrgUnit) -> None:
    """Three fields here, one of them sensitive, and one elsewhere."""
    make_field(company, key="pets", kind="choices", choices=("猫", "狗"))
    make_field(company, key="car")
    make_field(company, key="health", is_sensitive=True)
    make_field(neighbour, key="boat")


@pytest.mark.requirement("S132")
@pytest.mark.usefixtures("_fields")
def test_a_program_reads_and_writes_values(company: OrgUnit, program: Program) -> None:
    body = {"name": "林月", "org_unit": company.code, "custom": {"pets": ["狗"], "car": "电动"}}

    created = program.post("/customers", body)
    address = f"/customers/{created.body['id']}"
    changed = program.patch(
        address, {"custom": {"car": None, "health": "良好"}}, if_match=created.headers["ETag"]
    )

    assert created.body["custom"] == {"pets": ["狗"], "car": "电动"}
    assert changed.body["custom"] == {"pets": ["狗"], "health": "良好"}


@pytest.mark.usefixtures("_fields")
@pytest.mark.parametrize("custom", [{"pets": ["鱼"]}, {"boat": "x"}, {"nothing": "x"}])
def test_a_program_that_states_what_cannot_be_writes_nothing(
    company: OrgUnit, program: Program, custom: dict[str, Any]
) -> None:
    answered = program.post("/customers", {"name": "林月", "org_unit": company.code, "custom": custom})

    assert answered.status == 422
    assert answered.body["errors"][0]["pointer"] == f"/custom/{next(iter(custom))}"
    assert not Customer.objects.exists()


OBJECTS: dict[str, tuple[str, Callable[[OrgUnit], Any]]] = {
    "unit": ("/units", make_home),
    "contract": ("/contracts", records.write_contract),
    "case": ("/cases", records.write_case),
}


@pytest.fixture(params=OBJECTS)
def address(request: pytest.FixtureRequest, company: OrgUnit, neighbour: OrgUnit) -> str:
    """Where a home, a contract or a case is that may have three fields, one of them sensitive, one elsewhere."""
    code: str = request.param
    path, write = OBJECTS[code]
    make_field(company, object_code=code, key="pets", kind="choices", choices=("猫", "狗"))
    make_field(company, object_code=code, key="health", is_sensitive=True)
    make_field(company, object_code=code, key="paid", kind="money")
    make_field(neighbour, object_code=code, key="boat")
    row = write(company)
    return f"{path}/{getattr(row, 'pk', row)}"


@pytest.mark.requirement("S132")
def test_values_of_homes_contracts_and_cases_are_read_and_written(program: Program, address: str) -> None:
    before = program.get(address)
    custom = {"pets": ["狗"], "health": "良好", "paid": "12.50"}

    changed = program.patch(address, {"custom": custom}, If_Match=before.headers["ETag"])
    removed = program.patch(
        address, {"custom": {"pets": None}}, If_Match=changed.headers["ETag"], Prefer="return=minimal"
    )

    assert (before.status, before.body["custom"]) == (200, {})
    assert (changed.status, changed.body["custom"]) == (200, custom)
    assert (removed.status, removed.body) == (204, None)
    assert program.get(address).body["custom"] == {"health": "良好", "paid": "12.50"}


@pytest.mark.parametrize(
    "custom",
    [{"pets": ["鱼"]}, {"boat": "x"}, {"nothing": "x"}, {"paid": "much"}, {"pets": "狗", "paid": True}],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_written(
    program: Program, address: str, custom: dict[str, Any]
) -> None:
    answered = program.patch(address, {"custom": custom}, If_Match="*")

    assert answered.status == 422
    assert answered.body["errors"][0]["pointer"].startswith("/custom/")
    assert program.get(address).body["custom"] == {}


def test_a_change_of_an_older_version_tells_both_sides(program: Program, address: str) -> None:
    known = program.get(address).headers["ETag"]
    program.patch(address, {"custom": {"paid": "1"}}, If_Match=known)

    refused = program.patch(address, {"custom": {"paid": "2", "pets": ["猫"]}}, If_Match=known)
    without = program.patch(address, {"custom": {"paid": "2"}})

    assert (refused.status, refused.code) == (412, "version_changed")
    assert refused.body["current"]["custom"] == {"paid": "1"}
    assert refused.body["difference"] == {
        "asked": {"custom": {"paid": "2", "pets": ["猫"]}},
        "changed": ["custom/paid"],
        "conflicting": ["custom/paid"],
        "mergeable": {"custom": {"pets": ["猫"]}},
    }
    assert (without.status, without.code) == (428, "version_required")
    again = program.patch(address, refused.body["difference"]["mergeable"], If_Match=refused.headers["ETag"])
    assert again.body["custom"] == {"paid": "1", "pets": ["猫"]}


def test_values_elsewhere_are_neither_read_nor_written(stranger: Program, address: str) -> None:
    answers = [stranger.get(address), stranger.patch(address, {"custom": {"paid": "2"}}, If_Match="*")]

    assert [answered.status for answered in answers] == [404, 404]


def test_a_field_of_some_roles_is_neither_told_nor_changed(company: OrgUnit, program: Program) -> None:
    make_field(company, object_code="unit", key="hidden", view_roles=("auditor",), change_roles=("auditor",))
    home = make_home(company)
    Unit.objects.filter(pk=home.pk).update(custom={"hidden": "x"})

    told = program.get(f"/units/{home.pk}").body["custom"]
    changed = program.patch(f"/units/{home.pk}", {"custom": {"hidden": "y"}}, If_Match="*")

    assert told == {}
    assert (changed.status, changed.code) == (422, "no_such_custom_field")


def test_a_case_and_a_contract_are_recorded_with_their_values(company: OrgUnit, program: Program) -> None:
    make_field(company, object_code="case", key="insured", kind="yes_no")
    make_field(company, object_code="contract", key="notary")
    home, customer = make_home(company), make_customer(company)

    case = program.post(
        "/cases", {"org_unit": "SZ", "title": "Wet", "body": "Wet", "custom": {"insured": True}}
    )
    contract = program.post(
        "/contracts",
        {
            "unit_id": str(home.pk),
            "customer_id": str(customer.pk),
            "number": "C1",
            "signed_date": "2026-03-18",
            "total_amount": "2000000.00",
            "custom": {"notary": "second office"},
        },
        Idempotency_Key="C1",
    )
    refused = program.post(
        "/cases", {"org_unit": "SZ", "title": "Dry", "body": "Dry", "custom": {"nothing": "x"}}
    )

    assert (case.status, case.body["custom"]) == (201, {"insured": True})
    assert (contract.status, contract.body["custom"]) == (201, {"notary": "second office"})
    assert case.headers["ETag"]
    assert contract.headers["ETag"]
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/custom/nothing")
    assert Case.objects.count() == 1


def test_others_fields_count_in_what_stands_against_a_change_of_a_customer(
    company: OrgUnit, program: Program
) -> None:
    make_field(company, key="car")
    address = f"/customers/{make_customer(company).pk}"
    known = program.get(address).headers["ETag"]
    program.patch(address, {"custom": {"car": "electric"}}, If_Match=known)

    refused = program.patch(address, {"note": "x"}, If_Match=known)

    assert (refused.status, refused.body["difference"]["changed"]) == (412, ["custom"])
    assert refused.body["difference"]["mergeable"] == {"note": "x"}
