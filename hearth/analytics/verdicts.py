"""What may be said about an experiment, as codes; the words belong to the application."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from hearth.analytics.arm_totals import ArmTotals
from hearth.analytics.experiments import (
    Comparison,
    NotEnoughMembers,
    SampleRatio,
    clustered_difference,
    holm,
    sample_ratio_check,
    two_proportions,
    welch,
)
from hearth.analytics.power import detectable_difference, detectable_lift

LEVEL = 0.05


class Verdict(StrEnum):
    """The conclusion on one treated arm."""

    PROVEN_BETTER = "proven_better"
    PROVEN_WORSE = "proven_worse"
    NOT_PROVEN = "not_proven"
    TOO_SMALL = "too_small"
    INVALID_RATIO = "invalid_ratio"


@dataclass(frozen=True)
class Plan:
    """What was decided before the experiment began.

    `outcome` is the one column that decides; `planned_lift` the smallest difference worth finding,
    in the outcome's unit (a difference of shares if `is_binary`). `higher_is_better` is false for
    complaints and the like.
    """

    control: str
    outcome: str
    shares: Mapping[str, Decimal]
    planned_lift: float
    is_binary: bool = True
    higher_is_better: bool = True


@dataclass(frozen=True)
class ArmResult:
    """One treated arm against control: `adjusted_p` is after Holm over all treated arms."""

    arm: str
    comparison: Comparison
    adjusted_p: float
    detectable: float
    verdict: Verdict


@dataclass(frozen=True)
class ExperimentResult:
    """The check of the arms' sizes and the result of each treated arm, arms sorted by name."""

    sample_ratio: SampleRatio
    arms: tuple[ArmResult, ...]


def judge(
    comparison: Comparison,
    *,
    adjusted_p: float,
    ratio_is_alarm: bool,
    detectable: float,
    planned_lift: float,
    higher_is_better: bool = True,
) -> Verdict:
    """Conclude, in this order.

    1. Sizes that contradict the plan: INVALID_RATIO, whatever the difference.
    2. p after Holm below 5 %: PROVEN_BETTER or PROVEN_WORSE by the sign. A small experiment that
       proves something has proved it.
    3. The smallest difference it could find (power 80 %) exceeds the planned one: TOO_SMALL, it
       could not have answered the question.
    4. Otherwise NOT_PROVEN, which is a result: an effect as large as planned would probably have
       shown.
    """
    if ratio_is_alarm:
        return Verdict.INVALID_RATIO
    if adjusted_p < LEVEL:
        is_better = (comparison.difference > 0) == higher_is_better
        return Verdict.PROVEN_BETTER if is_better else Verdict.PROVEN_WORSE
    return Verdict.TOO_SMALL if detectable > planned_lift else Verdict.NOT_PROVEN


def judge_experiment(arms: Mapping[str, ArmTotals], plan: Plan) -> ExperimentResult:
    """Compare every treated arm with control on the deciding outcome and conclude.

    Totals summed by household are compared by `clustered_difference` and their sizes checked in
    households; otherwise shares by `two_proportions`, means by `welch`. What an arm could have found
    follows from its size and control's share, elsewhere from the standard error it reached.

    :raises NotEnoughMembers: if an arm is empty or too small for the method
    """
    if set(plan.shares) - set(arms):
        raise NotEnoughMembers
    sizes = {name: _units(totals) for name, totals in arms.items()}
    sample_ratio = sample_ratio_check(sizes, plan.shares)
    treated = sorted(set(plan.shares) - {plan.control})
    comparisons = [_compare(arms[plan.control], arms[name], plan) for name in treated]
    adjusted = holm([comparison.p_value for comparison in comparisons])
    results = []
    for name, comparison, adjusted_p in zip(treated, comparisons, adjusted, strict=True):
        detectable = _detectable(arms[plan.control], arms[name], comparison, plan)
        verdict = judge(
            comparison,
            adjusted_p=adjusted_p,
            ratio_is_alarm=sample_ratio.is_alarm,
            detectable=detectable,
            planned_lift=plan.planned_lift,
            higher_is_better=plan.higher_is_better,
        )
        results.append(ArmResult(name, comparison, adjusted_p, detectable, verdict))
    return ExperimentResult(sample_ratio, tuple(results))


def _units(totals: ArmTotals) -> int:
    return totals.size if totals.households is None else totals.households


def _compare(control: ArmTotals, treated: ArmTotals, plan: Plan) -> Comparison:
    pair = control.outcomes[plan.outcome], treated.outcomes[plan.outcome]
    if control.households is not None:
        return clustered_difference(*pair)
    return two_proportions(*pair) if plan.is_binary else welch(*pair)


def _detectable(control: ArmTotals, treated: ArmTotals, comparison: Comparison, plan: Plan) -> float:
    """Give the smallest difference these two arms could find, in the direction that was hoped for."""
    if not plan.is_binary or control.households is not None:
        # Arms without any variance have shown nothing about what they could find.
        return detectable_difference(comparison.standard_error) if comparison.standard_error else math.inf
    held, reached = control.outcomes[plan.outcome], treated.outcomes[plan.outcome]
    size = held.count + reached.count
    baseline = held.mean if plan.higher_is_better else 1 - held.mean
    return detectable_lift(baseline, size, held.count / size)
