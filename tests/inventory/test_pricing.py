"""Rules of prices: what must hold whatever the rules are."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.inventory.pricing import PricedHome, PriceRule, PriceTerms, price_home, round_to

amounts = st.decimals(-2_000, 2_000, places=2)
floors = st.none() | st.integers(-3, 60)
steps = st.sampled_from([Decimal(step) for step in (1, 10, 100, 1_000)])
homes = st.builds(
    PricedHome,
    building=st.sampled_from(["1栋", "2栋"]),
    entrance=st.sampled_from(["", "1单元"]),
    number=st.sampled_from(["101", "1202", "3301"]),
    floor=floors,
    layout=st.sampled_from(["", "三室两厅两卫"]),
    orientation=st.sampled_from(["南", "东南"]),
    floor_area=st.decimals(20, 400, places=2),
)
rules = st.builds(
    PriceRule,
    label=st.just("差价"),
    building=st.sampled_from(["", "1栋"]),
    ending=st.sampled_from(["", "01"]),
    orientation=st.sampled_from(["", "南"]),
    lowest_floor=floors,
    highest_floor=floors,
    per_area=amounts,
    per_floor=st.decimals(-50, 50, places=2),
    percent=st.decimals(-10, 10, places=2),
    lump=amounts,
)
bases = st.decimals(5_000, 90_000, places=2)


@given(homes, bases, st.lists(rules, max_size=6), steps)
def test_a_total_is_rounded_to_the_step_and_not_further_off(
    home: PricedHome, base: Decimal, some: list[PriceRule], step: Decimal
) -> None:
    price = price_home(home, PriceTerms(base, some, step))

    per_area = base + sum(part.per_area for part in price.parts)
    exact = per_area * home.floor_area + sum(part.lump for part in price.parts)
    assert price.total % step == 0
    assert abs(price.total - exact) <= step / 2


@given(homes, bases, st.lists(rules, max_size=6), steps, st.randoms(use_true_random=False))
def test_the_order_of_rules_changes_nothing(
    home: PricedHome, base: Decimal, some: list[PriceRule], step: Decimal, dice: object
) -> None:
    turned = list(reversed(some))

    assert (
        price_home(home, PriceTerms(base, some, step)).total
        == price_home(home, PriceTerms(base, turned, step)).total
    )


@given(homes, bases, st.lists(rules, max_size=4), rules, steps)
def test_a_rule_that_does_not_fit_changes_nothing(
    home: PricedHome, base: Decimal, some: list[PriceRule], further: PriceRule, step: Decimal
) -> None:
    with_it = price_home(home, PriceTerms(base, [*some, further], step))

    if not further.fits(home):
        assert with_it == price_home(home, PriceTerms(base, some, step))
    else:
        assert with_it.parts[-1] == further.added_to(home, base)


@given(homes, bases, st.integers(1, 59), steps, st.decimals(0, 80, places=2))
def test_a_home_further_up_is_never_cheaper_by_a_rising_rule(
    home: PricedHome, base: Decimal, floor: int, step: Decimal, rise: Decimal
) -> None:
    terms = PriceTerms(base, [PriceRule(label="楼层差", per_floor=rise)], step)
    below = PricedHome(**{**vars(home), "floor": floor})
    above = PricedHome(**{**vars(home), "floor": floor + 1})

    assert price_home(below, terms).total <= price_home(above, terms).total


@given(rules)
def test_a_rule_is_read_back_as_it_was_written(rule: PriceRule) -> None:
    assert PriceRule.from_json(rule.as_json()) == rule


@pytest.mark.parametrize(
    ("amount", "rounded"), [("1249.99", "1200"), ("1250", "1300"), ("-1250", "-1300"), ("0", "0")]
)
def test_the_middle_is_rounded_away_from_nought(amount: str, rounded: str) -> None:
    assert round_to(Decimal(amount), Decimal(100)) == Decimal(rounded)


def test_floor_and_view_are_added_to_the_base() -> None:
    home = PricedHome(
        building="7栋",
        entrance="1单元",
        number="1201",
        floor=12,
        layout="三室两厅两卫",
        orientation="南",
        floor_area=Decimal("89.50"),
    )
    some = [
        PriceRule(label="楼层差", lowest_floor=2, per_floor=Decimal(50)),
        PriceRule(label="江景", ending="01", percent=Decimal(3)),
        PriceRule(label="顶层", lowest_floor=30, per_area=Decimal(-300)),
        PriceRule(label="花园", building="7栋", lump=Decimal(80_000)),
    ]

    price = price_home(home, PriceTerms(Decimal(30_000), some, Decimal(100)))

    assert [(part.label, part.per_area, part.lump) for part in price.parts] == [
        ("楼层差", Decimal(500), 0),
        ("江景", Decimal(900), 0),
        ("花园", 0, Decimal(80_000)),
    ]
    assert price.total == Decimal(2_890_300)
    assert price.per_area == Decimal("32293.85")
