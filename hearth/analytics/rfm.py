"""Recency, frequency and monetary scores.

Hughes 1994, "Strategic Database Marketing". A score is 1 + the number of quantiles below the value,
with quantiles after type 7 of Hyndman and Fan 1996: equal values always share a score, whatever the
engine and however its rows are ordered, which equal-sized groups would not give. The cut points of a
run are values of their own, to be stored with it: a customer scored later by the same cut points is
comparable, and a score can be explained.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hearth.analytics.cut_points import quantile_cuts
from hearth.analytics.instants import as_of_literal, whole_days_since
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Postponed("ibis")
    ir = Postponed("ibis.expr.types")

MEASURES = ("recency_days", "frequency", "monetary_amount")


@dataclass(frozen=True)
class RfmCutPoints:
    """The cut points of a scoring run, ascending: days, purchases, yuan.

    k cut points give the scores 1 to k + 1; equal neighbours leave scores between them unused.
    """

    recency_days: tuple[float, ...]
    frequency: tuple[float, ...]
    monetary_amount: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse cut points that would not give one scale."""
        lengths = {len(getattr(self, measure)) for measure in MEASURES}
        if len(lengths) != 1 or lengths == {0}:
            raise ValueError("the three measures need equally many cut points")
        if any(low > high for measure in MEASURES for low, high in pairwise(getattr(self, measure))):
            raise ValueError("cut points ascend")

    @property
    def bins(self) -> int:
        """The highest score."""
        return len(self.recency_days) + 1

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> RfmCutPoints:
        """Read the row that `rfm_cut_points` gives, missing values None.

        :raises ValueError: if there was no customer to take quantiles of
        """
        bins = len(row) // len(MEASURES) + 1
        names = {measure: [f"{measure}_cut_{index}" for index in range(1, bins)] for measure in MEASURES}
        if any(row[name] is None for each in names.values() for name in each):
            raise ValueError("no customer has purchases to take quantiles of")
        return cls(**{measure: tuple(float(row[name]) for name in each) for measure, each in names.items()})

    def to_json(self) -> dict[str, list[float]]:
        """Give values that JSON can hold."""
        return {measure: list(cuts) for measure, cuts in asdict(self).items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, list[float]]) -> RfmCutPoints:
        """Read what `to_json` gave."""
        return cls(**{measure: tuple(stored[measure]) for measure in MEASURES})


def purchase_summary(purchases: ir.Table, *, as_of: datetime) -> ir.Table:
    """Sum up each customer's purchases.

    In, one row per purchase: `customer_id`, `occurred_at` (instant; without a zone it is UTC),
    `amount` (yuan). Out, one row per customer with a purchase: `customer_id`, `recency_days` (whole
    days of 24 hours from the last one), `frequency` (purchases), `monetary_amount` (yuan, float).

    Purchases after `as_of`, without customer or without time are left out. A missing amount counts
    as a purchase of nothing.
    """
    moment = as_of_literal(as_of, purchases.occurred_at)
    known = purchases.filter(purchases.customer_id.notnull(), purchases.occurred_at <= moment)
    summed = known.group_by("customer_id").aggregate(
        last_at=known.occurred_at.max(),
        frequency=known.count(),
        monetary_amount=known.amount.sum().coalesce(0).cast("float64"),
    )
    return summed.select(
        "customer_id",
        recency_days=whole_days_since(summed.last_at, as_of),
        frequency=summed.frequency,
        monetary_amount=summed.monetary_amount,
    )


def rfm_cut_points(summary: ir.Table, *, bins: int = 5) -> ir.Table:
    """Take the quantiles that divide the customers into `bins` parts by each measure.

    In: the columns of `purchase_summary`. Out: one row, `<measure>_cut_1` to `_cut_<bins − 1>`, all
    missing if there is no customer. Missing values are not counted.
    """
    if bins < 2:
        raise ValueError("scores need at least two bins")
    return quantile_cuts(
        summary,
        {
            f"{measure}_cut_{index}": (measure, index / bins)
            for measure in MEASURES
            for index in range(1, bins)
        },
    )


def rfm_scores(summary: ir.Table, cut_points: RfmCutPoints) -> ir.Table:
    """Score each customer by stored cut points.

    In: the columns of `purchase_summary`. Out: the same rows and columns with `recency_score`,
    `frequency_score`, `monetary_score` (1 lowest, recent is high) and `rfm_score`, their digits side
    by side as a number: 5 4 3 is 543. A missing value has a missing score.
    """
    if cut_points.bins > 9:
        raise ValueError("a score has one digit")
    scored = summary.mutate(
        recency_score=cut_points.bins + 1 - _score(summary.recency_days, cut_points.recency_days),
        frequency_score=_score(summary.frequency, cut_points.frequency),
        monetary_score=_score(summary.monetary_amount, cut_points.monetary_amount),
    )
    digits = scored.recency_score * 100 + scored.frequency_score * 10 + scored.monetary_score
    return scored.mutate(rfm_score=digits.cast("int64"))


def _score(value: ir.Column, cut_points: tuple[float, ...]) -> ir.Column:
    """Count the cut points below the value, as one case expression from the highest down."""
    number = value.cast("float64")
    branches = [
        (number > cut, ibis.literal(rank + 1, type="int64"))
        for rank, cut in reversed(list(enumerate(cut_points, start=1)))
    ]
    known = ibis.cases(*branches, else_=ibis.literal(1, type="int64"))
    return number.isnull().ifelse(ibis.null("int64"), known)
