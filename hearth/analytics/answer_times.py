"""How long customers wait for an answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hearth.analytics.instants import as_of_literal, seconds_between
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Postponed("ibis")
    ir = Postponed("ibis.expr.types")

QUANTILES = {"p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95}
LIMITS = {"24h": 24.0, "48h": 48.0, "7d": 168.0}


@dataclass(frozen=True)
class LogBins:
    """Bins of equal width on a logarithmic scale, in hours, with open ones at both ends.

    By default from 6 minutes to about 42 days, four to a power of ten.
    """

    lowest: float = 0.1
    per_decade: int = 4
    decades: int = 4

    def edges(self) -> list[float]:
        """Give the edges in hours, ascending; bin i lies from edge i − 1 to below edge i."""
        count = self.per_decade * self.decades
        return [self.lowest * 10 ** (index / self.per_decade) for index in range(count + 1)]


def waiting_times(messages: ir.Table, *, as_of: datetime) -> ir.Table:
    """Give each message's waiting time as it stood at `as_of`.

    In, one row per message: `asked_at`, `answered_at` (instants, missing while unanswered), any other
    columns. Out, the same rows with `waited_hours` (to the answer, missing if none by `as_of`),
    `age_hours` (to `as_of`). Messages without `asked_at` or asked after `as_of` are left out, as are
    answers older than their question: clocks that were wrong say nothing about service.
    """
    moment = as_of_literal(as_of, messages.asked_at)
    asked = messages.filter(
        messages.asked_at <= moment,
        messages.answered_at.isnull() | (messages.answered_at >= messages.asked_at),
    )
    answered_by_then = asked.answered_at <= as_of_literal(as_of, asked.answered_at)
    waited = seconds_between(asked.asked_at, asked.answered_at) / 3600
    return asked.mutate(
        waited_hours=answered_by_then.ifelse(waited, ibis.null("float64")),
        age_hours=seconds_between(asked.asked_at, moment) / 3600,
    )


def answer_times(
    waits: ir.Table, *, by: Sequence[str] = (), limits: Mapping[str, float] | None = None
) -> ir.Table:
    """Describe the distribution of waiting times.

    In: `waits` from `waiting_times`. Out, one row per combination of the `by` columns (one row in all
    without): `messages`, `answered`, `mean_hours`, quantiles `p10_hours` to `p95_hours` (type 7 of
    Hyndman and Fan 1996), all over those answered; for each limit (label to hours) `within_<label>`,
    a share of 0 to 1, and `due_<label>`, the messages it is a share of.

    A share counts each message that was answered or has had its full time: unanswered ones whose
    limit has passed are failures, younger ones are not yet anything. Missing where nothing is due.
    """
    hours = waits.waited_hours
    quantiles = {f"{name}_hours": hours.quantile(share) for name, share in QUANTILES.items()}
    shares: dict[str, Any] = {}
    for label, limit in (LIMITS if limits is None else limits).items():
        due = hours.notnull() | (waits.age_hours > limit)
        within = hours.notnull() & (hours <= limit)
        shares[f"due_{label}"] = due.sum().coalesce(0)
        shares[f"within_{label}"] = within.cast("float64").mean(where=due)
    return waits.aggregate(
        by=list(by),
        messages=waits.count(),
        answered=hours.count(),
        mean_hours=hours.mean(),
        **quantiles,
        **shares,
    )


def answer_histogram(waits: ir.Table, *, by: Sequence[str] = (), bins: LogBins | None = None) -> ir.Table:
    """Count answered messages by waiting time on logarithmic bins.

    In: `waits` from `waiting_times`. Out, one row per `by` combination and bin that has messages:
    `bin` (0 is below the lowest edge), `from_hours` (0 for the lowest), `below_hours` (infinite for the
    highest), `messages`. Unanswered messages are not counted.
    """
    edges = (bins or LogBins()).edges()
    answered = waits.filter(waits.waited_hours.notnull())
    branches = [
        (answered.waited_hours >= edge, ibis.literal(index, type="int64"))
        for index, edge in reversed(list(enumerate(edges, start=1)))
    ]
    binned = answered.mutate(bin=ibis.cases(*branches, else_=ibis.literal(0, type="int64")))
    counted = binned.aggregate(by=[*by, "bin"], messages=binned.count())
    bounds = list(enumerate(pairwise([0.0, *edges, math.inf])))
    return counted.mutate(
        from_hours=ibis.cases(*[(counted["bin"] == index, low) for index, (low, _) in bounds]),
        below_hours=ibis.cases(*[(counted["bin"] == index, high) for index, (_, high) in bounds]),
    )
