"""Sample sizes against published numbers, and the inverse against them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.analytics.arm_totals import OutcomeTotals
from hearth.analytics.experiments import two_proportions
from hearth.analytics.power import (
    SampleSize,
    detectable_difference,
    detectable_lift,
    sample_size_two_proportions,
)


def test_the_size_agrees_with_the_published_example() -> None:
    # R, power.prop.test(p1 = .50, p2 = .75, power = .90): n = 76.7 in each arm.
    assert sample_size_two_proportions(0.5, 0.25, 0.5, power=0.9) == SampleSize(77, 77)


def test_a_small_control_arm_costs_members() -> None:
    even = sample_size_two_proportions(0.1, 0.02, 0.5)
    uneven = sample_size_two_proportions(0.1, 0.02, 0.1)

    assert even == SampleSize(3841, 3841)
    assert uneven.total > 2.5 * even.total
    assert uneven.treated == pytest.approx(9 * uneven.control, abs=9)


def test_households_multiply_the_size_by_the_design_effect() -> None:
    plain = sample_size_two_proportions(0.1, 0.02, 0.5)

    clustered = sample_size_two_proportions(0.1, 0.02, 0.5, design_effect=1.5)

    assert clustered.total == pytest.approx(1.5 * plain.total, abs=3)


@given(baseline=st.floats(0.01, 0.8), lift=st.floats(0.005, 0.15), share_control=st.floats(0.05, 0.95))
def test_the_detectable_lift_is_the_inverse_of_the_size(
    baseline: float, lift: float, share_control: float
) -> None:
    size = sample_size_two_proportions(baseline, lift, share_control).total

    found = detectable_lift(baseline, size, share_control)

    assert found <= lift * (1 + 1e-9)
    assert found == pytest.approx(lift, rel=0.15)


def test_too_few_members_can_find_nothing() -> None:
    assert detectable_lift(0.5, 4, 0.5) == math.inf
    assert detectable_lift(1.0, 4_000, 0.5) == math.inf


@pytest.mark.parametrize("lift", [0.0, 0.6, 1.5])
def test_a_lift_beyond_all_customers_is_refused(lift: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        sample_size_two_proportions(0.5, lift, 0.5)


def test_a_control_arm_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="share_control"):
        sample_size_two_proportions(0.5, 0.1, 0.0)


def test_a_difference_of_any_outcome_follows_from_its_standard_error() -> None:
    assert detectable_difference(2.0) == pytest.approx(2 * (1.959964 + 0.841621), abs=1e-5)


def test_the_size_reaches_the_power_it_promises() -> None:
    size = sample_size_two_proportions(0.1, 0.03, 0.3)
    rng = np.random.default_rng(11)
    control = rng.binomial(size.control, 0.1, size=2_000)
    treated = rng.binomial(size.treated, 0.13, size=2_000)

    proven = [
        two_proportions(
            OutcomeTotals.of_responders(size.control, int(a)),
            OutcomeTotals.of_responders(size.treated, int(b)),
        ).p_value
        < 0.05
        for a, b in zip(control, treated, strict=True)
    ]

    assert np.mean(proven) == pytest.approx(0.8, abs=0.03)
