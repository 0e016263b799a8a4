"""The one query of sums, and the published results of a real campaign."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import pytest
from pyarrow import csv

from hearth.analytics.arm_totals import ArmTotals, Outcome, OutcomeTotals, arm_totals, read_arm_totals
from hearth.analytics.experiments import cuped, sample_ratio_check, two_proportions, welch

MEMBERS = {
    "arm": ["none", "none", "none", "gift", "gift", "gift", None],
    "household": ["h1", "h1", None, "h2", "h2", "h3", "h4"],
    "came": [True, False, True, True, True, None, True],
    "spend": [10.0, 0.0, 4.0, 20.0, float("nan"), 6.0, 99.0],
    "before": [1.0, 2.0, None, 3.0, 5.0, 7.0, 9.0],
}


def members() -> Any:
    """Seven members, one without an arm, some with gaps."""
    schema = {
        "arm": "string",
        "household": "string",
        "came": "boolean",
        "spend": "float64",
        "before": "float64",
    }
    rows = [dict(zip(MEMBERS, row, strict=True)) for row in zip(*MEMBERS.values(), strict=True)]
    return ibis.memtable(rows, schema=schema)


def totals(engine: Any, expression: Any, outcomes: list[Outcome]) -> dict[str, ArmTotals]:
    """Run the query and read its rows."""
    return read_arm_totals(engine.to_pyarrow(expression).to_pylist(), outcomes)


def test_each_arm_is_summed_over_the_members_whose_outcome_is_known(engine: Any) -> None:
    outcomes = [Outcome("came"), Outcome("spend")]

    found = totals(engine, arm_totals(members(), outcomes), outcomes)

    assert found == {
        "gift": ArmTotals("gift", 3, {"came": OutcomeTotals(2, 2, 2), "spend": OutcomeTotals(2, 26, 436)}),
        "none": ArmTotals("none", 3, {"came": OutcomeTotals(3, 2, 2), "spend": OutcomeTotals(3, 14, 116)}),
    }


def test_the_covariate_is_summed_where_outcome_and_covariate_are_known(engine: Any) -> None:
    outcomes = [Outcome("spend", covariate="before")]

    found = totals(engine, arm_totals(members(), outcomes), outcomes)["gift"].outcomes["spend"].covariate

    assert found is not None
    assert (found.count, found.total, found.total_squares) == (2, 10, 58)
    assert (found.outcome_total, found.product) == (26, 102)


def test_households_are_summed_first_and_a_member_without_one_is_one(engine: Any) -> None:
    outcomes = [Outcome("spend")]

    found = totals(engine, arm_totals(members(), outcomes, household="household"), outcomes)

    clusters = {arm: each.outcomes["spend"].clusters for arm, each in found.items()}
    assert {arm: each.households for arm, each in found.items()} == {"gift": 2, "none": 2}
    assert clusters["none"] is not None
    assert clusters["gift"] is not None
    none, gift = clusters["none"], clusters["gift"]
    assert (none.count, none.outcome_squares, none.size_squares, none.product) == (2, 116, 5, 24)
    assert (gift.count, gift.outcome_squares, gift.size_squares, gift.product) == (2, 436, 2, 26)


def test_an_arm_whose_outcomes_are_all_missing_sums_to_nothing(engine: Any) -> None:
    rows = [{"arm": "none", "spend": None}]
    outcomes = [Outcome("spend")]

    found = totals(
        engine,
        arm_totals(ibis.memtable(rows, schema={"arm": "string", "spend": "float64"}), outcomes),
        outcomes,
    )

    assert found["none"].outcomes["spend"] == OutcomeTotals(0, 0.0, 0.0)


@pytest.fixture
def hillstrom(engine: Any, real_data: Path) -> dict[str, ArmTotals]:
    """The three arms of a retailer's e-mail campaign."""
    outcomes = [Outcome("visit", covariate="history"), Outcome("conversion"), Outcome("spend")]
    customers = ibis.memtable(csv.read_csv(real_data / "hillstrom" / "hillstrom.csv"))
    return totals(engine, arm_totals(customers, outcomes, arm="segment"), outcomes)


@pytest.mark.real
@pytest.mark.parametrize(
    ("arm", "visit", "conversion", "spend"),
    [
        ("Mens E-Mail", 0.182757, 0.012531, 1.422617),
        ("Womens E-Mail", 0.151400, 0.008837, 1.077202),
        ("No E-Mail", 0.106167, 0.005726, 0.652789),
    ],
)
def test_a_real_campaign_has_its_published_means(
    hillstrom: dict[str, ArmTotals], arm: str, visit: float, conversion: float, spend: float
) -> None:
    found = hillstrom[arm].outcomes

    assert [round(found[name].mean, 6) for name in ("visit", "conversion", "spend")] == [
        visit,
        conversion,
        spend,
    ]


@pytest.mark.real
@pytest.mark.requirement("S248")
@pytest.mark.parametrize(
    ("arm", "visit", "visit_error", "spend", "spend_error"),
    [
        ("Mens E-Mail", 0.076590, 0.003386, 0.769827, 0.145247),
        ("Womens E-Mail", 0.045233, 0.003234, 0.424412, 0.130333),
    ],
)
def test_a_real_campaign_has_its_published_lifts(
    hillstrom: dict[str, ArmTotals],
    arm: str,
    visit: float,
    visit_error: float,
    spend: float,
    spend_error: float,
) -> None:
    control, treated = hillstrom["No E-Mail"].outcomes, hillstrom[arm].outcomes

    came = two_proportions(control["visit"], treated["visit"])
    spent = welch(control["spend"], treated["spend"])

    assert (round(came.difference, 6), round(came.standard_error, 6)) == (visit, visit_error)
    assert (round(spent.difference, 6), round(spent.standard_error, 6)) == (spend, spend_error)


@pytest.mark.real
def test_earlier_spending_explains_little_of_a_real_campaigns_visits(hillstrom: dict[str, ArmTotals]) -> None:
    found = cuped(hillstrom["No E-Mail"].outcomes["visit"], hillstrom["Mens E-Mail"].outcomes["visit"])

    assert round(found.variance_reduction, 4) == 0.0044


@pytest.mark.real
def test_a_real_campaigns_arms_have_the_sizes_planned(hillstrom: dict[str, ArmTotals]) -> None:
    sizes = {arm: each.size for arm, each in hillstrom.items()}

    assert not sample_ratio_check(sizes, dict.fromkeys(sizes, 1 / 3)).is_alarm
