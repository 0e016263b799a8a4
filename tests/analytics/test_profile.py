"""The profile's facts and classes, one customer at a time and all at once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta, timezone
from decimal import Decimal
from typing import Any

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearth.analytics.profile_reasons import explain
from hearth.analytics.profile_rules import (
    Anchor,
    FallMeasure,
    PortfolioAction,
    ProfileRules,
    StageRule,
    ValueClass,
)
from tests.analytics.profile_tables import AS_OF, TODAY, Records, ago, day

SHANGHAI = timezone(timedelta(hours=8))


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The one row there is."""
    (row,) = rows
    return row


def test_purchases_are_counted_within_their_windows(engine: Any) -> None:
    records = Records(
        [1],
        purchases=[
            (1, ago(10.5), Decimal("100.10")),
            (1, ago(400), Decimal("200.20")),
            (1, ago(1_200), Decimal("5000.00")),
            (1, ago(5), Decimal("-50.00")),
            (1, ago(2), None),
            (1, ago(-1), Decimal("7.00")),
            (None, ago(1), Decimal("7.00")),
        ],
    )

    found = only(records.rows(engine))

    assert (found["recency_days"], found["frequency"], found["monetary_amount"]) == (2, 3, 250.3)
    assert (found["purchases_now"], found["purchases_before"]) == (2, 1)
    assert (found["amount_now"], found["amount_before"]) == (50.1, 200.2)


def test_contacts_are_counted_by_channel_and_days(engine: Any) -> None:
    records = Records(
        [1],
        contacts=[
            (1, ago(1), "phone"),
            (1, ago(40), "phone"),
            (1, ago(100), "sms"),
            (1, ago(20), "pigeon"),
            (1, ago(20), None),
            (1, ago(500), "visit"),
        ],
    )

    found = only(records.rows(engine))

    assert found["days_since_contact"] == 1
    assert [found[f"contacts_phone_{days}"] for days in (30, 90, 365)] == [1, 2, 2]
    assert [found[f"contacts_sms_{days}"] for days in (30, 90, 365)] == [0, 0, 1]
    assert [found[f"contacts_all_{days}"] for days in (30, 90, 365)] == [3, 4, 5]
    assert (found["touches_now"], found["touches_before"]) == (2, 1)


def test_a_complaint_is_open_until_it_is_closed(engine: Any) -> None:
    records = Records(
        [1],
        cases=[
            (1, "complaint", ago(9), None),
            (1, "complaint", ago(9), ago(-1)),
            (1, "complaint", ago(9), ago(1)),
            (1, "complaint", ago(-1), None),
            (1, "repair", ago(9), None),
        ],
    )

    found = only(records.rows(engine))

    assert (found["open_complaints"], found["cases_ever"]) == (2, 4)


def test_homes_are_those_held_on_the_day(engine: Any) -> None:
    records = Records(
        [1],
        homes=[
            (1, 11, day(900), day(400), day(400), None),
            (1, 11, day(900), day(400), day(300), None),
            (1, 12, day(5_000), day(4_000), day(4_000), TODAY),
            (1, 13, None, None, day(-1), None),
            (1, 14, None, None, None, day(-1)),
        ],
    )

    found = only(records.rows(engine))

    assert (found["homes"], found["owner_stage"], found["owner_stage_date"]) == (2, "stable_owner", day(400))


@pytest.mark.requirement("S158")
@pytest.mark.parametrize(
    ("signed", "handed_over", "stage"),
    [
        (None, None, "prospect"),
        (-1, None, "prospect"),
        (0, None, "pre_owner"),
        (900, None, "pre_owner"),
        (900, -30, "pre_owner"),
        (900, 0, "settling_in_owner"),
        (900, 365, "settling_in_owner"),
        (900, 366, "stable_owner"),
        (900, 730, "stable_owner"),
        (900, 731, "long_term_owner"),
        (None, 9_000, "long_term_owner"),
    ],
)
def test_the_owner_stage_follows_signing_and_handover(
    engine: Any, signed: int | None, handed_over: int | None, stage: str
) -> None:
    dates = [None if days is None else day(days) for days in (signed, handed_over)]
    records = Records([1], homes=[(1, 11, dates[0], dates[1], None, None)])

    assert only(records.rows(engine))["owner_stage"] == stage


