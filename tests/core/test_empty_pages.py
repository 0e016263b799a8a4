"""An empty page says what it is for, and offers what its reader may do about it."""

import pytest
from django.test import Client
from django.urls import reverse

from hearth.core.permissions import SIGNED_IN
from hearth.customers.permissions import CHANGE_CUSTOMER, VIEW_CUSTOMER
from hearth.organization.models import OrgUnit
from hearth.properties.permissions import CHANGE_PROPERTY, VIEW_PROPERTY
from tests.organization.builders import make_member, sign_in
from tests.properties.builders import make_project

pytestmark = pytest.mark.django_db
LISTS = ("customers:customers", "cases:cases", "properties:units", "properties:list", "sales:contracts")


def offered(client: Client, address: str) -> str:
    """Return what an empty page offers; the shell has its own links."""
    page = client.get(address).content.decode()
    assert 'class="empty"' in page
    return page.partition('class="empty"')[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("rights", "is_offered"), [((), False), ((CHANGE_CUSTOMER,), True)], ids=["reader", "writer"]
)
def test_an_act_is_offered_to_who_may_do_it(
    client: Client, company: OrgUnit, rights: tuple[str, ...], is_offered: bool
) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER, *rights))

    assert (reverse("customers:new") in offered(client, "/customers/")) is is_offered


@pytest.mark.parametrize("name", LISTS)
def test_sample_data_are_offered_to_who_may_load_them(
    client: Client, signed_in: Client, company: OrgUnit, name: str
) -> None:
    loads = reverse("demo:status") in offered(signed_in, reverse(name))
    sign_in(
        client,
        make_member(company, SIGNED_IN, "customers.view", "cases.view", "properties.view", "sales.view"),
    )

    assert loads
    assert reverse("demo:status") not in offered(client, reverse(name))


def test_a_project_without_buildings_leads_to_the_first_where_the_reader_may_enter_it(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    project = make_project(company)
    address, new = (reverse(f"properties:{name}", args=[project.pk]) for name in ("project", "building_new"))

    shown = []
    for places in ((company, company), (company, neighbour)):
        user = make_member(places[0], SIGNED_IN, VIEW_PROPERTY)
        user.memberships.add(*make_member(places[1], CHANGE_PROPERTY).memberships.all(), bulk=False)
        shown.append(new in offered(sign_in(client, user), address))

    assert shown == [True, False]
