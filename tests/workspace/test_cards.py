"""The cards of a customer's page: their order is the team's, what a reader sees of them is the reader's."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hearth.core.actor import Actor
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.lists.scope import KEY
from hearth.organization.models import OrgUnit, Setting
from hearth.organization.permissions import CHANGE_SETTING, VIEW_ORGANIZATION
from hearth.organization.services import set_setting
from hearth.workspace.cards import CARDS, CUSTOMER_CARDS, LEFT, RIGHT, arranged, columns_for
from tests.customers.builders import make_customer
from tests.organization.builders import make_member, sign_in

pytestmark = pytest.mark.django_db


def codes(cards: Any) -> list[str]:
    return [card.code for card in cards]


def order(client: Client, company: OrgUnit) -> list[str]:
    """Return the cards of a customer's page as they follow each other."""
    address = reverse("workspace:customer", args=[make_customer(company).pk])
    text = client.get(address).content.decode()
    return [part.partition('"')[0] for part in text.split('data-card="')[1:]]


@pytest.mark.parametrize(
    "value",
    [
        [],
        {"middle": ["about"]},
        {"left": ["luck"]},
        {"left": "about"},
        {"left": ["about", "about"]},
        {"left": ["about"], "right": ["about"]},
        {"folded": ["homes", "homes"]},
    ],
)
def test_an_order_that_says_nothing_is_refused(value: Any) -> None:
    assert not CUSTOMER_CARDS.accepts(value)


def test_cards_that_an_order_does_not_name_stand_where_they_ship() -> None:
    columns = arranged({"left": ["tasks", "reach"], "folded": ["tasks", "homes"]})

    left = [code for code, card in CARDS.items() if card.side == LEFT and code != "reach"]
    assert codes(columns.left) == ["tasks", "reach", *left]
    assert codes(columns.right) == [
        code for code, card in CARDS.items() if card.side == RIGHT and code != "tasks"
    ]
    assert {card.code for card in (*columns.left, *columns.right) if card.is_folded} == {"tasks", "homes"}
    assert sorted(codes([*columns.left, *columns.right])) == sorted(CARDS)


def test_a_team_sees_the_order_of_its_place_which_those_below_inherit(
    client: Client, company: OrgUnit, neighbour: OrgUnit, group: OrgUnit, actor: Actor, now: datetime
) -> None:
    set_setting(CUSTOMER_CARDS.key, actor=actor, now=now, org_unit=group, value={"right": ["tasks"]})
    set_setting(CUSTOMER_CARDS.key, actor=actor, now=now, org_unit=company, value={"right": ["homes"]})
    here = sign_in(Client(), make_member(company, VIEW_CUSTOMER))
    there = sign_in(Client(), make_member(neighbour, VIEW_CUSTOMER))

    assert order(here, company)[5:7] == ["homes", "profile"]
    assert order(there, neighbour)[5:7] == ["tasks", "profile"]


def test_a_lock_above_counts_more_than_an_order_below(
    company: OrgUnit, group: OrgUnit, actor: Actor, now: datetime
) -> None:
    set_setting(CUSTOMER_CARDS.key, actor=actor, now=now, org_unit=company, value={"right": ["homes"]})
    fixed = {"right": ["cases"]}
    set_setting(CUSTOMER_CARDS.key, actor=actor, now=now, org_unit=group, value=fixed, is_locked=True)
    manager = make_member(company, VIEW_ORGANIZATION, CHANGE_SETTING)
    client, address = sign_in(Client(), manager), reverse("workspace:cards", args=[company.pk])

    shown = client.get(address, headers={"Accept-Language": "en"}).content.decode()
    refused = client.post(address, {"left": ["reach"]})

    assert codes(columns_for(manager.pk).right)[0] == "cases"
    assert group.name in shown
    assert "disabled" in shown
    assert refused.status_code == 422
    assert group.name in refused.content.decode()
    assert Setting.objects.get(org_unit=company).value == {"right": ["homes"]}


def test_who_works_for_one_of_several_places_has_its_order(
    company: OrgUnit, group: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    set_setting(CUSTOMER_CARDS.key, actor=actor, now=now, org_unit=neighbour, value={"right": ["cases"]})
    client = sign_in(Client(), make_member(group, VIEW_CUSTOMER, VIEW_ORGANIZATION))
    before = order(client, company)

    session = client.session
    session[KEY] = [neighbour.pk, neighbour.name, "building"]
    session.save()

    assert before[5] == "profile"
    assert order(client, company)[5] == "cases"


def test_an_order_is_set_and_given_up_by_whoever_may_change_rules_there(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    client = sign_in(Client(), make_member(company, VIEW_ORGANIZATION, CHANGE_SETTING))
    address = reverse("workspace:cards", args=[company.pk])
    asked = {"left": ["reach", "about"], "right": ["tasks"], "folded": ["reach"], "is_locked": "on"}

    assert client.post(address, asked).status_code == 302
    kept = Setting.objects.get(org_unit=company)
    wrong = client.post(address, {"left": ["luck"]})
    elsewhere = client.post(reverse("workspace:cards", args=[neighbour.pk]), asked)
    place = client.get(reverse("organization:unit", args=[company.pk])).content.decode()
    assert client.post(address, {"inherit": "1"}).status_code == 302

    assert (kept.value, kept.is_locked) == (
        {"left": ["reach", "about"], "right": ["tasks"], "folded": ["reach"]},
        True,
    )
    assert (wrong.status_code, elsewhere.status_code) == (422, 404)
    assert f'href="{address}"' in place
    assert not Setting.objects.exists()


def test_no_order_shows_a_card_to_whoever_may_not_see_it(
    company: OrgUnit, group: OrgUnit, actor: Actor, now: datetime
) -> None:
    named = {"left": ["consents", "tasks", "cases"], "right": ["merging"]}
    set_setting(CUSTOMER_CARDS.key, actor=actor, now=now, org_unit=group, value=named)
    client = sign_in(Client(), make_member(company, VIEW_CUSTOMER))

    text = client.get(reverse("workspace:customer", args=[make_customer(company).pk])).content.decode()

    assert [word in text for word in ("customer-tasks", 'id="consents"', "merge-other")] == [
        False,
        False,
        False,
    ]
    assert reverse("workspace:cards", args=[company.pk]) not in text
