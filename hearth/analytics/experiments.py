"""Differences between the arms of an experiment, and what may be concluded from them.

Everything works on the totals of `hearth.analytics.arm_totals`; nothing here reads members.
Differences are always treated minus control. Intervals are two-sided at 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist
from typing import TYPE_CHECKING

from hearth.analytics.arm_totals import CovariateTotals, OutcomeTotals
from hearth.postponed import Postponed

if TYPE_CHECKING:
    from scipy import special
else:
    special = Postponed("scipy.special")

CONFIDENCE = 0.95
RATIO_ALARM = 0.001


class NotEnoughMembers(ValueError):
    """An arm has too few members with a known outcome for the method."""

    code = "not_enough_members"


@dataclass(frozen=True)
class Comparison:
    """The treated arm against the control arm.

    Means, `difference`, `standard_error`, `low` and `high` are in the outcome's unit (shares for a
    binary one). `relative_lift` is difference / control mean, `None` where that mean is 0.
    `degrees_of_freedom` is infinite where the normal distribution is the reference.
    """

    control_mean: float
    treated_mean: float
    difference: float
    standard_error: float
    low: float
    high: float
    p_value: float
    degrees_of_freedom: float
    relative_lift: float | None


@dataclass(frozen=True)
class AdjustedComparison:
    """A comparison after CUPED, and the share of the difference's variance that it removed."""

    comparison: Comparison
    coefficient: float
    variance_reduction: float


@dataclass(frozen=True)
class SampleRatio:
    """Whether arms have the sizes their planned shares promise."""

    chi_square: float
    p_value: float
    is_alarm: bool


def two_proportions(control: OutcomeTotals, treated: OutcomeTotals) -> Comparison:
    """Compare two shares of responders.

    The interval uses the unpooled standard error, the p-value the pooled one (the score test of
    equal shares), so close to 5 % the two may disagree. Fleiss, Levin, Paik 2003, sections 3.1–3.3.
    Members whose outcome is missing are in neither count.

    :raises NotEnoughMembers: if an arm has no member
    """
    _require_members(1, control, treated)
    difference = treated.mean - control.mean
    unpooled = sum(arm.mean * (1 - arm.mean) / arm.count for arm in (control, treated))
    pooled = (control.total + treated.total) / (control.count + treated.count)
    pooled_error = math.sqrt(pooled * (1 - pooled) * (1 / control.count + 1 / treated.count))
    return _comparison(control.mean, difference, math.sqrt(unpooled), math.inf, test_error=pooled_error)


def welch(control: OutcomeTotals, treated: OutcomeTotals) -> Comparison:
    """Compare two means whose variances may differ.

    Welch 1947, with the degrees of freedom after Satterthwaite. Two arms without any variance
    differ for certain (p = 0) or not at all (p = 1).

    :raises NotEnoughMembers: if an arm has fewer than two members with a known outcome
    """
    _require_members(2, control, treated)
    return _unequal_variances(
        control.mean,
        treated.mean - control.mean,
        (control.variance / control.count, treated.variance / treated.count),
        (control.count - 1, treated.count - 1),
    )


def clustered_difference(control: OutcomeTotals, treated: OutcomeTotals) -> Comparison:
    """Compare two means, or shares, when whole households were assigned.

    The mean of an arm is a ratio, Σ outcome / Σ members over households; its variance is linearised:
    G/(G−1) · Σ (y − mean·m)² / (Σ m)² over G households. Cochran 1977, section 6.3 and 9A. The
    reference is t with Satterthwaite's degrees of freedom over G − 1. Households of one member give
    Welch's result exactly.

    :raises NotEnoughMembers: if an arm was not summed by household, or has fewer than two
    """
    variances, freedoms = [], []
    for arm in (control, treated):
        if arm.clusters is None or arm.clusters.count < 2:
            raise NotEnoughMembers
        clusters, mean = arm.clusters, arm.mean
        residuals = clusters.outcome_squares - 2 * mean * clusters.product + mean**2 * clusters.size_squares
        correction = clusters.count / (clusters.count - 1)
        variances.append(correction * max(residuals, 0.0) / arm.count**2)
        freedoms.append(clusters.count - 1)
    difference = treated.mean - control.mean
    return _unequal_variances(
        control.mean, difference, (variances[0], variances[1]), (freedoms[0], freedoms[1])
    )


