"""Price lists: versions, a second person, and one price for each home."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.second_person import OwnWork, PastThatStep
from hearth.inventory.models import PriceList, UnitPrice
from hearth.inventory.selectors import price_history
from hearth.inventory.services import (
    ListTerms,
    approve_prices,
    begin_prices,
    return_prices,
    show_prices_of_today,
    submit_prices,
    write_prices,
)
from hearth.inventory.services.prices import NotPriceable, PriceInThePast, PricesUnderWay
from hearth.inventory.standing import standings_of
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from tests.exports.builders import actor_of
from tests.inventory.builders import make_approved, make_batch, make_prices, make_second
from tests.organization.builders import make_member

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def prices_of(prices: PriceList) -> dict[str, Decimal]:
    rows = UnitPrice.objects.filter(price_list=prices)
    return dict(rows.order_by("unit__number").values_list("unit__number", "total_amount"))


def test_each_home_gets_one_price_that_says_how_it_came_about(company: OrgUnit) -> None:
    prices = make_approved(make_prices(make_batch(company)))

    assert prices_of(prices) == {
        "101": Decimal("2765600.00"),
        "102": Decimal("2685000.00"),
        "201": Decimal("2765600.00"),
        "202": Decimal("2685000.00"),
        "301": Decimal("2770000.00"),
        "302": Decimal("2689500.00"),
    }
    top = UnitPrice.objects.get(unit__number="301")
    assert top.parts == [["楼层差", "50", "0"], ["江景", "900", "0"]]
    assert Unit.objects.get(number="301").list_price_amount == top.total_amount
    told = EventRecord.objects.get(type="inventory.prices_approved")
    assert (told.subject_id, told.payload) == (prices.pk, {"version": 1, "units": 6})


def test_who_wrote_prices_does_not_approve_them(company: OrgUnit, now: datetime) -> None:
    both = make_member(company, "inventory.view", "inventory.change", "inventory.approve")
    prices = make_prices(make_batch(company, preparer=both))
    submit_prices(prices, actor=actor_of(both), now=now)

    with pytest.raises(OwnWork):
        approve_prices(prices, actor=actor_of(both), now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceList.objects.filter(pk=prices.pk).update(approved_by=both)


def test_a_new_version_takes_over_on_its_day_and_the_old_one_stays(company: OrgUnit, now: datetime) -> None:
    batch = make_batch(company)
    first = make_approved(make_prices(batch))
    kept = prices_of(first)
    tomorrow = localdate(now) + timedelta(days=1)
    terms = ListTerms(Decimal(31_000), [], 100, tomorrow)
    second = begin_prices(batch, terms, actor=actor_of(batch.author), now=now)
    make_approved(second)
    unit = Unit.objects.get(number="102")

    today_price = standings_of([unit], now)[unit.pk].price
    next_price = standings_of([unit], now + timedelta(days=1))[unit.pk].price
    show_prices_of_today(now=now + timedelta(days=1))

    assert (second.version, prices_of(first)) == (2, kept)
    assert (today_price, next_price) == (Decimal(2_685_000), Decimal(2_774_500))
    unit.refresh_from_db()
    assert unit.list_price_amount == next_price
    history = price_history(unit, SYSTEM, now)
    assert [(str(each.row.price_list), each.is_in_force) for each in history] == [("V2", False), ("V1", True)]


def test_prices_that_are_not_approved_hold_for_nobody(company: OrgUnit, now: datetime) -> None:
    batch = make_batch(company)
    prices = make_prices(batch)
    submit_prices(prices, actor=actor_of(batch.author), now=now)
    unit = Unit.objects.get(number="102")

    assert standings_of([unit], now)[unit.pk].price is None
    assert price_history(unit, SYSTEM, now) == []


def test_one_version_is_written_at_a_time(company: OrgUnit, now: datetime) -> None:
    batch = make_batch(company)
    prices = make_prices(batch)

    with pytest.raises(PricesUnderWay):
        make_prices(batch)
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceList.objects.create(
            org_unit=company,
            batch=batch,
            version=2,
            base_amount=1,
            valid_from_date=localdate(now),
            author=batch.author,
            editor=batch.author,
            created_at=now,
            updated_at=now,
        )
    assert prices.version == 1


def test_what_was_sent_back_is_computed_anew(company: OrgUnit, now: datetime) -> None:
    batch = make_batch(company)
    preparer, second = actor_of(batch.author), actor_of(make_second(company))
    prices = make_prices(batch)
    submit_prices(prices, actor=preparer, now=now)
    terms = ListTerms(Decimal(40_000), [], 1, localdate(now))

    with pytest.raises(PastThatStep):
        write_prices(prices, terms, actor=preparer, now=now)
    return_prices(prices, because="基准价过低", actor=second, now=now)
    none_left = prices_of(prices)
    write_prices(prices, terms, actor=preparer, now=now)
    submit_prices(prices, actor=preparer, now=now)

    assert none_left == {}
    assert set(prices_of(prices).values()) == {Decimal(3_580_000)}


def test_a_home_without_an_area_stops_the_list_and_is_named(company: OrgUnit, now: datetime) -> None:
    batch = make_batch(company)
    Unit.objects.filter(number="202").update(floor_area=None)

    with pytest.raises(NotPriceable) as refusal:
        submit_prices(make_prices(batch), actor=actor_of(batch.author), now=now)

    assert refusal.value.params["number"] == 1
    assert str(refusal.value.params["homes"]).endswith(" 202")


def test_prices_of_a_day_that_is_over_are_not_approved(company: OrgUnit, now: datetime) -> None:
    batch = make_batch(company)
    prices = make_prices(batch)
    submit_prices(prices, actor=actor_of(batch.author), now=now)

    with pytest.raises(PriceInThePast):
        approve_prices(prices, actor=actor_of(make_second(company)), now=now + timedelta(days=1))
