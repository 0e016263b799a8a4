"""What differs between two texts, part by part, as a person reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Part:
    """A part of two texts: in both, taken out of the first, or put into the second."""

    text: str
    is_out: bool = False
    is_in: bool = False


def differences(before: str, after: str) -> Sequence[Part]:
    """Return the parts of which two texts are made, in order; together those not put in are the text before."""
    found: list[Part] = []
    for what, first, end, second, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Part(before[first:end]))
            continue
        if end > first:
            found.append(Part(before[first:end], is_out=True))
        if stop > second:
            found.append(Part(after[second:stop], is_in=True))
    return found
