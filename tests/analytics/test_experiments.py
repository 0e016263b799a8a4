"""Comparisons of arms against hand calculations, SciPy, and published results."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hearth.analytics.arm_totals import ClusterTotals, CovariateTotals, OutcomeTotals
from hearth.analytics.experiments import (
    NotEnoughMembers,
    clustered_difference,
    cuped,
    holm,
    sample_ratio_check,
    two_proportions,
    welch,
)

VALUES = st.lists(st.floats(-1e4, 1e4).map(lambda value: round(value, 3)), min_size=2, max_size=30)


def totals_of(values: list[float], covariates: list[float | None] | None = None) -> OutcomeTotals:
    """Sum up members' values, and their covariates, as the query would."""
    covariate = None
    if covariates is not None:
        pairs = [(y, x) for y, x in zip(values, covariates, strict=True) if x is not None]
        covariate = CovariateTotals(
            count=len(pairs),
            total=sum(x for _, x in pairs),
            total_squares=sum(x * x for _, x in pairs),
            outcome_total=sum(y for y, _ in pairs),
            product=sum(x * y for y, x in pairs),
        )
    return OutcomeTotals(len(values), sum(values), sum(value * value for value in values), covariate)


def clustered(households: list[list[float]]) -> OutcomeTotals:
    """Sum up members' values by household, as the query would."""
    flat = totals_of([value for household in households for value in household])
    sums = [(sum(household), len(household)) for household in households]
    clusters = ClusterTotals(
        len(sums), sum(y * y for y, _ in sums), sum(m * m for _, m in sums), sum(y * m for y, m in sums)
    )
    return OutcomeTotals(flat.count, flat.total, flat.total_squares, clusters=clusters)


def test_two_proportions_agree_with_a_hand_calculation() -> None:
    control = OutcomeTotals.of_responders(200, 20)
    treated = OutcomeTotals.of_responders(400, 60)

    found = two_proportions(control, treated)

    assert found.difference == pytest.approx(0.05)
    assert found.standard_error == pytest.approx(math.sqrt(0.1 * 0.9 / 200 + 0.15 * 0.85 / 400))
    assert found.relative_lift == pytest.approx(0.5)
    pooled_error = math.sqrt((80 / 600) * (520 / 600) * (1 / 200 + 1 / 400))
    assert found.p_value == pytest.approx(2 * stats.norm.sf(0.05 / pooled_error), rel=1e-12)
    assert (found.low, found.high) == pytest.approx(
        stats.norm.interval(0.95, loc=found.difference, scale=found.standard_error)
    )


def test_the_p_value_of_two_proportions_is_that_of_the_chi_square_of_the_four_fields() -> None:
    table = np.array([[31, 469], [58, 542]])
    control, treated = OutcomeTotals.of_responders(500, 31), OutcomeTotals.of_responders(600, 58)

    found = two_proportions(control, treated)

    assert found.p_value == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue, rel=1e-10)


@pytest.mark.parametrize("responders", [0, 50])
def test_arms_that_all_answer_alike_do_not_differ(responders: int) -> None:
    arm = OutcomeTotals.of_responders(50, responders)

    found = two_proportions(arm, arm)

    assert (found.difference, found.p_value, found.low, found.high) == (0.0, 1.0, 0.0, 0.0)


def test_an_empty_arm_cannot_be_compared() -> None:
    with pytest.raises(NotEnoughMembers):
        two_proportions(OutcomeTotals.of_responders(0, 0), OutcomeTotals.of_responders(5, 1))


def test_without_responders_in_control_there_is_no_relative_lift() -> None:
    found = two_proportions(OutcomeTotals.of_responders(50, 0), OutcomeTotals.of_responders(50, 5))

    assert found.relative_lift is None


def test_welch_agrees_with_scipy() -> None:
    control = [3.1, 2.0, 5.5, 4.2, 0.0, 1.0]
    treated = [6.0, 7.7, 2.1, 9.0]

    found = welch(totals_of(control), totals_of(treated))

    expected = stats.ttest_ind(treated, control, equal_var=False)
    interval = expected.confidence_interval(0.95)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-10)
    assert found.degrees_of_freedom == pytest.approx(expected.df, rel=1e-10)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-10)


def test_welch_needs_two_members_an_arm() -> None:
    with pytest.raises(NotEnoughMembers):
        welch(totals_of([1.0]), totals_of([1.0, 2.0]))


