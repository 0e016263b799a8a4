"""Which instalments the money of a contract pays, computed from all that came in and went back.

Only sums count, so that the order in which receipts are recorded changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

Key = TypeVar("Key")
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Due(Generic[Key]):
    """An instalment as far as money is put on it; without a day it comes last."""

    key: Key
    position: int
    amount: Decimal
    due_date: date | None


@dataclass(frozen=True)
class Allocation(Generic[Key]):
    """What is paid on each instalment, and what is left when all are; negative if more went back than came in."""

    paid: Mapping[Key, Decimal]
    unallocated: Decimal


def allocate(dues: Sequence[Due[Key]], received: Decimal, named: Mapping[Key, Decimal]) -> Allocation[Key]:
    """Put money on instalments: what was said to be for one there first, the rest on the oldest due.

    What is named for an instalment beyond its amount goes the way of the rest. Where more went back than the rest
    holds, it is taken from what is due last.

    :param received: all that came in less all that went back, in yuan
    :param named: the part of it that was said to be for an instalment, in less out, by its key
    """
    oldest = sorted(dues, key=lambda due: (due.due_date is None, due.due_date or date.max, due.position))
    paid = {due.key: min(max(named.get(due.key, NOTHING), NOTHING), due.amount) for due in oldest}
    rest = received - sum(paid.values(), NOTHING)
    for due in oldest if rest > 0 else ():
        more = min(rest, due.amount - paid[due.key])
        paid[due.key] += more
        rest -= more
    for due in reversed(oldest) if rest < 0 else ():
        less = min(-rest, paid[due.key])
        paid[due.key] -= less
        rest += less
    return Allocation(paid, rest)
