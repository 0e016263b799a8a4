"""Seeded chance for single draws: uniform numbers drawn a few thousand at a time, handed out one by one."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import exp, log
from statistics import NormalDist
from typing import TYPE_CHECKING, Generic, TypeVar

from hearth.postponed import Postponed

if TYPE_CHECKING:
    import numpy as np
else:
    np = Postponed("numpy")

Item = TypeVar("Item")
BATCH = 4_096
_NORMAL = NormalDist()


class Dice:
    """A stream of draws that depends on its seeds alone; different seeds give independent streams."""

    def __init__(self, *seeds: int) -> None:
        """Begin the stream of these seeds."""
        self._source = np.random.default_rng(seeds)
        self._drawn: list[float] = []

    def uniform(self) -> float:
        """Draw from [0, 1)."""
        if not self._drawn:
            self._drawn = self._source.random(BATCH).tolist()
        return self._drawn.pop()

    def chance(self, probability: float) -> bool:
        return self.uniform() < probability

    def between(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return low + int(self.uniform() * (high - low + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        return items[int(self.uniform() * len(items))]

    def weighted(self, table: "Weighted[Item]") -> Item:
        return table.at(self.uniform())

    def normal(self) -> float:
        return _NORMAL.inv_cdf(min(max(self.uniform(), 1e-12), 1 - 1e-12))

    def waiting(self, mean: float) -> float:
        """Draw an exponential waiting time."""
        return -mean * log(1 - self.uniform())

    def skewed(self, median: float, spread: float) -> float:
        """Draw a log-normal value: most near the median, few far above it."""
        return median * exp(spread * self.normal())

    def count(self, mean: float) -> int:
        """Draw a Poisson number (Knuth 1969); meant for small means."""
        limit, product, number = exp(-mean), self.uniform(), 0
        while product > limit:
            product *= self.uniform()
            number += 1
        return number

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        return [items[place] for place in self._source.permutation(len(items)).tolist()]


class Weighted(Generic[Item]):
    """Items with weights, prepared for many draws."""

    def __init__(self, weights: dict[Item, float]) -> None:
        """Keep the items with their share of the whole."""
        self._items = list(weights)
        total = sum(weights.values())
        self._bounds = [bound / total for bound in accumulate(weights.values())]

    def at(self, place: float) -> Item:
        """Return the item at a place in [0, 1)."""
        return self._items[min(bisect_right(self._bounds, place), len(self._items) - 1)]
