"""The rows before and after one, in the order of the list it was opened from."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.organization.models import OrgUnit
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_customer
from tests.organization.builders import make_member, sign_in

pytestmark = pytest.mark.django_db


def beside(client: Client, key: str, row_id: object, way: str, **parameters: str) -> str:
    answer = client.get(reverse("lists:beside", args=[key, row_id, way]), parameters)
    assert answer.status_code == 303
    return answer.headers["Location"]


def page_of(customer: Customer) -> str:
    return reverse("workspace:customer", args=[customer.pk])


@pytest.fixture
def people(company: OrgUnit) -> list[Customer]:
    """Four customers in the order of their names; two of one name, the third of another source."""
    return [
        make_customer(company, name=name, source=source)
        for name, source in (("丁一", "call"), ("李小龙", "call"), ("李小龙", "web"), ("王小明", "call"))
    ]


@pytest.mark.parametrize("sort", ["name", "-name", "", "recorded"])
def test_going_on_shows_every_row_of_the_list_in_its_order(
    signed_in: Client, people: list[Customer], sort: str
) -> None:
    page = signed_in.get(reverse("customers:customers"), {"sort": sort} if sort else {}).content.decode()
    in_order = sorted(people, key=lambda customer: page.index(f'data-row="{customer.pk}"'))

    forward = [beside(signed_in, "customers", customer.pk, "next", sort=sort) for customer in in_order]
    back = [beside(signed_in, "customers", customer.pk, "previous", sort=sort) for customer in in_order]

    addresses = [page_of(customer) for customer in in_order]
    assert forward == [*addresses[1:], addresses[-1]]
    assert back == [addresses[0], *addresses[:-1]]


def test_filters_hold_even_for_a_row_that_fits_them_no_more(
    signed_in: Client, people: list[Customer]
) -> None:
    from_outside = beside(signed_in, "customers", people[2].pk, "next", sort="name", source="call")
    over_it = beside(signed_in, "customers", people[1].pk, "next", sort="name", source="call")

    assert (from_outside, over_it) == (page_of(people[3]), page_of(people[3]))


def test_an_end_of_the_list_says_so_and_stays(signed_in: Client, people: list[Customer]) -> None:
    stayed = beside(signed_in, "customers", people[0].pk, "previous", sort="name")
    shown = signed_in.get(stayed).content.decode()

    assert stayed == page_of(people[0])
    assert "已经是列表中的第一个" in shown


def test_rows_of_a_neighbour_are_passed_over_and_lead_nowhere(
    client: Client, people: list[Customer], company: OrgUnit, neighbour: OrgUnit
) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER))
    foreign = make_customer(neighbour, name="李大山", source="call")

    passed = beside(client, "customers", people[0].pk, "next", sort="name")
    answer = client.get(reverse("lists:beside", args=["customers", foreign.pk, "next"]))

    assert passed in {page_of(people[1]), page_of(people[2])}
    assert answer.status_code == 404


def test_cases_are_walked_too(signed_in: Client, company: OrgUnit) -> None:
    older, newer = make_case(company, opened_at=NOW - timedelta(days=1)), make_case(company, opened_at=NOW)

    assert beside(signed_in, "cases", newer.pk, "next") == reverse("cases:case", args=[older.pk])
