"""The log of changes, read by the programs of auditors."""

from urllib.parse import quote

import pytest

from hearth.audit.sealing import seal_entries
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from tests.api.builders import Program, make_token
from tests.customers.builders import make_customer
from tests.organization.builders import make_member

pytestmark = pytest.mark.django_db
RIGHTS = ("core.signed_in", "audit.view")


def auditor_of(place: OrgUnit) -> Program:
    return Program(make_token(make_member(place, *RIGHTS)))


@pytest.mark.requirement("S139")
@pytest.mark.parametrize("is_closed", [False, True])
def test_an_entry_says_what_became_of_what(group: OrgUnit, company: OrgUnit, *, is_closed: bool) -> None:
    customer = make_customer(company, name="王小明")
    Customer.objects.filter(pk=customer.pk).update(occupation="教师")
    if is_closed:
        seal_entries()

    answer = auditor_of(group).get(f"/audit-entries?filter[row_id][eq]={customer.pk}&filter[operation][eq]=U")

    entry = answer.body["data"][0]
    assert (entry["table"], entry["is_sealed"]) == ("customers_customer", is_closed)
    change = next(each for each in entry["changes"] if each["column"] == "occupation")
    assert (change["before"], change["after"], change["is_hidden"]) == ("", "教师", False)


def test_the_log_is_narrowed_and_paged(group: OrgUnit, company: OrgUnit) -> None:
    program = auditor_of(group)
    make_customer(company)
    make_customer(company)
    path = "/audit-entries?filter[table][eq]=customers_customer&filter[operation][eq]=I&limit=1"

    first = program.get(path).body
    second = program.get(f"{path}&cursor={first['page']['next']}").body
    later = program.get(f"{path}&filter[noted_at][gte]={quote('2199-01-01T00:00:00Z')}").body

    assert first["data"][0]["noted_at"] >= second["data"][0]["noted_at"]
    assert first["data"][0]["id"] != second["data"][0]["id"]
    assert later["data"] == []


def test_the_log_is_for_who_may_read_it_of_the_whole_group(group: OrgUnit, company: OrgUnit) -> None:
    make_customer(company)

    local = auditor_of(company).get("/audit-entries")
    stranger = Program(make_token(make_member(group, "core.signed_in"))).get("/audit-entries")

    assert (local.status, stranger.status) == (403, 403)


def test_values_nobody_may_read_are_not_told(group: OrgUnit, company: OrgUnit) -> None:
    customer = make_customer(company, phone="13800001234")
    customer.contact_points.all().delete()

    answer = auditor_of(group).get("/audit-entries?filter[table][eq]=customers_contactpoint").body

    assert "13800001234" not in str(answer)
    assert any(change["is_hidden"] for entry in answer["data"] for change in entry["changes"])
