"""What people are shown is noted, and a canary customer raises an alarm the moment it is opened."""

import pytest
from django.db import connection
from django.test import Client

from hearth.core.extracts import extracts
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.vigilance.models import Alarm, Read
from hearth.vigilance.services import plant_canary
from tests.api.builders import make_program
from tests.cases.builders import make_case
from tests.customers.builders import make_customer
from tests.organization.builders import make_member, sign_in
from tests.vigilance.builders import NOW, make_officer, make_rule

pytestmark = pytest.mark.django_db
RIGHTS = ("core.signed_in", "customers.view", "cases.view")


def noted() -> list[tuple[str, object]]:
    return list(Read.objects.order_by("id").values_list("kind", "record_id"))


def make_canary(group: OrgUnit, company: OrgUnit) -> Customer:
    make_rule("canary")
    customer = make_customer(company, name="秦雨")
    plant_canary(customer, actor=actor_for(make_officer(group), today=NOW.date()))
    return customer


def test_records_lists_and_searches_are_noted(client: Client, company: OrgUnit) -> None:
    customer = make_customer(company)
    case = make_case(company)
    reader = sign_in(client, make_member(company, *RIGHTS))

    reader.get(f"/customers/{customer.pk}/")
    reader.get(f"/lists/customers/peek/{customer.pk}/")
    reader.get(f"/cases/{case.pk}/")
    reader.get("/customers/")
    reader.get("/search/?q=wang")

    assert noted() == [
        ("customer", customer.pk),
        ("customer", customer.pk),
        ("case", case.pk),
        ("list", None),
        ("search", None),
    ]


def test_what_is_refused_is_not_read(client: Client, company: OrgUnit, neighbour: OrgUnit) -> None:
    reader = sign_in(client, make_member(company, *RIGHTS))

    reader.get(f"/customers/{make_customer(neighbour).pk}/")

    assert noted() == []


def test_programs_read_in_the_name_of_their_person(company: OrgUnit) -> None:
    customer = make_customer(company)
    program = make_program(company, *RIGHTS)

    program.get(f"/customers/{customer.pk}")
    program.get("/customers")

    assert noted() == [("customer", customer.pk), ("list", None)]
    assert set(Read.objects.values_list("is_program", flat=True)) == {True}


def test_opening_a_canary_raises_an_alarm_at_once(client: Client, group: OrgUnit, company: OrgUnit) -> None:
    canary = make_canary(group, company)
    user = make_member(company, *RIGHTS)

    sign_in(client, user).get(f"/customers/{canary.pk}/")

    alarm = Alarm.objects.get()
    assert (alarm.rule.code, alarm.user, alarm.customer) == ("canary", user, canary)


def test_a_program_that_opens_a_canary_is_found_too(group: OrgUnit, company: OrgUnit) -> None:
    canary = make_canary(group, company)

    make_program(company, *RIGHTS).get(f"/customers/{canary.pk}")

    assert Alarm.objects.count() == 1


@pytest.mark.parametrize("address", ["/batch", "/batch?dry_run=true"])
def test_what_a_batch_shows_is_noted_even_where_it_is_undone(
    group: OrgUnit, company: OrgUnit, address: str
) -> None:
    canary, other = make_canary(group, company), make_customer(company)
    asked = [{"method": "GET", "path": f"/customers/{row.pk}"} for row in (other, canary)]
    refused = {"method": "GET", "path": "/customers/01990a5c-7e1b-7c3e-9d55-2f0c8f3a1b02"}

    program = make_program(company, *RIGHTS)
    program.post(address, {"operations": [*asked, refused], "atomic": True})

    assert noted() == [("customer", other.pk), ("customer", canary.pk)]
    assert Alarm.objects.get().customer == canary


def test_who_chose_a_canary_may_open_it(client: Client, group: OrgUnit, company: OrgUnit) -> None:
    canary = make_canary(group, company)

    sign_in(client, make_officer(group)).get(f"/customers/{canary.pk}/")

    assert not Alarm.objects.exists()


def test_a_canary_looks_like_any_other(client: Client, group: OrgUnit, company: OrgUnit) -> None:
    canary = make_canary(group, company)
    reader = sign_in(client, make_member(company, *RIGHTS))
    program = make_program(company, *RIGHTS)

    page = reader.get(f"/customers/{canary.pk}/").content.decode()

    assert "canary" not in page.lower()
    assert "is_canary" not in program.get(f"/customers/{canary.pk}").body
    assert "秦雨" in reader.get("/customers/").content.decode()


@pytest.mark.parametrize("name", ["customers", "customer_places"])
def test_a_canary_is_counted_by_no_analysis(group: OrgUnit, company: OrgUnit, name: str) -> None:
    canary, other = make_canary(group, company), make_customer(company)

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT customer_id FROM ({extracts[name].sql}) AS rows")
        ids = {row[0] for row in cursor.fetchall()}

    assert str(canary.pk) not in ids
    assert str(other.pk) in ids


def test_canaries_are_chosen_and_lifted_on_a_page(client: Client, group: OrgUnit, company: OrgUnit) -> None:
    customer = make_customer(company, name="秦雨")
    customer.refresh_from_db()
    officer = sign_in(client, make_officer(group))

    unknown = officer.post("/vigilance/canaries/", {"number": 999_999_999})
    officer.post("/vigilance/canaries/", {"number": customer.number})
    listed = officer.get("/vigilance/canaries/").content.decode()
    officer.post(f"/vigilance/canaries/{customer.pk}/lift/")

    assert unknown.status_code == 422
    assert "秦雨" in listed
    assert "秦雨" not in officer.get("/vigilance/canaries/").content.decode()
