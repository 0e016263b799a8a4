"""The page of a customer."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from hearth.cases.permissions import VIEW_CASE
from hearth.core.permissions import SIGNED_IN, VIEW_EVENTS
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.organization.models import OrgUnit
from hearth.workspace.timeline import TimelineFilters, timeline_of
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_customer, make_home, make_household
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db

BUDGET, BUDGET_OF_PAGE = 27, 16


@pytest.fixture
def family(company: OrgUnit) -> Customer:
    """A buyer with a home, a contract, an open severe complaint, and a spouse who complained too."""
    buyer, spouse = make_customer(company, name="张伟"), make_customer(company, name="李娜")
    make_household(buyer, spouse)
    make_contract(make_home(company, number="1203"), buyer, number="HT-1", total_amount=Decimal(3_200_000))
    make_case(company, customer=buyer, title="卫生间渗漏", grade="hot")
    make_case(company, customer=spouse, title="电梯异响", opened_at=NOW - timedelta(days=1))
    return Customer.objects.get(pk=buyer.pk)


def page_of(client: Client, customer: Customer, **parameters: str) -> str:
    answer = client.get(reverse("workspace:customer", args=[customer.pk]), parameters)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.requirement("S4")
def test_one_page_leads_to_home_contract_case_household_and_timeline(
    signed_in: Client, family: Customer
) -> None:
    page = page_of(signed_in, family, tab="timeline")

    for words in ("张伟", "李娜", "¥3,200,000", "1203", "卫生间渗漏", "HT-1", "严重投诉未结"):
        assert words in page


@pytest.mark.requirement("S2")
@pytest.mark.parametrize(
    ("tab", "words"),
    [("homes", "1203"), ("money", "HT-1"), ("cases", "卫生间渗漏"), ("campaigns", "未参与任何活动")],
)
def test_each_tab_shows_its_part(signed_in: Client, family: Customer, tab: str, words: str) -> None:
    assert words in page_of(signed_in, family, tab=tab)


def test_each_tab_keeps_its_budget_whatever_the_customer_has(
    signed_in: Client, family: Customer, company: OrgUnit
) -> None:
    address = reverse("workspace:customer", args=[family.pk])
    parts = {"": BUDGET_OF_PAGE, "timeline": BUDGET, "money": BUDGET, "campaigns": BUDGET}

    before = {tab: count_queries(signed_in, address, tab=tab) for tab in parts}
    for number in range(3):
        make_case(company, customer=family, title=f"第{number}件")
        make_contract(make_home(company), family)
    after = {tab: count_queries(signed_in, address, tab=tab) for tab in parts}

    assert before == after
    assert all(after[tab] <= most for tab, most in parts.items())


def test_a_neighbour_and_a_stranger_find_nothing(
    client: Client, family: Customer, neighbour: OrgUnit
) -> None:
    address = reverse("workspace:customer", args=[family.pk])

    as_stranger = client.get(address)
    sign_in(client, make_member(neighbour, SIGNED_IN, VIEW_CUSTOMER, VIEW_CASE, VIEW_EVENTS))
    as_neighbour = client.get(address)

    assert (as_stranger.status_code, as_neighbour.status_code) == (302, 404)


def test_who_may_not_see_contracts_and_cases_reads_nothing_of_them(
    client: Client, family: Customer, company: OrgUnit
) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER))

    page = page_of(client, family)

    for words in ("3,200,000", "HT-1", "卫生间渗漏"):
        assert words not in page


def test_the_household_is_left_out_on_demand(family: Customer, company: OrgUnit) -> None:
    actor = make_actor(company, VIEW_CUSTOMER, VIEW_EVENTS, VIEW_CASE)

    together = timeline_of(family, actor, TimelineFilters(families=("case",)))
    alone = timeline_of(family, actor, TimelineFilters(families=("case",), with_household=False))

    assert [
        (entry.whose, entry.detail.summary.split()[1] if entry.detail else "") for entry in together.entries
    ] == [
        ("", "卫生间渗漏"),
        ("李娜", "电梯异响"),
    ]
    assert [entry.whose for entry in alone.entries] == [""]


@pytest.mark.requirement("S14")
def test_the_timeline_goes_on_where_the_page_ended(family: Customer, company: OrgUnit) -> None:
    actor = make_actor(company, VIEW_CUSTOMER, VIEW_EVENTS, VIEW_CASE)

    first = timeline_of(family, actor, limit=2)
    rest = timeline_of(family, actor, limit=50, cursor=first.next_cursor)

    seen = [entry.event.id for entry in [*first.entries, *rest.entries]]
    assert seen == [entry.event.id for entry in timeline_of(family, actor, limit=50).entries]
    assert rest.next_cursor == ""


def test_events_of_another_company_stay_there(family: Customer, neighbour: OrgUnit, company: OrgUnit) -> None:
    make_case(neighbour, customer=family, title="广州的事")
    actor = make_actor(company, VIEW_CUSTOMER, VIEW_EVENTS, VIEW_CASE)

    summaries = [entry.detail.summary for entry in timeline_of(family, actor).entries if entry.detail]

    assert not any("广州的事" in summary for summary in summaries)


def test_the_page_reads_in_english(signed_in: Client, family: Customer) -> None:
    signed_in.cookies["hearth_language"] = "en"

    page = page_of(signed_in, family)

    assert "open severe complaint" in page
    assert "How to reach" in page


def test_a_home_names_its_people(signed_in: Client, family: Customer) -> None:
    unit = family.unit_roles.get().unit

    page = signed_in.get(reverse("workspace:unit_people", args=[unit.pk])).content.decode()

    assert "张伟" in page
    assert f"{date(2025, 6, 1)}" in page


def test_the_page_begins_with_the_newest_entries_and_the_rest_follows(
    signed_in: Client, family: Customer, company: OrgUnit
) -> None:
    for number in range(25):
        make_case(company, customer=family, title=f"第{number}件", opened_at=NOW - timedelta(days=number))

    page = page_of(signed_in, family, tab="timeline")
    more = re.search(r'hx-get="([^"]+cursor=[^"]+)"', page)

    assert "第9件" in page
    assert "第24件" not in page
    assert more is not None
    rest = signed_in.get(unescape(more[1]), headers={"HX-Request": "true", "HX-Target": "timeline-more"})
    assert "第24件" in rest.content.decode()


def test_what_an_entry_says_is_never_markup(signed_in: Client, family: Customer, company: OrgUnit) -> None:
    make_case(company, customer=family, title="<script>alert(1)</script>", body="<b>不是</b>粗体")

    page = page_of(signed_in, family, tab="timeline")

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "&lt;b&gt;不是" in page
