"""Sufficient statistics of an experiment: one row per arm, in one query.

Everything the tests of `hearth.analytics.experiments` need is a handful of sums, so ten million
members are read once, on the engine, and the arithmetic happens on the few rows that come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hearth.postponed import Postponed

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Postponed("ibis")
    ir = Postponed("ibis.expr.types")


@dataclass(frozen=True)
class Outcome:
    """A measured column of the members' table.

    `column` is numeric or boolean; of a boolean, the mean is the share of responders.
    `covariate`, for CUPED, is a numeric column known before the arms were assigned.
    """

    column: str
    covariate: str | None = None


@dataclass(frozen=True)
class CovariateTotals:
    """Sums over the members of an arm whose outcome and covariate are both known."""

    count: int
    total: float
    total_squares: float
    outcome_total: float
    product: float


@dataclass(frozen=True)
class ClusterTotals:
    """Sums over the households of an arm.

    With y the household's outcome summed and m its number of members with the outcome known:
    `count` households with m > 0, and the sums of y², m² and y·m.
    """

    count: int
    outcome_squares: float
    size_squares: float
    product: float


@dataclass(frozen=True)
class OutcomeTotals:
    """Sums of one outcome over the members of an arm for whom it is known.

    `total` is in the outcome's unit, `total_squares` in its square. Of a binary outcome both
    are the number of responders.
    """

    count: int
    total: float
    total_squares: float
    covariate: CovariateTotals | None = None
    clusters: ClusterTotals | None = None

    @classmethod
    def of_responders(cls, count: int, responders: int) -> OutcomeTotals:
        """Give the totals of a binary outcome: `responders` among `count` members."""
        return cls(count, float(responders), float(responders))

    @property
    def mean(self) -> float:
        """The mean, for a binary outcome the share of responders."""
        return self.total / self.count

    @property
    def variance(self) -> float:
        """The sample variance (divisor n − 1), never below 0 whatever the rounding."""
        return max(self.total_squares - self.total * self.mean, 0.0) / (self.count - 1)


@dataclass(frozen=True)
class ArmTotals:
    """An arm, its number of assigned members (and households), and its totals by outcome column."""

    arm: str
    size: int
    outcomes: Mapping[str, OutcomeTotals] = field(default_factory=dict)
    households: int | None = None


def arm_totals(
    members: ir.Table, outcomes: Sequence[Outcome], *, arm: str = "arm", household: str | None = None
) -> ir.Table:
    """Sum up each arm of an experiment.

    In: one row per member, with the column `arm`, the outcome columns, their covariates and, if
    named, the `household` by which arms were assigned.
    Out, one row per arm: `arm`, `size` (members), `households` (only if clustered), and for each
    outcome `<column>_count`, `_total`, `_total_squares`; with a covariate also `_covariate_count`,
    `_covariate_total`, `_covariate_squares`, `_covariate_outcome`, `_covariate_product`; clustered
    also `_cluster_count`, `_cluster_squares`, `_cluster_sizes`, `_cluster_product`.

    Missing: a member without an arm is left out. A missing or not-a-number outcome leaves the
    member out of that outcome, not out of `size`; where silence means "did not respond", fill in 0
    first. A missing covariate leaves the member out of the covariate's sums only. Members without a
    household count as a household each.
    """
    known = members.filter(members[arm].notnull())
    sums: dict[str, Any] = {"size": known.count()}
    for outcome in outcomes:
        sums.update(_outcome_sums(known, outcome))
    totals = known.group_by(arm=known[arm]).aggregate(**sums)
    if household is None:
        return totals
    clustered = _cluster_sums(known, outcomes, arm=arm, household=household)
    return totals.join(clustered, "arm")


def _known_number(column: ir.Column) -> ir.Column:
    number = column.cast("float64")
    return number.isnan().ifelse(ibis.null("float64"), number)


def _outcome_sums(members: ir.Table, outcome: Outcome) -> dict[str, Any]:
    name, value = outcome.column, _known_number(members[outcome.column])
    sums = {
        f"{name}_count": value.count(),
        f"{name}_total": value.sum(),
        f"{name}_total_squares": (value * value).sum(),
    }
    if outcome.covariate is None:
        return sums
    covariate = _known_number(members[outcome.covariate])
    both = value.notnull() & covariate.notnull()
    return sums | {
        f"{name}_covariate_count": both.sum(),
        f"{name}_covariate_total": covariate.sum(where=both),
        f"{name}_covariate_squares": (covariate * covariate).sum(where=both),
        f"{name}_covariate_outcome": value.sum(where=both),
        f"{name}_covariate_product": (value * covariate).sum(where=both),
    }


def _cluster_sums(members: ir.Table, outcomes: Sequence[Outcome], *, arm: str, household: str) -> ir.Table:
    """Sum each household first, then the squares and products of its sums over the arm."""
    in_households = members.filter(members[household].notnull())
    alone = members.filter(members[household].isnull())
    parts = [
        _household_rows(in_households, outcomes, arm=arm, household=household),
        _single_rows(alone, outcomes, arm=arm),
    ]
    rows = ibis.union(*parts)
    sums: dict[str, Any] = {"households": rows.count()}
    for outcome in outcomes:
        total, size = rows[f"{outcome.column}_y"], rows[f"{outcome.column}_m"]
        sums |= {
            f"{outcome.column}_cluster_count": (size > 0).sum(),
            f"{outcome.column}_cluster_squares": (total * total).sum(),
            f"{outcome.column}_cluster_sizes": (size * size).sum(),
            f"{outcome.column}_cluster_product": (total * size).sum(),
        }
    return rows.group_by("arm").aggregate(**sums)


def _household_rows(members: ir.Table, outcomes: Sequence[Outcome], *, arm: str, household: str) -> ir.Table:
    sums: dict[str, Any] = {}
    for outcome in outcomes:
        value = _known_number(members[outcome.column])
        sums[f"{outcome.column}_y"] = value.sum().coalesce(0.0)
        sums[f"{outcome.column}_m"] = value.count().cast("float64")
    keys = {"arm": members[arm], "household": members[household]}
    return members.group_by(**keys).aggregate(**sums).drop("household")


def _single_rows(members: ir.Table, outcomes: Sequence[Outcome], *, arm: str) -> ir.Table:
    columns: dict[str, Any] = {"arm": members[arm]}
    for outcome in outcomes:
        value = _known_number(members[outcome.column])
        columns[f"{outcome.column}_y"] = value.coalesce(0.0)
        columns[f"{outcome.column}_m"] = value.notnull().cast("float64")
    return members.select(**columns)


def read_arm_totals(rows: Iterable[Mapping[str, Any]], outcomes: Sequence[Outcome]) -> dict[str, ArmTotals]:
    """Turn the rows of `arm_totals`, fetched as dictionaries, into totals by arm, arms sorted."""
    arms = [_read_arm(row, outcomes) for row in rows]
    return {totals.arm: totals for totals in sorted(arms, key=lambda totals: totals.arm)}


def _read_arm(row: Mapping[str, Any], outcomes: Sequence[Outcome]) -> ArmTotals:
    return ArmTotals(
        arm=str(row["arm"]),
        size=int(row["size"]),
        outcomes={outcome.column: _read_outcome(row, outcome) for outcome in outcomes},
        households=int(row["households"]) if "households" in row else None,
    )


def _read_outcome(row: Mapping[str, Any], outcome: Outcome) -> OutcomeTotals:
    def number(part: str) -> float:
        value = row[f"{outcome.column}_{part}"]
        return 0.0 if value is None else float(value)

    covariate = clusters = None
    if outcome.covariate is not None:
        covariate = CovariateTotals(
            count=int(number("covariate_count")),
            total=number("covariate_total"),
            total_squares=number("covariate_squares"),
            outcome_total=number("covariate_outcome"),
            product=number("covariate_product"),
        )
    if "households" in row:
        clusters = ClusterTotals(
            count=int(number("cluster_count")),
            outcome_squares=number("cluster_squares"),
            size_squares=number("cluster_sizes"),
            product=number("cluster_product"),
        )
    return OutcomeTotals(int(number("count")), number("total"), number("total_squares"), covariate, clusters)