def test_arms_without_variance_differ_for_certain_or_not_at_all() -> None:
    ones, twos = totals_of([1.0, 1.0]), totals_of([2.0, 2.0, 2.0])

    assert welch(ones, twos).p_value == 0.0
    assert welch(ones, ones).p_value == 1.0


@given(control=VALUES, treated=VALUES)
def test_exchanging_the_arms_only_turns_the_sign(control: list[float], treated: list[float]) -> None:
    forward = welch(totals_of(control), totals_of(treated))

    backward = welch(totals_of(treated), totals_of(control))

    assert backward.difference == pytest.approx(-forward.difference, abs=1e-9)
    assert backward.standard_error == forward.standard_error
    assert backward.p_value == pytest.approx(forward.p_value, abs=1e-9)


@given(control=VALUES, treated=VALUES)
def test_households_of_one_give_welch(control: list[float], treated: list[float]) -> None:
    alone = clustered([[value] for value in control]), clustered([[value] for value in treated])

    found = clustered_difference(*alone)

    expected = welch(*alone)
    assert found.difference == pytest.approx(expected.difference)
    assert found.standard_error == pytest.approx(expected.standard_error, rel=1e-6, abs=1e-3)


def test_households_agree_with_a_hand_calculation() -> None:
    control = clustered([[1.0, 1.0], [0.0], [0.0, 0.0, 1.0]])
    treated = clustered([[1.0], [1.0, 1.0]])

    found = clustered_difference(control, treated)

    # Control: mean 1/2, residuals 2 − 1, 0 − 1/2 and 1 − 3/2, so 3/2 · 3/2 / 36. Treated: no residual.
    assert found.difference == pytest.approx(0.5)
    assert found.standard_error == pytest.approx(math.sqrt(1.5 * 1.5 / 36))
    assert found.degrees_of_freedom == pytest.approx(2)


def test_members_who_repeat_their_household_add_no_certainty() -> None:
    rng = np.random.default_rng(5)
    heads = rng.normal(size=(2, 200))
    fourfold = [clustered([[float(value)] * 4 for value in arm]) for arm in heads]
    single = [clustered([[float(value)] for value in arm]) for arm in heads]

    found = clustered_difference(*fourfold)

    assert found.standard_error == pytest.approx(clustered_difference(*single).standard_error)
    assert found.standard_error == pytest.approx(2 * welch(*fourfold).standard_error, rel=0.01)


def test_unclustered_totals_cannot_be_compared_by_household() -> None:
    with pytest.raises(NotEnoughMembers):
        clustered_difference(totals_of([1.0, 2.0]), totals_of([1.0, 2.0]))


def test_cuped_agrees_with_the_residuals_of_a_pooled_regression() -> None:
    rng = np.random.default_rng(7)
    covariates = [rng.normal(10, 3, size) for size in (300, 500)]
    values = [
        0.8 * x + rng.normal(0, 1, x.size) + lift for x, lift in zip(covariates, (0.0, 0.3), strict=True)
    ]
    arms = [totals_of(list(y), list(x)) for y, x in zip(values, covariates, strict=True)]

    found = cuped(arms[0], arms[1])

    centred = [(y - y.mean(), x - x.mean()) for y, x in zip(values, covariates, strict=True)]
    slope = sum(float(y @ x) for y, x in centred) / sum(float(x @ x) for _, x in centred)
    left = [y - slope * x for y, x in zip(values, covariates, strict=True)]
    expected = stats.ttest_ind(left[1], left[0], equal_var=False)
    assert found.coefficient == pytest.approx(slope)
    assert found.comparison.difference == pytest.approx(left[1].mean() - left[0].mean())
    assert found.comparison.p_value == pytest.approx(expected.pvalue, rel=1e-6)
    assert found.variance_reduction > 0.8


def test_a_missing_covariate_counts_as_the_mean_of_the_known_ones() -> None:
    values = [[1.0, 2.0, 4.0, 3.0], [2.0, 5.0, 6.0]]
    known: list[list[float | None]] = [[1.0, None, 5.0, 3.0], [None, 4.0, 7.0]]
    filled: list[list[float | None]] = [[1.0, 4.0, 5.0, 3.0], [4.0, 4.0, 7.0]]

    found = cuped(*[totals_of(y, x) for y, x in zip(values, known, strict=True)])

    expected = cuped(*[totals_of(y, x) for y, x in zip(values, filled, strict=True)])
    assert found.coefficient == pytest.approx(expected.coefficient)
    assert found.comparison.difference == pytest.approx(expected.comparison.difference)
    assert found.comparison.standard_error == pytest.approx(expected.comparison.standard_error)


