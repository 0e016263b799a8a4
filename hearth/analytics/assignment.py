"""Assignment of households to the arms of an experiment, the same for ever.

No random numbers are drawn or stored: a household's position follows from the experiment's salt and
the household's key, so it can be recomputed and checked at any later time. Members of a household
always share an arm, since neighbours at one table talk about the gift only one of them was offered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

from hearth.analytics.experiments import SampleRatio, sample_ratio_check

Shares = Sequence[tuple[str, Decimal]]


def position(salt: str, household_key: str) -> Fraction:
    """Give the household's place in [0, 1), uniform over households and independent between salts.

    The first 8 bytes, big-endian, of SHA-256 over `<bytes in salt>:<salt>:<household_key>` in UTF-8,
    divided by 2⁶⁴. The length in front keeps ("a", "b:c") apart from ("a:b", "c"). This recipe never
    changes: people would change arms in the middle of an experiment. Keys are taken byte for byte.
    """
    if not salt or not household_key:
        raise ValueError("a salt and a household key are needed")
    message = f"{len(salt.encode())}:{salt}:{household_key}".encode()
    return Fraction(int.from_bytes(sha256(message).digest()[:8], "big"), 2**64)


def assign_arm(salt: str, household_key: str, shares: Shares) -> str:
    """Give the arm of a household.

    `shares` are (arm, share) in a fixed order and add up to exactly 1; the arms follow one another
    on [0, 1). Adding a share at the end taken from the last arm moves only that arm's households.
    """
    _require_shares(shares)
    place, upper = position(salt, household_key), Fraction(0)
    for arm, share in shares:
        upper += Fraction(share)
        if place < upper:
            return arm
    raise AssertionError("shares add up to 1 and every place is below 1")


def uniformity_check(salt: str, household_keys: Iterable[str], *, bins: int = 20) -> SampleRatio:
    """Check that these keys fall evenly over [0, 1): χ² over equal bins, alarm below p = .001.

    Keys that repeat or are padded in one source and not in another are the usual cause of an alarm.
    Wants at least 5 keys per bin (Cochran 1954).
    """
    counts = Counter(str(int(position(salt, key) * bins)) for key in household_keys)
    if counts.total() < 5 * bins:
        raise ValueError("too few keys for that many bins")
    return sample_ratio_check(counts, {str(index): 1 / bins for index in range(bins)})


def _require_shares(shares: Shares) -> None:
    arms = [arm for arm, _ in shares]
    if len(set(arms)) != len(arms):
        raise ValueError("an arm is named twice")
    if any(share <= 0 for _, share in shares) or sum(share for _, share in shares) != 1:
        raise ValueError("shares are above 0 and add up to exactly 1")
