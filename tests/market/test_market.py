"""Competitors with their prices beside own prices and conversion, and what moved the market."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.core.errors import Conflict, DomainError, NotAllowed
from hearth.core.models import EventRecord
from hearth.market.models import Competitor, CompetitorPrice, MarketEvent, Rivalry
from hearth.market.selectors import compare, events_at, marks_of, months_until, standing_page
from hearth.market.services import (
    AboutCompetitor,
    AboutEvent,
    CompetitorKnown,
    EndsBeforeItBegins,
    NameMissing,
    PriceImpossible,
    PriceKnown,
    PriceSeen,
    ProjectElsewhere,
    SeenInFuture,
    SourceMissing,
    TitleMissing,
    add_competitor,
    change_competitor,
    change_event,
    note_event,
    note_price,
    strike_price,
)
from hearth.organization.models import OrgUnit
from hearth.sales.services import cancel_contract
from tests.customers.builders import make_customer, make_home
from tests.exports.builders import actor_of
from tests.leads.builders import make_lead
from tests.market.builders import (
    NOW,
    SYSTEM,
    TODAY,
    make_competitor,
    make_event,
    make_price,
    make_watcher,
)
from tests.organization.builders import make_actor, sign_in
from tests.properties.builders import make_project
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db
ALL = ("properties.view", "market.view", "sales.view", "leads.view")


@pytest.mark.requirement("S149")
def test_own_prices_and_conversion_stand_beside_what_competitors_ask(company: OrgUnit) -> None:
    home = make_home(company)
    project = home.project
    home.floor_area = Decimal(100)
    home.save(update_fields=["floor_area"])
    bought, looked = make_customer(company), make_customer(company)
    make_lead(company, customer=bought, project_id=project.pk)
    make_lead(company, customer=looked, project_id=project.pk)
    make_contract(home, bought, signed_date=date(2026, 3, 2), total_amount=Decimal(2_400_000))
    project.leads.filter(customer=bought).update(state="won", stage="contract", closed_at=NOW)
    rival = make_competitor(company, project, name="滨江壹号")
    make_price(rival, "21000", day=date(2026, 1, 10))
    make_price(rival, "20000", day=date(2026, 2, 20))

    compared = compare(project, make_actor(company, *ALL), now=NOW)

    assert compared.own == Decimal(24_000)
    assert compared.months[-1].area_price == Decimal(24_000)
    assert (compared.months[-1].leads, compared.months[-1].signed) == (2, 1)
    assert compared.months[-1].conversion == 0.5
    [line] = compared.lines
    assert line.prices[-3:] == [Decimal(21_000), Decimal(20_000), None]
    assert line.latest is not None
    assert line.latest.area_price == Decimal(20_000)


def test_each_part_is_shown_to_who_may_see_it_alone(company: OrgUnit) -> None:
    home = make_home(company)
    make_contract(home, make_customer(company), signed_date=date(2026, 3, 2))
    make_lead(company, project_id=home.project_id)

    compared = compare(home.project, make_actor(company, "properties.view", "market.view"), now=NOW)

    assert (compared.sees_contracts, compared.sees_leads, compared.own) == (False, False, None)
    assert sum(month.leads + month.contracts for month in compared.months) == 0


def test_a_cancelled_contract_makes_no_price(company: OrgUnit) -> None:
    home = make_home(company)
    home.floor_area = Decimal(100)
    home.save(update_fields=["floor_area"])
    contract = make_contract(home, make_customer(company), signed_date=date(2026, 3, 2))
    cancel_contract(contract, actor=SYSTEM, now=NOW)

    compared = compare(home.project, make_actor(company, *ALL), now=NOW)

    assert compared.own is None


def test_the_overview_names_the_lowest_and_highest_present_price(company: OrgUnit) -> None:
    project = make_project(company)
    make_price(make_competitor(company, project), "21000")
    make_price(make_competitor(company, project), "18500")
    make_price(make_competitor(company, project), "9000", day=TODAY - timedelta(days=400))
    aside = make_competitor(company, project)
    make_price(aside, "5000")
    Competitor.objects.filter(pk=aside.pk).update(is_active=False)

    [line], _cursor = standing_page(make_actor(company, *ALL), today=TODAY)

    assert (line.lowest, line.highest, line.competitors) == (Decimal(18_500), Decimal(21_000), 3)


def test_a_later_price_takes_the_place_of_an_earlier_one(company: OrgUnit) -> None:
    rival = make_competitor(company)
    make_price(rival, "21000", day=TODAY - timedelta(days=30))
    make_price(rival, "19000", day=TODAY)

    [line], _cursor = standing_page(make_actor(company, *ALL), today=TODAY)

    assert (line.lowest, line.highest) == (Decimal(19_000), Decimal(19_000))


def test_a_wrong_price_is_struck_out_and_stays_on_record(company: OrgUnit) -> None:
    rival = make_competitor(company)
    wrong = make_price(rival, "2100")

    strike_price(wrong, actor=SYSTEM, now=NOW)
    make_price(rival, "21000")

    assert list(rival.prices.order_by("id").values_list("area_price", "struck_at")) == [
        (Decimal("2100.00"), NOW),
        (Decimal("21000.00"), None),
    ]
    with pytest.raises(Conflict):
        strike_price(wrong, actor=SYSTEM, now=NOW)


def test_the_same_price_again_changes_nothing_and_another_of_the_day_is_refused(company: OrgUnit) -> None:
    rival = make_competitor(company)
    first = make_price(rival, "21000")

    again = make_price(rival, "21000")
    with pytest.raises(PriceKnown) as refused:
        make_price(rival, "22000")

    assert again == first
    assert "21000" in str(refused.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        CompetitorPrice.objects.create(
            org_unit=company,
            competitor=rival,
            kind="asked",
            observed_date=TODAY,
            area_price=1,
            source="x",
            created_at=NOW,
            updated_at=NOW,
        )


@pytest.mark.parametrize(
    ("seen", "error", "field"),
    [
        (PriceSeen("asked", TODAY, Decimal(0), "售楼处"), PriceImpossible, "area_price"),
        (PriceSeen("asked", TODAY, Decimal(-5), "售楼处"), PriceImpossible, "area_price"),
        (PriceSeen("asked", TODAY, Decimal(1_000_000), "售楼处"), PriceImpossible, "area_price"),
        (PriceSeen("asked", TODAY + timedelta(days=1), Decimal(1), "售楼处"), SeenInFuture, "observed_date"),
        (PriceSeen("asked", TODAY, Decimal(1), "  "), SourceMissing, "source"),
    ],
)
def test_an_impossible_price_is_refused(
    company: OrgUnit, seen: PriceSeen, error: type[DomainError], field: str
) -> None:
    rival = make_competitor(company)

    with pytest.raises(error) as refused:
        note_price(rival, seen, actor=SYSTEM, now=NOW)

    assert refused.value.field == field  # type: ignore[attr-defined]
    assert not rival.prices.exists()


def test_a_competitor_is_one_by_its_name_and_meets_projects_of_its_place(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    rival = make_competitor(company, name="滨江壹号")
    own, other = make_project(company), make_project(neighbour)

    with pytest.raises(CompetitorKnown):
        make_competitor(company, name="滨江壹号")
    with pytest.raises(NameMissing):
        add_competitor(company, AboutCompetitor("　", [own]), actor=SYSTEM, now=NOW)
    with pytest.raises(ProjectElsewhere, match=other.name):
        change_competitor(rival, AboutCompetitor("滨江壹号", [other]), actor=SYSTEM, now=NOW)
    change_competitor(rival, AboutCompetitor("滨江壹号", [own]), actor=SYSTEM, now=NOW)

    assert list(Rivalry.objects.filter(competitor=rival).values_list("project", flat=True)) == [own.pk]
    assert make_competitor(neighbour, name="滨江壹号").pk != rival.pk


def test_only_who_may_note_the_market_there_does(company: OrgUnit, neighbour: OrgUnit) -> None:
    rival, event = make_competitor(company), make_event(company)
    price = make_price(rival)
    stranger = actor_of(make_watcher(neighbour))
    about = AboutEvent("tax", "契税补贴", TODAY)

    for act in (
        lambda: add_competitor(company, AboutCompetitor("甲", []), actor=stranger, now=NOW),
        lambda: change_competitor(rival, AboutCompetitor("甲", []), actor=stranger, now=NOW),
        lambda: note_price(rival, PriceSeen("sold", TODAY, Decimal(1), "甲"), actor=stranger, now=NOW),
        lambda: strike_price(price, actor=stranger, now=NOW),
        lambda: note_event(company, about, actor=stranger, now=NOW),
        lambda: change_event(event, about, actor=stranger, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.requirement("S150")
def test_an_event_of_the_region_is_a_line_in_the_trends_of_its_cities(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit
) -> None:
    region = OrgUnit.objects.get(code="S")
    make_event(region, "取消限购", day=date(2026, 2, 11))
    make_event(neighbour, "广州补贴", day=date(2026, 2, 12))
    make_event(company, "太早", day=date(2020, 2, 12))
    project = make_project(company)

    compared = compare(project, make_actor(company, *ALL), now=NOW)

    firsts = [month.first_date for month in compared.months]
    [mark] = marks_of(compared.events, firsts)
    assert (firsts[mark.at], mark.label) == (date(2026, 2, 1), "取消限购")


def test_who_works_in_one_city_sees_its_events_and_those_above(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit
) -> None:
    region = OrgUnit.objects.get(code="S")
    make_event(group, "降息")
    make_event(region, "取消限购")
    make_event(company, "深圳补贴")
    make_event(neighbour, "广州补贴")
    team = OrgUnit.objects.get(code="SZ-A")

    def titles(place: OrgUnit) -> set[str]:
        rows = MarketEvent.objects.visible_to(make_actor(place, "market.view"))
        return set(rows.values_list("title", flat=True))

    assert titles(team) == {"降息", "取消限购", "深圳补贴"}
    assert titles(region) == {"降息", "取消限购", "深圳补贴", "广州补贴"}
    assert not MarketEvent.objects.visible_to(make_actor(team, "properties.view")).exists()
    assert {
        row.title for row in events_at(team, make_actor(team, "market.view"), first=TODAY, last=TODAY)
    } == {
        "降息",
        "取消限购",
        "深圳补贴",
    }


def test_an_event_says_what_happened_and_ends_after_it_begins(company: OrgUnit) -> None:
    event = make_event(company)

    with pytest.raises(TitleMissing):
        note_event(company, AboutEvent("tax", " ", TODAY), actor=SYSTEM, now=NOW)
    with pytest.raises(EndsBeforeItBegins):
        change_event(
            event,
            AboutEvent("tax", "补贴", TODAY, ends_date=TODAY - timedelta(days=1)),
            actor=SYSTEM,
            now=NOW,
        )
    change_event(event, AboutEvent("tax", "补贴", TODAY, ends_date=TODAY), actor=SYSTEM, now=NOW)

    event.refresh_from_db()
    assert (event.title, event.kind, event.ends_date) == ("补贴", "tax", TODAY)
    noted = EventRecord.objects.filter(type="market.event_noted", subject_id=event.pk)
    assert [each.payload["title"] for each in noted.order_by("id")] == ["取消限购", "补贴"]


def test_months_are_whole_and_end_with_the_present_one() -> None:
    assert months_until(date(2026, 3, 31), 4) == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
        date(2026, 3, 1),
    ]


def test_pages_lead_from_a_competitor_to_the_comparison(company: OrgUnit, client: Client) -> None:
    project = make_project(company, name="云栖里")
    browser = sign_in(client, make_watcher(company))
    today = timezone.localdate()

    made = browser.post(
        reverse("market:new_competitor"),
        {"org_unit": company.pk, "name": "滨江壹号", "projects": [str(project.pk)], "is_active": "on"},
    )
    rival = Competitor.objects.get()
    priced = browser.post(
        reverse("market:note_price", args=[rival.pk]),
        {"kind": "asked", "observed_date": today.isoformat(), "area_price": "23500", "source": "售楼处"},
    )
    noted = browser.post(
        reverse("market:new_event"),
        {
            "org_unit": company.pk,
            "kind": "lending",
            "title": "首付降至两成",
            "effect": "loosens",
            "starts_date": today.isoformat(),
        },
    )
    shown = browser.get(reverse("market:project", args=[project.pk])).content.decode()
    overview = browser.get(reverse("market:market")).content.decode()

    assert [made.status_code, priced.status_code, noted.status_code] == [303, 303, 303]
    assert "滨江壹号" in shown
    assert "¥23,500" in shown
    assert "首付降至两成" in shown
    assert "云栖里" in overview
    assert "¥23,500" in overview


def test_a_refused_price_keeps_what_was_typed_and_says_why(company: OrgUnit, client: Client) -> None:
    rival = make_competitor(company)
    tomorrow = timezone.localdate() + timedelta(days=1)
    browser = sign_in(client, make_watcher(company))

    answer = browser.post(
        reverse("market:note_price", args=[rival.pk]),
        {"kind": "asked", "observed_date": tomorrow.isoformat(), "area_price": "23500", "source": "朋友圈"},
    )

    assert answer.status_code == 422
    assert "23500" in answer.content.decode()
    assert "朋友圈" in answer.content.decode()
    assert not rival.prices.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_overview_asks_as_often_for_many_projects_as_for_one(
    company: OrgUnit, number: int, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for _ in range(number):
        make_price(make_competitor(company))
    actor = make_actor(company, *ALL)

    with django_assert_num_queries(4):  # type: ignore[operator]
        lines, _cursor = standing_page(actor, today=TODAY)

    assert len(lines) == number