def test_of_several_homes_the_stage_listed_first_holds(engine: Any) -> None:
    records = Records(
        [1], homes=[(1, 11, day(9_000), day(8_000), None, None), (1, 12, day(3), None, None, None)]
    )
    old_first = ProfileRules(stages=tuple(reversed(ProfileRules().stages)))

    assert only(records.rows(engine))["owner_stage"] == "pre_owner"
    assert only(records.rows(engine, old_first))["owner_stage"] == "long_term_owner"


def test_a_five_stage_scheme_is_only_other_rules(engine: Any) -> None:
    rules = ProfileRules(
        stages=(
            StageRule("pre_owner_1", Anchor.SIGNED_DATE, 0, 364),
            StageRule("pre_owner_2", Anchor.SIGNED_DATE, 365),
            StageRule("settling_in_1", Anchor.HANDOVER_DATE, 0, 365),
            StageRule("settling_in_2", Anchor.HANDOVER_DATE, 366, 730),
            StageRule("stable", Anchor.HANDOVER_DATE, 731),
        )
    )
    records = Records(
        [1, 2], homes=[(1, 11, day(365), None, None, None), (2, 12, day(900), day(500), None, None)]
    )

    assert [row["owner_stage"] for row in records.rows(engine, rules)] == ["pre_owner_2", "settling_in_2"]


def test_dates_are_read_in_the_zone_of_the_instant(engine: Any) -> None:
    records = Records([1], homes=[(1, 11, day(-1), None, None, None)])
    late = AS_OF.replace(hour=17)

    assert only(records.rows(engine, as_of=late))["owner_stage"] == "prospect"
    assert only(records.rows(engine, as_of=late.astimezone(SHANGHAI)))["owner_stage"] == "pre_owner"


@pytest.mark.requirement("S160")
def test_a_hundred_spenders_form_the_pyramid(engine: Any) -> None:
    records = Records(range(1, 101), purchases=[(each, ago(9), Decimal(each)) for each in range(1, 101)])

    sizes = Counter(row["value_class"] for row in records.rows(engine))

    assert sizes == {"top": 1, "large": 4, "medium": 15, "small": 80}


def test_equal_spenders_who_do_not_fit_a_tier_go_down_together(engine: Any) -> None:
    amounts = [*range(1, 91), *[1_000] * 10]
    records = Records(
        range(100), purchases=[(each, ago(9), Decimal(amount)) for each, amount in enumerate(amounts)]
    )

    classes = [row["value_class"] for row in records.rows(engine)]

    assert Counter(classes) == {"small": 80, "medium": 20}
    assert set(classes[90:]) == {"medium"}


@pytest.mark.requirement("S76")
def test_those_who_did_not_buy_are_inactive_prospects_or_suspects(engine: Any) -> None:
    records = Records(
        [1, 2, 3, 4, 5],
        purchases=[(1, ago(2_000), Decimal(100))],
        contacts=[(3, ago(5), "sms")],
        cases=[(4, "enquiry", ago(500), ago(499))],
        homes=[(2, 11, day(900), day(400), day(400), day(5))],
    )

    found = [row["value_class"] for row in records.rows(engine)]

    assert found == ["inactive", "inactive", "prospect", "prospect", "suspect"]


def test_stored_cut_points_classify_without_taking_new_ones(engine: Any) -> None:
    records = Records([1, 2], purchases=[(1, ago(9), Decimal(50)), (2, ago(9), Decimal(5_000))])

    found = records.rows(engine, value_cuts={"top": 9_000.0, "large": 900.0, "medium": 90.0})

    assert [row["value_class"] for row in found] == ["small", "large"]
    assert found[0]["value_cut_large"] == 900.0


@pytest.mark.requirement("S72")
def test_active_top_spenders_are_retained(engine: Any) -> None:
    records = Records(range(1, 101), purchases=[(each, ago(9), Decimal(each)) for each in range(1, 101)])

    retained = [row["customer_id"] for row in records.rows(engine) if row["portfolio_action"] == "retain"]

    assert retained == [96, 97, 98, 99, 100]


@pytest.mark.requirement("S73")
def test_those_whose_activity_fell_to_half_are_maintained(engine: Any) -> None:
    visits = {1: (2, 4), 2: (3, 4), 3: (1, 2), 4: (0, 4)}
    contacts = [
        (customer, ago(days), "visit")
        for customer, (now, before) in visits.items()
        for days in [10] * now + [400] * before
    ]
    homes = [(customer, customer, day(2_000), day(1_500), None, None) for customer in visits]

    found = Records(list(visits), contacts=contacts, homes=homes).rows(engine)

    assert [row["portfolio_action"] for row in found] == ["maintain", "serve", "serve", "activate"]
    assert [row["has_fallen"] for row in found] == [True, False, False, True]


