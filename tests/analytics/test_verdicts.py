"""What may be concluded, for each reason there is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hearth.analytics.arm_totals import ArmTotals, ClusterTotals, OutcomeTotals
from hearth.analytics.experiments import NotEnoughMembers
from hearth.analytics.verdicts import Plan, Verdict, judge_experiment

HALVES = {"none": Decimal("0.5"), "gift": Decimal("0.5")}
PLAN = Plan(control="none", outcome="came", shares=HALVES, planned_lift=0.03)


def arm(name: str, size: int, responders: int) -> ArmTotals:
    """An arm whose members came or did not."""
    return ArmTotals(name, size, {"came": OutcomeTotals.of_responders(size, responders)})


def verdict(control: ArmTotals, treated: ArmTotals, plan: Plan = PLAN) -> Verdict:
    """Judge two arms."""
    return judge_experiment({"none": control, "gift": treated}, plan).arms[0].verdict


@pytest.mark.requirement("S248")
@pytest.mark.parametrize(
    ("responders", "expected"),
    [(700, Verdict.PROVEN_BETTER), (300, Verdict.PROVEN_WORSE), (510, Verdict.NOT_PROVEN)],
)
def test_a_large_enough_experiment_answers_its_question(responders: int, expected: Verdict) -> None:
    assert verdict(arm("none", 5_000, 500), arm("gift", 5_000, responders)) == expected


def test_fewer_complaints_are_better() -> None:
    plan = Plan(control="none", outcome="came", shares=HALVES, planned_lift=0.03, higher_is_better=False)

    assert verdict(arm("none", 5_000, 500), arm("gift", 5_000, 300), plan) == Verdict.PROVEN_BETTER


def test_a_small_experiment_could_not_have_answered() -> None:
    assert verdict(arm("none", 200, 20), arm("gift", 200, 25)) == Verdict.TOO_SMALL


def test_a_few_members_of_whom_nobody_came_have_shown_nothing() -> None:
    assert verdict(arm("none", 5, 0), arm("gift", 5, 0)) == Verdict.TOO_SMALL


def test_a_small_experiment_that_proves_something_has_proved_it() -> None:
    assert verdict(arm("none", 200, 10), arm("gift", 200, 60)) == Verdict.PROVEN_BETTER


def test_sizes_that_contradict_the_plan_spoil_any_difference() -> None:
    assert verdict(arm("none", 5_000, 500), arm("gift", 4_500, 900)) == Verdict.INVALID_RATIO


def test_several_ideas_against_one_control_are_held_to_a_stricter_level() -> None:
    plan = Plan(
        control="none",
        outcome="came",
        shares={
            "none": Decimal("0.25"),
            "gift": Decimal("0.25"),
            "call": Decimal("0.25"),
            "card": Decimal("0.25"),
        },
        planned_lift=0.03,
    )
    arms = {
        name: arm(name, 5_000, came)
        for name, came in (("none", 500), ("gift", 565), ("call", 505), ("card", 700))
    }

    found = judge_experiment(arms, plan)

    gift = next(each for each in found.arms if each.arm == "gift")
    assert [each.arm for each in found.arms] == ["call", "card", "gift"]
    assert gift.comparison.p_value < 0.05 < gift.adjusted_p
    assert [each.verdict for each in found.arms] == [
        Verdict.NOT_PROVEN,
        Verdict.PROVEN_BETTER,
        Verdict.NOT_PROVEN,
    ]


def test_households_are_compared_and_their_sizes_checked_as_households() -> None:
    def clustered(name: str, mean: float) -> ArmTotals:
        sums = [2 * mean + (index % 3 - 1) for index in range(999)]
        clusters = ClusterTotals(999, sum(y * y for y in sums), 4.0 * 999, 2 * sum(sums))
        outcome = OutcomeTotals(1_998, sum(sums), sum(sums), clusters=clusters)
        return ArmTotals(name, 1_998, {"spend": outcome}, households=999)

    plan = Plan(control="none", outcome="spend", shares=HALVES, planned_lift=0.1, is_binary=False)

    found = judge_experiment({"none": clustered("none", 5.0), "gift": clustered("gift", 5.2)}, plan)

    assert found.sample_ratio.p_value == 1.0
    assert found.arms[0].comparison.difference == pytest.approx(0.2)
    assert found.arms[0].verdict == Verdict.PROVEN_BETTER


def test_amounts_without_any_variance_have_shown_nothing() -> None:
    plan = Plan(control="none", outcome="spend", shares=HALVES, planned_lift=10, is_binary=False)
    arms = {name: ArmTotals(name, 50, {"spend": OutcomeTotals(50, 0.0, 0.0)}) for name in HALVES}

    assert judge_experiment(arms, plan).arms[0].verdict == Verdict.TOO_SMALL


def test_a_planned_arm_without_members_cannot_be_judged() -> None:
    with pytest.raises(NotEnoughMembers):
        judge_experiment({"none": arm("none", 10, 1)}, PLAN)
