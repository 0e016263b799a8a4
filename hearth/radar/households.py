"""Which cases are of one household: it speaks with one voice, through whichever of its members and homes."""

from collections.abc import Hashable, Sequence
from typing import Any

SPEAKERS = ("unit_id", "customer_id", "customer__household_id")


def number_households(rows: Sequence[Any]) -> list[int]:
    """Number the households of cases, from 0: whoever is joined by a household, a customer or a home is one.

    :param rows: named tuples with `SPEAKERS`, at least one of them not None
    """
    parents: dict[Hashable, Hashable] = {}

    def root(key: Hashable) -> Hashable:
        while parents.setdefault(key, key) != key:
            parents[key] = parents[parents[key]]
            key = parents[key]
        return key

    keys = [[(name, pk) for name in SPEAKERS if (pk := getattr(row, name))] for row in rows]
    for first, *others in keys:
        for other in others:
            parents[root(other)] = root(first)
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(root(each[0]), len(numbers)) for each in keys]
