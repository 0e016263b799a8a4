"""Rules as data, and the reasons given for a profile."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from hearth.analytics.profile_reasons import explain
from hearth.analytics.profile_rules import (
    Anchor,
    FallMeasure,
    ProfileRules,
    StageRule,
    ValueTier,
)
from tests.analytics.profile_tables import AS_OF, Records, ago, day

HANDOVER = StageRule("owner", Anchor.HANDOVER_DATE)


def test_rules_survive_being_stored() -> None:
    rules = ProfileRules(
        stages=(
            StageRule("signed", Anchor.SIGNED_DATE, 0, 10),
            StageRule("waiting", Anchor.SIGNED_DATE, 11),
            HANDOVER,
        ),
        tiers=(ValueTier("gold", Decimal("0.2")),),
        retain_tiers=("gold",),
        fall_measure=FallMeasure.AMOUNT,
        contact_days=(7,),
    )

    assert ProfileRules.from_json(json.loads(json.dumps(rules.to_json()))) == rules
    assert ProfileRules.from_json({}) == ProfileRules()


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown rules"):
        ProfileRules.from_json({"tires": []})


@pytest.mark.parametrize(
    "changes",
    [
        {"stages": (HANDOVER,)},
        {"stages": (HANDOVER, StageRule("signed", Anchor.SIGNED_DATE, 1))},
        {"stages": (HANDOVER, StageRule("signed", Anchor.SIGNED_DATE, 0, 10))},
        {
            "stages": (
                HANDOVER,
                StageRule("signed", Anchor.SIGNED_DATE, 0, 10),
                StageRule("waiting", Anchor.SIGNED_DATE, 10),
            )
        },
        {"tiers": ()},
        {"tiers": (ValueTier("top", Decimal(1)),), "retain_tiers": ()},
        {"tiers": (ValueTier("inactive", Decimal("0.1")),), "retain_tiers": ()},
        {"retain_tiers": ("gold",)},
        {"value_days": 0},
        {"fall_share": Decimal(0)},
    ],
)
def test_rules_that_leave_a_customer_without_a_class_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"stages|tiers|retained|windows|fall"):
        ProfileRules(**changes)


def test_tiers_begin_above_curry_quantiles() -> None:
    assert ProfileRules().tier_bounds == (("top", 0.99), ("large", 0.95), ("medium", 0.8))


@pytest.mark.requirement("S53")
def test_each_value_states_the_fact_that_decided_it(engine: Any) -> None:
    rules = ProfileRules()
    records = Records(
        [1, 2],
        purchases=[(1, ago(9), Decimal(50))],
        contacts=[(1, ago(3), "visit")],
        homes=[(1, 11, day(900), day(400), None, None)],
    )

    owner, stranger = (explain(row, rules) for row in records.rows(engine, rules))

    assert owner["recency_days"] == ("last_purchase", {"days": 9, "as_of": AS_OF})
    assert owner["contacts_visit_30"] == (
        "contacts_in_window",
        {"channel": "visit", "count": 1, "days": 30, "as_of": AS_OF},
    )
    assert owner["owner_stage"] == (
        "days_since_handover_date",
        {"date": day(400), "min_days": 366, "max_days": 730, "as_of": AS_OF},
    )
    assert owner["value_class"] == (
        "amount_up_to_cut",
        {"amount": 50.0, "days": 1095, "cut": 50.0, "as_of": AS_OF},
    )
    assert owner["portfolio_action"] == (
        "no_action_needed",
        {"now": 2, "before": 0, "measure": "activities", "days": 365, "as_of": AS_OF},
    )
    assert stranger["recency_days"] == ("never_bought", {"as_of": AS_OF})
    assert stranger["owner_stage"] == ("no_home_signed", {"homes": 0, "as_of": AS_OF})
    assert stranger["value_class"] == ("never_met", {"as_of": AS_OF})
    assert stranger["portfolio_action"] == ("never_bought", {"as_of": AS_OF})


def test_a_retained_customer_is_told_by_the_cut_that_was_passed(engine: Any) -> None:
    rules = ProfileRules()
    records = Records([1], purchases=[(1, ago(9), Decimal(5_000))])

    (row,) = records.rows(engine, rules, value_cuts={"top": 9_000.0, "large": 900.0, "medium": 90.0})

    found = explain(row, rules)
    assert found["value_class"] == (
        "amount_above_cut",
        {"amount": 5_000.0, "days": 1095, "cut": 900.0, "as_of": AS_OF},
    )
    assert found["portfolio_action"] == ("in_retained_tier", {"value_class": "large", "as_of": AS_OF})
