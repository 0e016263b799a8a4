"""What a campaign achieved: one query of sums, then the statistics of `analytics`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count

from hearth.analytics.arm_totals import ArmTotals, ClusterTotals, CovariateTotals, OutcomeTotals
from hearth.analytics.experiments import (
    AdjustedComparison,
    Comparison,
    NotEnoughMembers,
    SampleRatio,
    clustered_difference,
    cuped,
    holm,
    two_proportions,
    welch,
)
from hearth.analytics.verdicts import Plan, Verdict, judge_experiment
from hearth.campaigns.models import Campaign, Treatment

RESPONSE, PURCHASE, REVENUE = "response", "purchase", "revenue"
OUTCOMES = (RESPONSE, PURCHASE, REVENUE)

TOTALS = """
WITH member AS (
    SELECT treatment_id, household_key, prior_amount::float8 AS prior,
        (responded_at IS NOT NULL)::int::float8 AS response,
        (purchased_at IS NOT NULL)::int::float8 AS purchase,
        revenue_amount::float8 AS revenue
    FROM campaigns_campaignmember
    WHERE campaign_id = %s AND exclusion = ''
), household AS (
    SELECT treatment_id, count(*)::float8 AS size, count(prior) AS known, sum(prior) AS prior,
        sum(prior * prior) AS prior_squares, {household_sums}
    FROM member GROUP BY treatment_id, household_key
)
SELECT treatment_id, count(*) AS households, sum(size) AS size, sum(size * size) AS size_squares,
    sum(known) AS known, sum(prior) AS prior, sum(prior_squares) AS prior_squares, {sums}
