"""Asking again and again with some clients at once, and what the times say."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import ceil
from random import Random

Act = Callable[[Random], None]
Client = Callable[[], AbstractContextManager[Act]]
WARM_UP = 3
LEAST_ACTS = 5


@dataclass(frozen=True)
class Times:
    """How long the acts took, in milliseconds, sorted."""

    milliseconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        return self.quantile(0.50)

    @property
    def p95(self) -> float:
        return self.quantile(0.95)

    def quantile(self, share: float) -> float:
        """Return the smallest time that this share of the acts kept to."""
        return self.milliseconds[max(0, ceil(len(self.milliseconds) * share) - 1)]


def ask(client: Client, *, clients: int, seconds: float) -> Times:
    """Let some clients act for some seconds, each at its next turn as soon as the last one ended."""
    with ThreadPoolExecutor(clients) as pool:
        rounds = [pool.submit(_turns, client, Random(number), seconds) for number in range(clients)]
        return Times(tuple(sorted(taken for each in rounds for taken in each.result())))


def _turns(client: Client, chance: Random, seconds: float) -> list[float]:
    taken: list[float] = []
    with client() as act:
        for _number in range(WARM_UP):
            act(chance)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or len(taken) < LEAST_ACTS:
            begun = time.perf_counter()
            act(chance)
            taken.append((time.perf_counter() - begun) * 1000)
    return taken


def timed(work: Callable[[], object], *, times: int = 1) -> Times:
    """Do a piece of work some times."""
    taken = []
    for _number in range(times):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return Times(tuple(sorted(taken)))
