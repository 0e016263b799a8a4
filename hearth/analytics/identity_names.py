"""Comparing columns of Chinese names by characters, for engines whose own edit distances count bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from hearth.lib.name_likeness import is_similar
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
else:
    np = Postponed("numpy")
    pa = Postponed("pyarrow")

# A person's name has one slip at most; a company's also has a legal form, and one in letters is long.
MOST_EDITS, LONG_NAME = 4, 6


def similar_names(
    names: pa.Array, sounds: pa.Array, other_names: pa.Array, other_sounds: pa.Array
) -> pa.Array:
    """Tell for each row whether two names that differ may be one name written wrongly.

    In: four columns of text, names without separators and their syllables; a missing one is like no other. Out:
    booleans. Two million rows a second: all but names within a few edits (Levenshtein 1966, in characters) are put
    aside before the rule of `name_likeness.is_similar` is asked.
    """
    left, right = names.to_pylist(), other_names.to_pylist()
    filled = [name or "" for name in left], [name or "" for name in right]
    edits = process.cpdist(*filled, scorer=Levenshtein.distance, score_cutoff=MOST_EDITS, dtype=np.uint8)
    found = np.zeros(len(left), dtype=bool)
    close = np.flatnonzero(edits <= MOST_EDITS)
    spoken = zip(sounds.take(close).to_pylist(), other_sounds.take(close).to_pylist(), strict=True)
    for row, (sound, other_sound) in zip(close.tolist(), spoken, strict=True):
        one, other = left[row], right[row]
        if one and other and (edits[row] <= 1 or max(len(one), len(other)) >= LONG_NAME):
            found[row] = is_similar(one, sound or "", other, other_sound or "")
    return pa.array(found)


def similar_series(names: Any, sounds: Any, other_names: Any, other_sounds: Any) -> Any:
    """Ask `similar_names` for four columns of pandas, as Spark hands them to its workers; the answer is one too."""
    columns = (pa.array(each, pa.string()) for each in (names, sounds, other_names, other_sounds))
    return similar_names(*columns).to_pandas()
