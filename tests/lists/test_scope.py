"""The place a person works for: chosen in the rail, kept for the session, and seen as a filter of lists."""

import pytest
from django.test import Client

from hearth.accounts.models import User
from hearth.core.permissions import SIGNED_IN
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.organization.models import Membership, OrgUnit
from hearth.organization.permissions import VIEW_ORGANIZATION
from tests.customers.builders import make_customer
from tests.organization.builders import make_member, make_org_unit, sign_in

pytestmark = pytest.mark.django_db

CHOOSE = "/lists/places/choose/"


@pytest.fixture
def project(company: OrgUnit) -> OrgUnit:
    return make_org_unit(company, kind=OrgUnit.Kind.PROJECT_TEAM, name="观澜项目")


@pytest.fixture
def person(company: OrgUnit, project: OrgUnit) -> User:
    return make_member(company, SIGNED_IN, VIEW_CUSTOMER, VIEW_ORGANIZATION)


@pytest.fixture
def browser(client: Client, person: User) -> Client:
    return sign_in(client, person)


def test_lists_opened_from_the_rail_are_narrowed_to_the_chosen_place(
    browser: Client, project: OrgUnit
) -> None:
    browser.post(CHOOSE, {"place": project.pk, "next": "/"})

    shown = browser.get("/").content.decode()

    assert f'href="/customers/?place={project.pk}"' in shown
    assert 'href="/accounts/me/?place=' not in shown
    assert "观澜项目" in shown


def test_the_narrowed_list_shows_what_belongs_there_alone(
    browser: Client, company: OrgUnit, project: OrgUnit
) -> None:
    make_customer(company, name="公司客户")
    make_customer(project, name="项目客户")

    shown = browser.get(f"/customers/?place={project.pk}").content.decode()

    assert "项目客户" in shown
    assert "公司客户" not in shown


def test_the_list_one_is_at_is_narrowed_at_once_and_keeps_its_other_filters(
    browser: Client, project: OrgUnit
) -> None:
    here = "/customers/?stage=pre_owner&place=999&cursor=abc&peek=x"

    answer = browser.post(CHOOSE, {"place": project.pk, "next": here})

    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/customers/?stage=pre_owner&place={project.pk}",
    )


def test_choosing_all_places_takes_the_filter_away(browser: Client, project: OrgUnit) -> None:
    browser.post(CHOOSE, {"place": project.pk, "next": "/"})

    answer = browser.post(CHOOSE, {"place": "", "next": f"/customers/?place={project.pk}"})

    assert answer.headers["Location"] == "/customers/?view=all"
    assert f'href="/customers/?place={project.pk}"' not in browser.get("/").content.decode()


def test_a_page_that_is_no_list_is_shown_again(browser: Client, project: OrgUnit) -> None:
    answer = browser.post(CHOOSE, {"place": project.pk, "next": "/accounts/me/"})

    assert answer.headers["Location"] == "/accounts/me/"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_nobody_is_led_out_of_the_house(browser: Client, target: str) -> None:
    answer = browser.post(CHOOSE, {"place": "", "next": target})

    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("place", ["0", "٣"])
def test_a_place_that_does_not_exist_is_not_found(browser: Client, place: str) -> None:
    assert browser.post(CHOOSE, {"place": place, "next": "/"}).status_code == 404


def test_a_neighbours_place_is_neither_offered_nor_chosen(
    browser: Client, project: OrgUnit, neighbour: OrgUnit
) -> None:
    offered = browser.get("/lists/places/").content.decode()

    assert "观澜项目" in offered
    assert neighbour.name not in offered
    assert browser.post(CHOOSE, {"place": neighbour.pk, "next": "/"}).status_code == 404


def test_a_choice_is_forgotten_when_the_right_to_see_the_place_ends(
    browser: Client, person: User, project: OrgUnit, neighbour: OrgUnit
) -> None:
    browser.post(CHOOSE, {"place": project.pk, "next": "/"})
    Membership.objects.filter(user=person).update(org_unit=neighbour)

    assert "观澜项目" not in browser.get("/customers/").content.decode()


def test_places_are_found_by_a_part_of_their_name(browser: Client, project: OrgUnit) -> None:
    make_org_unit(project.parent, kind=OrgUnit.Kind.PROJECT_TEAM, name="翠湖项目")

    found = browser.get("/lists/places/?q=观", headers={"HX-Request": "true", "HX-Target": "scope-places"})
    shown = found.content.decode()

    assert "观澜项目" in shown
    assert "翠湖项目" not in shown
    assert "<form" not in shown


def test_who_knows_one_place_has_nothing_to_choose(client: Client, project: OrgUnit) -> None:
    seller = make_member(project, SIGNED_IN, VIEW_CUSTOMER, VIEW_ORGANIZATION)

    assert "hearth-scope" not in sign_in(client, seller).get("/customers/").content.decode()