def cuped(control: OutcomeTotals, treated: OutcomeTotals) -> AdjustedComparison:
    """Compare two means after removing what a covariate from before the experiment explains.

    Deng, Xu, Kohavi, Walker 2013. The coefficient is the within-arm covariance over the within-arm
    variance, pooled over both arms; Welch's test follows on the adjusted values. A missing covariate
    is taken as the mean of the known ones, which keeps the difference unbiased. A covariate without
    variance changes nothing. Not for arms of clustered households: the reduction holds there too,
    the standard error does not.

    :raises NotEnoughMembers: if an arm has fewer than two members or no covariate was summed
    """
    _require_members(2, control, treated)
    if control.covariate is None or treated.covariate is None:
        raise NotEnoughMembers
    centre = _mean_covariate(control.covariate, treated.covariate)
    spreads = [_Spread.of(arm, arm.covariate, centre) for arm in (control, treated) if arm.covariate]
    varies = sum(spread.covariate for spread in spreads)
    # What rounding leaves of a constant covariate is not variance.
    noise = 1e-12 * (control.covariate.total_squares + treated.covariate.total_squares)
    coefficient = sum(spread.product for spread in spreads) / varies if varies > noise else 0.0
    plain = welch(control, treated)
    shift = coefficient * (spreads[1].covariate_mean - spreads[0].covariate_mean)
    adjusted = _unequal_variances(
        control.mean - coefficient * spreads[0].covariate_mean,
        plain.difference - shift,
        (spreads[0].adjusted_variance(coefficient), spreads[1].adjusted_variance(coefficient)),
        (control.count - 1, treated.count - 1),
    )
    before = plain.standard_error**2
    reduction = 1 - adjusted.standard_error**2 / before if before > 0 else 0.0
    return AdjustedComparison(adjusted, coefficient, reduction)


@dataclass(frozen=True)
class _Spread:
    """Centred sums of squares and products of an arm; the covariate measured from the common mean."""

    count: int
    outcome: float
    covariate: float
    product: float
    covariate_mean: float

    @classmethod
    def of(cls, arm: OutcomeTotals, covariate: CovariateTotals, centre: float) -> _Spread:
        total = covariate.total - covariate.count * centre
        squares = covariate.total_squares - 2 * centre * covariate.total + covariate.count * centre**2
        product = covariate.product - centre * covariate.outcome_total
        return cls(
            count=arm.count,
            outcome=arm.variance * (arm.count - 1),
            covariate=max(squares - total**2 / arm.count, 0.0),
            product=product - arm.total * total / arm.count,
            covariate_mean=total / arm.count,
        )

    def adjusted_variance(self, coefficient: float) -> float:
        """Give the variance of the adjusted mean."""
        left = self.outcome - 2 * coefficient * self.product + coefficient**2 * self.covariate
        return max(left, 0.0) / (self.count - 1) / self.count