def test_a_constant_covariate_changes_nothing() -> None:
    arms = [totals_of(values, [0.1] * 4) for values in ([1.0, 2.0, 5.0, 3.0], [2.0, 2.0, 7.0, 9.0])]

    found = cuped(*arms)

    assert (found.coefficient, found.variance_reduction) == (0.0, 0.0)
    assert found.comparison.difference == pytest.approx(welch(*arms).difference)


def test_cuped_needs_a_covariate() -> None:
    with pytest.raises(NotEnoughMembers):
        cuped(totals_of([1.0, 2.0]), totals_of([1.0, 2.0]))


def test_holm_agrees_with_a_hand_calculation_in_the_order_given() -> None:
    assert holm([0.04, 0.01, 0.03, 0.9]) == pytest.approx([0.09, 0.04, 0.09, 0.9])
    assert holm([]) == []


def test_holm_refuses_what_is_no_probability() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.5, float("nan")])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_never_lowers_a_p_value_nor_changes_their_order(p_values: list[float]) -> None:
    adjusted = holm(p_values)

    assert all(before <= after <= 1 for before, after in zip(p_values, adjusted, strict=True))
    assert min(adjusted) == pytest.approx(min(1.0, len(p_values) * min(p_values)))
    by_p = [after for _, after in sorted(zip(p_values, adjusted, strict=True))]
    assert by_p == sorted(by_p)


def test_sizes_are_checked_against_planned_shares() -> None:
    found = sample_ratio_check({"none": 480, "gift": 520}, {"none": Decimal("0.5"), "gift": Decimal("0.5")})

    expected = stats.chisquare([480, 520])
    assert (found.chi_square, found.p_value) == pytest.approx((expected.statistic, expected.pvalue))
    assert not found.is_alarm


def test_lost_members_raise_the_alarm() -> None:
    found = sample_ratio_check({"none": 10_000, "gift": 9_500}, {"none": 0.5, "gift": 0.5})

    assert found.is_alarm


def test_an_arm_nobody_reached_raises_the_alarm() -> None:
    assert sample_ratio_check({"none": 100}, {"none": 0.5, "gift": 0.5}).is_alarm


def test_before_anyone_is_assigned_there_is_no_alarm() -> None:
    assert sample_ratio_check({}, {"none": 0.5, "gift": 0.5}).p_value == 1.0


@pytest.mark.parametrize("shares", [{"none": 0.5, "gift": 0.4}, {"none": 1.0}, {"none": 1.0, "gift": 0.0}])
def test_shares_that_cannot_be_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="share"):
        sample_ratio_check({"none": 1}, shares)


@pytest.mark.requirement("S248")
def test_arms_treated_alike_are_told_apart_one_time_in_twenty() -> None:
    rng = np.random.default_rng(2_024)
    responders = rng.binomial(1_000, 0.12, size=(2_000, 2))

    false_alarms = [
        two_proportions(
            OutcomeTotals.of_responders(1_000, int(a)), OutcomeTotals.of_responders(1_000, int(b))
        ).p_value
        < 0.05
        for a, b in responders
    ]

    assert np.mean(false_alarms) == pytest.approx(0.05, abs=0.01)


def test_amounts_treated_alike_are_told_apart_one_time_in_twenty() -> None:
    rng = np.random.default_rng(2_025)
    amounts = rng.exponential(300.0, size=(2, 2_000, 200))
    sums, squares = amounts.sum(axis=2), (amounts**2).sum(axis=2)

    p_values = [
        welch(
            *[OutcomeTotals(200, float(sums[arm, seed]), float(squares[arm, seed])) for arm in (0, 1)]
        ).p_value
        for seed in range(2_000)
    ]

    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.01)


def test_households_treated_alike_are_told_apart_one_time_in_twenty() -> None:
    rng = np.random.default_rng(2_026)
    common = rng.normal(size=(2, 2_000, 150))
    members = rng.integers(1, 5, size=(2, 2_000, 150))
    own = rng.normal(size=(2, 2_000, 150)) * np.sqrt(members)
    sums = common * members + own

    def summed(arm: int, seed: int) -> OutcomeTotals:
        y, m = sums[arm, seed], members[arm, seed]
        clusters = ClusterTotals(150, float(y @ y), float(m @ m), float(y @ m))
        return OutcomeTotals(int(m.sum()), float(y.sum()), 0.0, clusters=clusters)

    p_values = [clustered_difference(summed(0, seed), summed(1, seed)).p_value for seed in range(2_000)]

    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.01)
