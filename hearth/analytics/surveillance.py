"""Surveillance of weekly or daily counts: whether what was counted now is more than the past lets expect.

EARS C1, C2 and C3 (Hutwagner et al. 2003) and the CUSUM of Rossi et al. (1999), with the names and defaults of R's
package `surveillance`, whose answers they give. Every function works on many series at once: rows are series, columns
are times.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

from hearth.postponed import Postponed

if TYPE_CHECKING:
    import numpy as np

    from hearth.analytics.voices import Real, Truth, Whole
else:
    np = Postponed("numpy")

Method = Literal["C1", "C2", "C3"]
BASELINE, LAG = 7, 2
ALPHA: dict[Method, float] = {"C1": 0.001, "C2": 0.001, "C3": 0.025}


@dataclass(frozen=True, slots=True)
class Surveillance:
    """The bound of each series at each time, `nan` before there is a past, and whether the count is above it."""

    upperbound: Real
    alarm: Truth


def ears(
    counts: Whole, method: Method, *, baseline: int = BASELINE, alpha: float | None = None
) -> Surveillance:
    """Judge each count by the mean and deviation of the `baseline` counts before it; C2 and C3 leave two out between.

    :param counts: series x times
    :raises ValueError: if there is no past to judge by
    """
    lag = 0 if method == "C1" else LAG
    if baseline < 2:
        raise ValueError("a baseline of two at least")
    limit = NormalDist().inv_cdf(1 - (ALPHA[method] if alpha is None else alpha))
    observed = np.asarray(counts, dtype=float)
    mean, deviation = np.full(observed.shape, np.nan), np.full(observed.shape, np.nan)
    first = baseline + lag
    if observed.shape[1] > first:
        windows = np.lib.stride_tricks.sliding_window_view(observed, baseline, axis=1)
        past = windows[:, : observed.shape[1] - first]
        mean[:, first:], deviation[:, first:] = past.mean(axis=2), past.std(axis=2, ddof=1)
    if method != "C3":
        bound = mean + limit * deviation
        return Surveillance(bound, observed > bound)
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = np.maximum((observed - mean) / deviation - 1, 0)
    excess = np.where(deviation == 0, np.where(observed > mean, np.inf, 0), excess)
    before = np.zeros(observed.shape)
    before[:, 2:] = np.nan_to_num(excess[:, 1:-1], posinf=np.inf) + np.nan_to_num(
        excess[:, :-2], posinf=np.inf
    )
    with np.errstate(invalid="ignore"):
        bound = np.maximum(observed + deviation * (limit - before), 0)
    return Surveillance(bound, observed > bound)


REFERENCE, DECISION = 1.04, 2.26


def cusum(
    counts: Whole, weeks: range, *, reference: float = REFERENCE, decision: float = DECISION
) -> Surveillance:
    """Sum up, week after week, by how much each count is above the mean of the time before the first of them.

    Counts are made normal by the transformation of Rossi, for which the mean must not be 0: such a series has no bound.

    :param counts: series x weeks
    :param weeks: numbers of columns, one after the other
    :param reference: what a week may be above the mean and still add nothing
    :param decision: from which sum on there is an alarm
    """
    observed = np.asarray(counts, dtype=float)
    bounds = np.full(observed.shape, np.nan)
    alarm = np.zeros(observed.shape, dtype=bool)
    if not weeks or not weeks[0]:
        return Surveillance(bounds, alarm)
    root = np.sqrt(observed[:, : weeks[0]].mean(axis=1))
    root[root == 0] = np.nan
    total = np.zeros(len(observed))
    for week in weeks:
        needed = np.maximum(4 * root**2 + 2 * root * (decision - total + reference), root**2)
        bounds[:, week] = (np.sqrt(needed) - root) ** 2
        counted = observed[:, week]
        normal = (counted - 3 * root**2 + 2 * root * np.sqrt(counted)) / (2 * root)
        total = np.fmax(0, total + normal - reference)
        alarm[:, week] = total >= decision
    return Surveillance(bounds, alarm)
