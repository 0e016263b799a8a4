"""The pages of analysis say what, from what, and as of when, to those who may know."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from hearth.customers.models import CustomerProfile
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.insight.models import Round, ScoringRun
from hearth.insight.permissions import RUN_INSIGHT, VIEW_INSIGHT
from hearth.insight.selectors.portfolio import portfolio
from hearth.insight.services import decide, open_round
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.insight.builders import SYSTEM, make_run, make_scored
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db


def read(client: Client, name: str, *args: object, english: bool = False) -> str:
    client.cookies["hearth_language"] = "en" if english else "zh-hans"
    response = client.get(reverse(f"insight:{name}", args=args))
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.requirement("S76")
@pytest.mark.requirement("S160")
@pytest.mark.requirement("S158")
def test_the_map_counts_customers_and_money_by_tier_and_stage(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    run = make_run(now)
    for amount in (6_000_000, 7_000_000):
        make_scored(make_customer(company), run, tier="top", action="retain", amount=amount)
    make_scored(make_customer(company), run, stage="prospect", tier="prospect", action="acquire")
    make_scored(make_customer(neighbour), run, tier="top", action="retain", amount=9_000_000)

    shown = portfolio(make_actor(company, VIEW_INSIGHT), run)

    cells = {
        (cell.tier, cell.stage): (cell.customers, cell.amount, cell.heat)
        for row in shown.rows
        for cell in row.cells
        if cell.customers
    }
    assert cells == {
        ("top", "stable_owner"): (2, Decimal(13_000_000), 5),
        ("prospect", "prospect"): (1, Decimal(0), 3),
    }
    assert (shown.customers, shown.amount) == (3, Decimal(13_000_000))
    top = shown.rows[0]
    assert (top.tier, round(top.customer_share, 3), top.amount_share) == ("top", 0.667, 1.0)


@pytest.mark.requirement("S72")
@pytest.mark.requirement("S73")
@pytest.mark.requirement("S74")
@pytest.mark.requirement("S75")
def test_four_lists_say_whom_to_keep_win_back_activate_and_acquire(company: OrgUnit, now: datetime) -> None:
    run = make_run(now)
    for index, action in enumerate(("retain", "maintain", "activate", "acquire", "serve")):
        for _ in range(index + 1):
            make_scored(make_customer(company), run, action=action)

    shown = portfolio(SYSTEM, run)

    assert [(each.action, each.customers) for each in shown.lists] == [
        ("retain", 1),
        ("maintain", 2),
        ("activate", 3),
        ("acquire", 4),
    ]


@pytest.mark.requirement("S75")
def test_sources_show_new_customers_and_how_many_became_buyers(company: OrgUnit, now: datetime) -> None:
    run = make_run(now)
    make_scored(make_customer(company, source="call", at=now - timedelta(days=10)), run, tier="prospect")
    make_scored(make_customer(company, source="call", at=now - timedelta(days=200)), run, tier="small")
    make_scored(make_customer(company, source="web", at=now), run, tier="suspect")

    sources = portfolio(SYSTEM, run).sources

    assert [(each.source, each.customers, each.new, each.conversion) for each in sources] == [
        ("call", 2, 1, 0.5),
        ("web", 1, 1, 0.0),
    ]


def test_before_the_first_run_the_page_offers_to_compute(signed_in: Client) -> None:
    page = read(signed_in, "overview")

    assert "尚无客户画像" in page
    assert reverse("insight:score") in page
    assert "No profiles yet" in read(signed_in, "overview", english=True)


def test_the_button_queues_a_run_and_the_page_follows_it(signed_in: Client) -> None:
    answer = signed_in.post(reverse("insight:score"))

    assert answer.status_code == 303
    run = ScoringRun.objects.get()
    assert run.state == ScoringRun.State.QUEUED
    assert reverse("insight:progress") in read(signed_in, "overview")
    assert "排队中" in read(signed_in, "progress")
    run.state = ScoringRun.State.FAILED
    run.save()
    finished = signed_in.get(reverse("insight:progress"), headers={"HX-Request": "true"})
    assert finished.headers["HX-Redirect"] == reverse("insight:overview")


def test_a_second_press_is_refused_in_words(signed_in: Client) -> None:
    signed_in.post(reverse("insight:score"))

    signed_in.post(reverse("insight:score"))

    assert "客户画像正在计算中。" in read(signed_in, "overview")
    assert ScoringRun.objects.count() == 1


@pytest.mark.parametrize(
    ("english", "words"), [(False, "数据截至 2026-03-18 14:30"), (True, "as of 2026-03-18 14:30")]
)
def test_the_overview_says_as_of_when(
    signed_in: Client, company: OrgUnit, now: datetime, english: bool, words: str
) -> None:
    make_scored(make_customer(company), make_run(now), tier="top", action="retain", amount=6_000_000)

    page = read(signed_in, "overview", english=english)

    assert words in page
    assert "¥6,000,000" in page
    assert f"{reverse('insight:customers')}?action=retain" in page


def test_a_profile_says_from_what_and_as_of_when(signed_in: Client, company: OrgUnit, now: datetime) -> None:
    customer = make_customer(company)
    run = make_run(now)
    make_scored(
        customer,
        run,
        tier="large",
        action="maintain",
        amount=4_000_000,
        complaints=1,
        contacts={"phone_30": 2, "all_30": 2},
    )

    chinese = read(signed_in, "profile", customer.pk)
    english = read(signed_in, "profile", customer.pk, english=True)

    for sentence in (
        "2024-05-01 交付；该阶段为第 366 天至第 730 天。",
        "1095 天内消费 ¥4,000,000，高于本层起点 ¥3,000,000。",
        "最近 365 天为 1，之前 365 天为 4。",
        "上次联系在 12 天前。",
        "未关闭的投诉共 1 件。",
        "本页数据截至 2026-03-18 14:30",
    ):
        assert sentence in chinese
    for sentence in (
        "Handed over on 2024-05-01; the stage lasts from day 366 to day 730.",
        "¥4,000,000 in 1095 days lies above ¥3,000,000, where this tier begins.",
        "1 in the last 365 days, against 4 in the 365 days before.",
        "The last contact was 12 days ago.",
        "1 open case of these kinds: complaint.",
        "Everything here speaks of 2026-03-18 14:30",
    ):
        assert sentence in english


@pytest.mark.parametrize(
    ("tier", "stage", "action", "words"),
    [
        ("suspect", "prospect", "acquire", "never bought, and neither a contact nor a case is recorded"),
        ("prospect", "prospect", "acquire", "in contact with us, never bought"),
        ("inactive", "long_term_owner", "activate", "nothing bought in the last 1095 days"),
        ("small", "pre_owner", "serve", "signed on 2024-05-01, not yet handed over"),
        ("top", "long_term_owner", "retain", "active, and in the tier “top”, which is retained"),
        ("small", "stable_owner", "activate", "nothing bought and no own contact in the last 365 days"),
        ("small", "stable_owner", "serve", "reaches no higher tier; the next begins above ¥1,000,000"),
    ],
)
def test_every_class_has_its_sentence(
    signed_in: Client, company: OrgUnit, now: datetime, tier: str, stage: str, action: str, words: str
) -> None:
    customer = make_customer(company)
    make_scored(customer, make_run(now), tier=tier, stage=stage, action=action)

    assert words in read(signed_in, "profile", customer.pk, english=True).lower()


def test_a_customer_without_a_profile_has_a_page_and_is_computed_on_request(
    signed_in: Client, company: OrgUnit, now: datetime
) -> None:
    customer = make_customer(company)
    assert "尚无画像" in read(signed_in, "profile", customer.pk)

    signed_in.post(reverse("insight:score_one", args=[customer.pk]))
    refused = read(signed_in, "profile", customer.pk)
    make_run(now)
    signed_in.post(reverse("insight:score_one", args=[customer.pk]))

    assert "尚未计算客户画像，请先开始第一次计算。" in refused
    assert CustomerProfile.objects.get(customer=customer).value_tier == "suspect"
    assert "从未购买" in read(signed_in, "profile", customer.pk)


def test_the_list_of_an_action_shows_the_highest_spenders_first(
    signed_in: Client, company: OrgUnit, now: datetime
) -> None:
    run = make_run(now)
    for name, amount in (("李小", 5), ("王大", 9)):
        make_scored(make_customer(company, name=name), run, tier="top", action="retain", amount=amount)
    make_scored(make_customer(company, name="赵外"), run, tier="small", action="serve")

    answer = signed_in.get(reverse("insight:customers"), {"action": "retain", "tier": "top"})

    assert [line["customer"].name for line in answer.context["lines"]] == ["王大", "李小"]


def test_strangers_and_other_companies_see_nothing(
    client: Client, company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    run = make_run(now)
    customer = make_customer(company)
    make_scored(customer, run)
    opened = open_round(company, name="春季", goal="", starts=date(2026, 3, 1), actor=SYSTEM, now=now)
    sign_in(client, make_member(neighbour, VIEW_INSIGHT, RUN_INSIGHT, VIEW_CUSTOMER))

    assert client.get(reverse("insight:profile", args=[customer.pk])).status_code == 404
    assert client.post(reverse("insight:score_one", args=[customer.pk])).status_code == 404
    assert client.get(reverse("insight:round", args=[opened.pk])).status_code == 404
    assert client.post(reverse("insight:decide", args=[opened.pk])).status_code == 404
    assert client.post(reverse("insight:close", args=[opened.pk])).status_code == 404
    assert list(client.get(reverse("insight:customers")).context["lines"]) == []
    assert client.get(reverse("insight:overview")).context["portfolio"].customers == 0


def test_reading_is_not_running(client: Client, company: OrgUnit, now: datetime) -> None:
    make_run(now)
    sign_in(client, make_member(company, VIEW_INSIGHT))

    page = read(client, "overview")

    assert reverse("insight:score") not in page
    assert client.post(reverse("insight:score")).status_code == 403
    assert client.get(reverse("insight:new_round")).status_code == 403


@pytest.mark.requirement("S70")
def test_a_person_opens_decides_and_closes_a_round(
    signed_in: Client, company: OrgUnit, now: datetime
) -> None:
    make_scored(make_customer(company), make_run(now), tier="top", action="retain", amount=6_000_000)
    given = {"org_unit": company.pk, "name": "春季", "goal": "回访", "starts": "2026-03-01"}

    opened = signed_in.post(reverse("insight:new_round"), given)

    page = Round.objects.get()
    assert opened.headers["Location"] == reverse("insight:round", args=[page.pk])
    signed_in.post(reverse("insight:decide", args=[page.pk]), {"text": "给大客户打电话"})
    assert "给大客户打电话" in read(signed_in, "round", page.pk)
    assert "春季" in read(signed_in, "rounds")
    signed_in.post(reverse("insight:close", args=[page.pk]), {"lessons": "电话有效"})
    closed = read(signed_in, "round", page.pk, english=True)
    assert "电话有效" in closed
    assert "unchanged" in closed


def test_refusals_come_back_with_the_form(signed_in: Client, company: OrgUnit, now: datetime) -> None:
    make_run(now)
    opened = open_round(company, name="春季", goal="", starts=date(2026, 3, 1), actor=SYSTEM, now=now)
    given = {"org_unit": company.pk, "name": "夏季", "starts": "2026-06-01"}

    again = signed_in.post(reverse("insight:new_round"), given)
    empty = signed_in.post(reverse("insight:decide", args=[opened.pk]), {"text": ""})

    assert (again.status_code, empty.status_code) == (422, 422)
    assert "“春季”在此仍在进行中" in again.content.decode()
    signed_in.post(reverse("insight:close", args=[opened.pk]))
    late = signed_in.post(reverse("insight:decide", args=[opened.pk]), {"text": "a"})
    twice = signed_in.post(reverse("insight:close", args=[opened.pk]))
    assert (late.status_code, twice.status_code) == (422, 422)
    assert "本轮已结束" in late.content.decode()


def _scored(company: OrgUnit, now: datetime, rows: int) -> str:
    run = make_run(now)
    for _ in range(rows):
        make_scored(make_customer(company), run)
    return reverse("insight:customers")


def _runs(company: OrgUnit, now: datetime, rows: int) -> str:
    for _ in range(rows):
        make_run(now)
    return reverse("insight:runs")


def _rounds(company: OrgUnit, now: datetime, rows: int) -> str:
    make_run(now)
    for index in range(rows):
        Round.objects.filter(state=Round.State.OPEN).update(state=Round.State.CLOSED)
        open_round(company, name=f"{index}", goal="", starts=date(2026, 3, 1), actor=SYSTEM, now=now)
    return reverse("insight:rounds")


def _round(company: OrgUnit, now: datetime, rows: int) -> str:
    make_run(now)
    opened = open_round(company, name="a", goal="", starts=date(2026, 3, 1), actor=SYSTEM, now=now)
    for index in range(rows):
        decide(opened, text=f"{index}", actor=SYSTEM, now=now)
    return reverse("insight:round", args=[opened.pk])


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("make", "queries"), [(_scored, 5), (_runs, 4), (_rounds, 5), (_round, 9)])
def test_lists_ask_as_much_for_three_rows_as_for_one(
    signed_in: Client,
    company: OrgUnit,
    now: datetime,
    make: Callable[[OrgUnit, datetime, int], str],
    queries: int,
    rows: int,
) -> None:
    address = make(company, now, rows)

    assert count_queries(signed_in, address) == queries