FROM household GROUP BY treatment_id
"""
HOUSEHOLD_SUMS = """sum({0}) AS {0}, sum({0} * {0}) AS {0}_squares,
    sum({0}) FILTER (WHERE prior IS NOT NULL) AS {0}_known, sum({0} * prior) AS {0}_prior"""
SUMS = """sum({0}) AS {0}, sum({0}_squares) AS {0}_squares, sum({0} * {0}) AS {0}_cluster_squares,
    sum({0} * size) AS {0}_cluster_product, sum({0}_known) AS {0}_known, sum({0}_prior) AS {0}_prior"""


@dataclass(frozen=True)
class OutcomeResult:
    """One outcome of one arm; the comparison with control is None for control and where members are too few.

    `p_value` is after Holm over all treated arms. `adjusted` is the comparison after CUPED, where earlier revenue
    is known and households are single.
    """

    outcome: str
    mean: float | None
    comparison: Comparison | None = None
    p_value: float | None = None
    adjusted: AdjustedComparison | None = None

    @property
    def is_share(self) -> bool:
        return self.outcome != REVENUE


@dataclass(frozen=True)
class ArmReport:
    """An arm: how many members and households, what they did, and what may be concluded."""

    treatment: Treatment
    size: int
    households: int
    results: Mapping[str, OutcomeResult]
    verdict: Verdict | None
    detectable: float | None


@dataclass(frozen=True)
class CampaignReport:
    """Arms, control first; members left out by reason; `sample_ratio` is None where the plan is not known."""

    campaign: Campaign
    arms: tuple[ArmReport, ...]
    excluded: Mapping[str, int]
    sample_ratio: SampleRatio | None

    @property
    def addressed(self) -> int:
        return sum(arm.size for arm in self.arms if not arm.treatment.is_control)

    @property
    def members(self) -> int:
        return sum(arm.size for arm in self.arms)


def campaign_report(campaign: Campaign) -> CampaignReport:
    """Compare every arm with control on all three outcomes. Three queries, whatever the size."""
    treatments = list(campaign.treatments.order_by("position", "id"))
    totals = arm_totals_of(campaign.pk)
    empty = ArmTotals("", 0)
    arms = {str(arm.pk): totals.get(str(arm.pk), empty) for arm in treatments}
    control = next((str(arm.pk) for arm in treatments if arm.is_control), "")
    results = {outcome: _results(outcome, arms, control) for outcome in OUTCOMES}
    verdicts, sample_ratio = _judge(campaign, treatments, arms, control)
    reports = [
        ArmReport(
            treatment=arm,
            size=arms[key].size,
            households=arms[key].households or arms[key].size,
            results={outcome: results[outcome][key] for outcome in OUTCOMES},
            verdict=verdicts[key][0] if key in verdicts else None,
            detectable=verdicts[key][1] if key in verdicts else None,
        )
        for arm in treatments
        for key in [str(arm.pk)]
    ]
    return CampaignReport(campaign, tuple(reports), _excluded(campaign), sample_ratio)


def arm_totals_of(campaign_id: UUID) -> dict[str, ArmTotals]:
    """Sum each arm by household and member; one query. Clusters are kept only where a household has several."""
    sql = TOTALS.format(
        household_sums=", ".join(HOUSEHOLD_SUMS.format(name) for name in OUTCOMES),
        sums=", ".join(SUMS.format(name) for name in OUTCOMES),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [campaign_id])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    is_clustered = any(row["households"] < row["size"] for row in rows)
    return {str(row["treatment_id"]): _totals(row, is_clustered=is_clustered) for row in rows}


def _totals(row: Mapping[str, Any], *, is_clustered: bool) -> ArmTotals:
    outcomes = {name: _outcome(row, name, is_clustered=is_clustered) for name in OUTCOMES}
    households = int(row["households"]) if is_clustered else None
    return ArmTotals(str(row["treatment_id"]), int(row["size"]), outcomes, households)


def _outcome(row: Mapping[str, Any], name: str, *, is_clustered: bool) -> OutcomeTotals:
    covariate = clusters = None
    if row["known"]:
        covariate = CovariateTotals(
            count=int(row["known"]),
            total=row["prior"],
            total_squares=row["prior_squares"],
            outcome_total=row[f"{name}_known"],
            product=row[f"{name}_prior"],
        )
    if is_clustered:
        clusters = ClusterTotals(
            count=int(row["households"]),
            outcome_squares=row[f"{name}_cluster_squares"],
            size_squares=row["size_squares"],
            product=row[f"{name}_cluster_product"],
        )
    return OutcomeTotals(int(row["size"]), row[name], row[f"{name}_squares"], covariate, clusters)


def _results(outcome: str, arms: Mapping[str, ArmTotals], control: str) -> dict[str, OutcomeResult]:
    comparisons = {
        key: _compare(outcome, arms.get(control), arm) for key, arm in arms.items() if key != control
    }
    found = {key: comparison for key, comparison in comparisons.items() if comparison}
    p_values = dict(zip(found, holm([item.p_value for item in found.values()]), strict=True))
    return {
        key: OutcomeResult(
            outcome=outcome,
            mean=arm.outcomes[outcome].mean if arm.size else None,
            comparison=found.get(key),
            p_value=p_values.get(key),
            adjusted=_adjust(outcome, arms[control], arm) if key in found else None,
        )
        for key, arm in arms.items()
    }


def _compare(outcome: str, control: ArmTotals | None, arm: ArmTotals) -> Comparison | None:
    if control is None or not control.size or not arm.size:
        return None
    pair = control.outcomes[outcome], arm.outcomes[outcome]
    try:
        if arm.households is not None:
            return clustered_difference(*pair)
        return welch(*pair) if outcome == REVENUE else two_proportions(*pair)
    except NotEnoughMembers:
        return None


def _adjust(outcome: str, control: ArmTotals, arm: ArmTotals) -> AdjustedComparison | None:
    if arm.households is not None:
        return None
    try:
        return cuped(control.outcomes[outcome], arm.outcomes[outcome])
    except NotEnoughMembers:
        return None


def _judge(
    campaign: Campaign, treatments: Sequence[Treatment], arms: Mapping[str, ArmTotals], control: str
) -> tuple[dict[str, tuple[Verdict, float]], SampleRatio | None]:
    shares = {str(arm.pk): arm.share for arm in treatments}
    plan = Plan(
        control=control,
        outcome=campaign.main_outcome,
        shares=shares,
        planned_lift=campaign.planned_lift / 100,
    )
    if not control or sum(shares.values(), Decimal(0)) != 1 or not all(arm.size for arm in arms.values()):
        return {}, None
    try:
        judged = judge_experiment(arms, plan)
    except NotEnoughMembers:
        return {}, None
    is_planned = not campaign.external_key.startswith("history:")
    verdicts = {result.arm: (result.verdict, result.detectable) for result in judged.arms}
    return verdicts, judged.sample_ratio if is_planned else None


def _excluded(campaign: Campaign) -> dict[str, int]:
    rows = campaign.members.exclude(exclusion="").order_by().values_list("exclusion")
    return dict(rows.annotate(number=Count("id")).order_by("-number", "exclusion"))
