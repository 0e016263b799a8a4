"""How complete a profile is, by rules that places inherit."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.families.completeness import COMPLETENESS, ITEMS, SHIPPED, Completeness
from hearth.families.selectors import completeness_of, present_need
from hearth.families.services import NeedValues, state_needs
from hearth.organization.models import OrgUnit
from hearth.organization.services import BadSettingValue, set_setting
from tests.customers.builders import make_customer, make_profile
from tests.families.builders import make_relationship

pytestmark = pytest.mark.django_db


def measured(customer: Customer) -> Completeness:
    customer = Customer.objects.select_related("profile").get(pk=customer.pk)
    return completeness_of(customer, need=present_need(customer))


def missing(customer: Customer) -> list[str]:
    codes = {id(item): code for code, item in ITEMS.items()}
    return [codes[id(each.item)] for each in measured(customer).missing]


@pytest.mark.requirement("S45")
def test_what_counts_depends_on_the_stage_and_the_weightiest_is_asked_first(
    company: OrgUnit, actor: Actor
) -> None:
    prospect, owner = make_customer(company), make_customer(company)
    make_profile(owner, owner_stage="pre_owner")

    assert missing(prospect)[:2] == ["purpose", "budget"]
    assert missing(owner)[:2] == ["identity_number", "address"]


@pytest.mark.requirement("S45")
def test_what_is_filled_in_counts(company: OrgUnit, actor: Actor, now: datetime) -> None:
    customer = make_customer(company, source="web")
    before = measured(customer).percent

    values = NeedValues(purpose="upgrade", budget_to_amount=Decimal(1), timing="now", decision_makers="全家")
    state_needs(customer, values, actor=actor, now=now)

    assert before == round(100 * 4 / 14)
    assert measured(customer).percent == round(100 * 12 / 14)
    assert set(missing(customer)) == {"motives", "ability_to_pay"}


def test_a_profile_with_all_that_counts_is_complete(company: OrgUnit, actor: Actor) -> None:
    customer = make_customer(
        company,
        emails=("a@example.com",),
        addresses=("深圳市南山区科技园",),
        identity_number="11010519491231002X",
    )
    make_profile(customer, owner_stage="pre_owner")
    make_relationship(make_customer(company, birth_date=date(1920, 1, 1)), customer)

    assert measured(customer) == Completeness(100, [])


@pytest.mark.requirement("S45")
def test_a_place_sets_its_own_weights_and_those_below_inherit_them(
    company: OrgUnit, group: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    here, there = make_customer(company), make_customer(neighbour)
    rules = {"prospect": {"phone": 1, "birth_date": 1}}

    set_setting(COMPLETENESS.key, actor=actor, now=now, org_unit=company, value=rules)

    assert measured(here).percent == 50
    assert missing(here) == ["birth_date"]
    assert missing(there)[0] == "purpose"


@pytest.mark.parametrize(
    "rules",
    [
        [],
        {"castle": {"phone": 1}},
        {"prospect": {"luck": 1}},
        {"prospect": {"phone": 0}},
        {"prospect": {"phone": 11}},
        {"prospect": {"phone": True}},
        {"prospect": ["phone"]},
    ],
)
def test_rules_that_say_nothing_are_refused(
    company: OrgUnit, actor: Actor, now: datetime, rules: Any
) -> None:
    with pytest.raises(BadSettingValue):
        set_setting(COMPLETENESS.key, actor=actor, now=now, org_unit=company, value=rules)


def test_what_ships_would_be_accepted() -> None:
    assert COMPLETENESS.accepts(dict(SHIPPED))


def test_the_card_leads_to_the_field(signed_in: Client, company: OrgUnit) -> None:
    customer = make_customer(company)

    card = signed_in.get(reverse("families:card", args=[customer.pk])).content.decode()

    assert f'href="/families/{customer.pk}/needs/#id_purpose"' in card
    assert 'id="id_purpose"' in signed_in.get(f"/families/{customer.pk}/needs/").content.decode()


@pytest.mark.parametrize("code", sorted(ITEMS))
def test_every_item_leads_to_a_field_that_exists(signed_in: Client, company: OrgUnit, code: str) -> None:
    customer = make_customer(company)
    address, anchor = ITEMS[code].url(customer).split("#")

    assert f'id="{anchor}"' in signed_in.get(address).content.decode()
