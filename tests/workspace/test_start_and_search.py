"""The start page and the search over everything."""

import pytest
from django.test import Client
from django.urls import reverse

from hearth.campaigns.permissions import VIEW_CAMPAIGN
from hearth.core.permissions import SIGNED_IN
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.organization.models import OrgUnit
from hearth.segments.permissions import VIEW_SEGMENT
from tests.cases.builders import make_case
from tests.customers.builders import make_customer, make_home
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("S70")
def test_the_start_page_shows_the_five_steps_of_the_loop(signed_in: Client, company: OrgUnit) -> None:
    make_customer(company)

    page = signed_in.get(reverse("workspace:home")).content.decode()

    for step in ("记录", "分析", "计划", "执行", "衡量"):
        assert step in page


def test_the_start_page_shows_a_reader_only_what_they_may_open(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER))

    page = client.get(reverse("workspace:home")).content.decode()

    assert reverse("customers:customers") in page
    assert reverse("campaigns:list") not in page


def test_the_start_page_leads_to_the_analysis_only_who_may_see_it(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_SEGMENT, VIEW_CAMPAIGN))

    page = client.get(reverse("workspace:home")).content.decode()

    assert reverse("segments:segments") in page
    assert reverse("insight:overview") not in page


def test_the_start_page_keeps_its_budget(signed_in: Client, company: OrgUnit, administrator: object) -> None:
    before = count_queries(signed_in, reverse("workspace:home"))
    for _ in range(3):
        make_case(company, customer=make_customer(company))

    assert count_queries(signed_in, reverse("workspace:home")) == before
    assert before <= 25


@pytest.mark.parametrize("query", ["欧阳明", "ouyang", "oym", "13912345678", "5678"])
def test_a_person_is_found_by_name_sound_and_phone(signed_in: Client, company: OrgUnit, query: str) -> None:
    customer = make_customer(company, name="欧阳明", phone="13912345678")

    page = signed_in.get(reverse("workspace:search"), {"q": query}).content.decode()

    assert reverse("workspace:customer", args=[customer.pk]) in page


def test_a_home_is_found_by_its_address(signed_in: Client, company: OrgUnit) -> None:
    unit = make_home(company, project="金色家园", building="7栋", number="1203")

    page = signed_in.get(reverse("workspace:search"), {"q": "7栋1203"}).content.decode()

    assert reverse("properties:unit", args=[unit.pk]) in page


def test_the_menu_under_the_field_holds_hits_only(signed_in: Client, company: OrgUnit) -> None:
    make_customer(company, name="欧阳明")

    menu = signed_in.get(
        reverse("workspace:search"), {"q": "欧阳"}, headers={"HX-Request": "true"}
    ).content.decode()

    assert "欧阳明" in menu
    assert "<html" not in menu


@pytest.mark.parametrize("query", ["", "  ", "没有这个人", "%", "'", "\\", "*", "#99999999999"])
def test_odd_words_find_nothing_and_break_nothing(signed_in: Client, company: OrgUnit, query: str) -> None:
    make_customer(company)

    answer = signed_in.get(reverse("workspace:search"), {"q": query})

    assert answer.status_code == 200
    assert "没有找到" in answer.content.decode()
