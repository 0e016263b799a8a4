"""What is usual for a person or for people of one role, told so that a few wild days do not move it."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

FEWEST_DAYS = 5
# Makes the median absolute deviation of a normal distribution its standard deviation (Hampel 1974).
_NORMAL = 1.4826
# Nobody works so evenly that one record more were unusual.
_LEAST_SHARE, _LEAST = 0.1, 1.0


@dataclass(frozen=True)
class Habit:
    """The median and the robust deviation of the highest count within a window, over past days with any."""

    median: float
    deviation: float
    days: int

    @classmethod
    def of(cls, peaks: Sequence[int]) -> "Habit | None":
        """Return the habit that days show; None for too few of them."""
        if len(peaks) < FEWEST_DAYS:
            return None
        middle = median(peaks)
        spread = _NORMAL * median(abs(peak - middle) for peak in peaks)
        return cls(middle, max(spread, _LEAST_SHARE * middle, _LEAST), len(peaks))

    def is_far_below(self, number: int, factor: float) -> bool:
        """Tell whether a count stands more than so many deviations above what is usual."""
        return number > self.median + factor * self.deviation


def is_unusual(
    number: int, *, own: Habit | None, own_factor: float, peers: Habit | None, peer_factor: float
) -> bool:
    """Tell whether a count is far above both habits, as far as they are known."""
    return (own is None or own.is_far_below(number, own_factor)) and (
        peers is None or peers.is_far_below(number, peer_factor)
    )