@pytest.mark.requirement("S73")
def test_a_fall_may_be_one_of_turnover(engine: Any) -> None:
    rules = ProfileRules(fall_measure=FallMeasure.AMOUNT, retain_tiers=())
    amounts = {1: ("40.00", "100.00"), 2: ("60.00", "100.00")}
    purchases = [
        (customer, ago(days), Decimal(amount))
        for customer, pair in amounts.items()
        for days, amount in zip((10, 400), pair, strict=True)
    ]

    found = Records([1, 2], purchases=purchases).rows(engine, rules)

    assert [row["portfolio_action"] for row in found] == ["maintain", "serve"]


@pytest.mark.requirement("S74")
def test_owners_of_whom_nothing_was_heard_are_activated(engine: Any) -> None:
    records = Records(
        [1, 2],
        contacts=[(1, ago(10), "sms"), (2, ago(10), "phone")],
        homes=[(each, each, day(2_000), day(1_500), None, None) for each in (1, 2)],
    )

    assert [row["portfolio_action"] for row in records.rows(engine)] == ["activate", "serve"]


@pytest.mark.requirement("S75")
def test_those_who_never_bought_are_acquired(engine: Any) -> None:
    records = Records([1, 2], contacts=[(1, ago(1), "visit")])

    assert [row["portfolio_action"] for row in records.rows(engine)] == ["acquire", "acquire"]


def test_a_profile_of_the_past_does_not_see_what_came_later(engine: Any) -> None:
    records = Records([1], purchases=[(1, ago(9), Decimal(50))], contacts=[(1, ago(20), "visit")])

    found = only(records.rows(engine, as_of=ago(15)))

    assert (found["recency_days"], found["value_class"], found["days_since_contact"]) == (None, "prospect", 5)


def test_nobody_gives_an_empty_profile(engine: Any) -> None:
    assert Records([]).rows(engine) == []


CUSTOMERS = range(12)
DAYS = st.integers(-20, 1_500)
RECORDS = st.builds(
    Records,
    st.just(CUSTOMERS),
    purchases=st.lists(
        st.tuples(
            st.sampled_from([None, *CUSTOMERS]),
            DAYS.map(ago),
            st.none() | st.integers(-3, 9).map(lambda amount: Decimal(amount) * 10),
        ),
        max_size=30,
    ),
    contacts=st.lists(
        st.tuples(
            st.sampled_from([None, *CUSTOMERS]), DAYS.map(ago), st.sampled_from(["visit", "sms", None])
        ),
        max_size=30,
    ),
    cases=st.lists(
        st.tuples(
            st.sampled_from(CUSTOMERS), st.sampled_from(["complaint", "repair"]), DAYS.map(ago), st.none()
        ),
        max_size=10,
    ),
    homes=st.lists(
        st.tuples(
            st.sampled_from(CUSTOMERS),
            st.integers(1, 5),
            *[st.none() | DAYS.map(day) for _ in range(4)],
        ),
        max_size=15,
    ),
)


@pytest.mark.slow
@settings(max_examples=25)
@given(records=RECORDS)
def test_every_customer_has_exactly_one_of_each_class(records: Records) -> None:
    engine = ibis.duckdb.connect()
    rules = ProfileRules()

    rows = records.rows(engine, rules)

    assert [row["customer_id"] for row in rows] == list(CUSTOMERS)
    for row in rows:
        assert row["value_class"] in rules.value_labels
        assert row["owner_stage"] in rules.stage_labels
        assert row["portfolio_action"] == expected_action(row)
        assert all(code and "as_of" in found for code, found in explain(row, rules).values())
        is_customer = row["has_bought"] or row["has_owned"]
        assert (row["value_class"] in {ValueClass.PROSPECT, ValueClass.SUSPECT}) == (not is_customer)


def expected_action(row: dict[str, Any]) -> PortfolioAction:
    """The action by its definition, from the facts in the row."""
    if not row["has_bought"] and not row["has_owned"]:
        return PortfolioAction.ACQUIRE
    if row["activity_now"] == 0:
        return PortfolioAction.ACTIVATE
    if row["value_class"] in {"top", "large"}:
        return PortfolioAction.RETAIN
    fell = row["activity_before"] >= 3 and row["activity_now"] * 2 <= row["activity_before"]
    return PortfolioAction.MAINTAIN if fell else PortfolioAction.SERVE
