"""How many customers a test of two shares needs, and what a given number can find."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from hearth.postponed import Postponed

if TYPE_CHECKING:
    from scipy import optimize
else:
    optimize = Postponed("scipy.optimize")


@dataclass(frozen=True)
class SampleSize:
    """Members needed in each arm."""

    control: int
    treated: int

    @property
    def total(self) -> int:
        """Members needed in both arms."""
        return self.control + self.treated


def sample_size_two_proportions(
    baseline: float,
    lift_points: float,
    share_control: float,
    power: float = 0.8,
    alpha: float = 0.05,
    *,
    design_effect: float = 1.0,
) -> SampleSize:
    """Give the smallest arms that find a lift with the wanted power.

    `baseline` is the control arm's share of responders; `lift_points` the difference of the two
    shares, up or down: .015 is one and a half points. `share_control` is the part of all members
    that is held back. `alpha` is two-sided. `design_effect` is the variance with households over
    the variance without (1 if members were assigned one by one). Pooled variance under equal
    shares, unpooled under the lift, no continuity correction: Fleiss, Levin, Paik 2003, section 4.
    """
    _require_share(share_control=share_control, power=power, alpha=alpha)
    if design_effect < 1:
        raise ValueError("a design effect is at least 1")
    needed = design_effect * _total_size(baseline, lift_points, share_control, power, alpha)
    # A hair below an integer is that integer: the formula is exact, floating point is not.
    control = math.ceil(needed * share_control - 1e-9)
    return SampleSize(control, math.ceil(needed * (1 - share_control) - 1e-9))


def detectable_lift(
    baseline: float,
    size: int,
    share_control: float,
    power: float = 0.8,
    alpha: float = 0.05,
    *,
    design_effect: float = 1.0,
) -> float:
    """Give the smallest upward difference of shares that `size` members in both arms can find.

    Parameters as in `sample_size_two_proportions`, whose inverse this is; the result too is a
    difference of shares. Infinite if even a lift to 100 % would be missed.
    """
    _require_share(share_control=share_control, power=power, alpha=alpha)

    def shortage(lift: float) -> float:
        return design_effect * _total_size(baseline, lift, share_control, power, alpha) - size

    largest = 1 - baseline
    if size < 2 or largest <= 0 or shortage(largest) > 0:
        return math.inf
    smallest = largest * 1e-9
    if shortage(smallest) <= 0:
        return smallest
    return float(optimize.brentq(shortage, smallest, largest, xtol=1e-12))


def detectable_difference(standard_error: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """Give the smallest difference a comparison with this standard error can find.

    For any outcome, in its unit, also clustered or adjusted ones: (z₁₋α⁄₂ + z_power) · error,
    with `alpha` two-sided. Bloom 1995.
    """
    _require_share(power=power, alpha=alpha)
    normal = NormalDist()
    return (normal.inv_cdf(1 - alpha / 2) + normal.inv_cdf(power)) * standard_error


def _total_size(baseline: float, lift: float, share_control: float, power: float, alpha: float) -> float:
    treated = baseline + lift
    if not (0 <= baseline <= 1 and 0 <= treated <= 1) or lift == 0:
        raise ValueError("both shares lie between 0 and 1 and differ")
    normal = NormalDist()
    pooled = share_control * baseline + (1 - share_control) * treated
    under_equal = pooled * (1 - pooled) / (share_control * (1 - share_control))
    under_lift = baseline * (1 - baseline) / share_control + treated * (1 - treated) / (1 - share_control)
    reach = normal.inv_cdf(1 - alpha / 2) * math.sqrt(under_equal) + normal.inv_cdf(power) * math.sqrt(
        under_lift
    )
    return (reach / lift) ** 2


def _require_share(**shares: float) -> None:
    for name, share in shares.items():
        if not 0 < share < 1:
            raise ValueError(f"{name} lies between 0 and 1")