def _mean_covariate(*arms: CovariateTotals) -> float:
    count = sum(arm.count for arm in arms)
    return sum(arm.total for arm in arms) / count if count else 0.0


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values for being several, in the order given.

    Holm 1979: the i-th smallest of m is multiplied by m − i + 1, never falls below the one before
    and never exceeds 1. Rejecting where the result is below 5 % keeps the chance of any false
    discovery below 5 %, however the outcomes depend on each other.
    """
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError("p-values lie between 0 and 1")
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    adjusted, floor = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        floor = max(floor, min(1.0, (len(order) - rank) * p_values[index]))
        adjusted[index] = floor
    return adjusted


def sample_ratio_check(
    sizes: Mapping[str, int], planned_shares: Mapping[str, float | Decimal]
) -> SampleRatio:
    """Check the arms' sizes against their planned shares.

    Pearson's χ² with one degree of freedom fewer than arms; the alarm is raised below .001, as
    Fabijan et al. 2019 advise: assignment or recording is then broken and no difference between the
    arms may be read. Count households where households were assigned. An arm without members counts
    as 0. With nobody assigned yet there is nothing to alarm about.
    """
    if set(sizes) - set(planned_shares) or len(planned_shares) < 2:
        raise ValueError("every arm needs a planned share, and there are at least two arms")
    shares = {arm: float(share) for arm, share in planned_shares.items()}
    if min(shares.values()) <= 0 or not math.isclose(sum(shares.values()), 1, abs_tol=1e-9):
        raise ValueError("planned shares are above 0 and add up to 1")
    total = sum(sizes.values())
    if total == 0:
        return SampleRatio(0.0, 1.0, is_alarm=False)
    expected = {arm: total * share for arm, share in shares.items()}
    chi_square = sum((sizes.get(arm, 0) - planned) ** 2 / planned for arm, planned in expected.items())
    p_value = float(special.chdtrc(len(shares) - 1, chi_square))
    return SampleRatio(chi_square, p_value, is_alarm=p_value < RATIO_ALARM)


def _require_members(least: int, *arms: OutcomeTotals) -> None:
    if any(arm.count < least for arm in arms):
        raise NotEnoughMembers


def _unequal_variances(
    control_mean: float, difference: float, variances: tuple[float, float], freedoms: tuple[int, int]
) -> Comparison:
    """Compare by t with Satterthwaite's degrees of freedom, given the variances of both means."""
    variance = sum(variances)
    if variance == 0:
        freedom = float(sum(freedoms))
    else:
        # Each part is divided first: squares of very small variances would underflow to 0.
        parts = sum((part / variance) ** 2 / free for part, free in zip(variances, freedoms, strict=True))
        freedom = 1 / parts
    return _comparison(control_mean, difference, math.sqrt(variance), freedom)


def _comparison(
    control_mean: float, difference: float, error: float, freedom: float, *, test_error: float | None = None
) -> Comparison:
    margin = _critical_value(freedom) * error
    return Comparison(
        control_mean=control_mean,
        treated_mean=control_mean + difference,
        difference=difference,
        standard_error=error,
        low=difference - margin,
        high=difference + margin,
        p_value=_two_sided_p(difference, error if test_error is None else test_error, freedom),
        degrees_of_freedom=freedom,
        relative_lift=difference / control_mean if control_mean != 0 else None,
    )


def _critical_value(freedom: float) -> float:
    upper = (1 + CONFIDENCE) / 2
    if math.isinf(freedom):
        return NormalDist().inv_cdf(upper)
    return float(special.stdtrit(freedom, upper))


def _two_sided_p(difference: float, error: float, freedom: float) -> float:
    if error == 0:
        return 1.0 if difference == 0 else 0.0
    statistic = abs(difference) / error
    if math.isinf(freedom):
        return math.erfc(statistic / math.sqrt(2))
    return float(2 * special.stdtr(freedom, -statistic))


def wilson(successes: int, total: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the score interval of a share, both ends between 0 and 1; (0, 1) of nobody.

    Wilson 1927; it keeps its promise for few observations and shares near 0, where the normal interval does not.
    """
    if not total:
        return 0.0, 1.0
    quantile = NormalDist().inv_cdf((1 + confidence) / 2)
    share, weight = successes / total, quantile**2 / total
    middle = (share + weight / 2) / (1 + weight)
    half = quantile / (1 + weight) * math.sqrt((share * (1 - share) + weight / 4) / total)
    return max(0.0, middle - half), min(1.0, middle + half)
