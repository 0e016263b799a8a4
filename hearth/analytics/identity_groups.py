"""From the pairs an engine scored to what is told: groups that are one person, and pairs for a person to judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hearth.analytics.identity import IdentityModel
from hearth.analytics.identity_clusters import Pair, cluster, contradict, facts_of
from hearth.analytics.identity_signs import of_one_person, signs_of, with_levels, worth_a_look

if TYPE_CHECKING:
    import pyarrow as pa

# Bits of evidence above even odds: 4 are a probability of .94, and a group must be right far more often than a hint.
SURE_WEIGHT = 4.0
LEAST_WEIGHT = 0.0


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two records that may be one person: probability from 0 to 1, and what agrees, the weightiest first."""

    left: int
    right: int
    probability: float
    signs: tuple[str, ...]


def group(people: pa.Table, scored: pa.Table, model: IdentityModel) -> list[list[int]]:
    """Return the groups of records that are one person; see `identity_clusters.cluster`.

    In: `people` as `identity.COLUMNS`; `scored` with `person_id_l`, `person_id_r`, `match_weight` (bits), `gamma_*`.
    """
    sure = of_one_person(with_levels(scored, model))
    columns = (sure[name].to_pylist() for name in ("person_id_l", "person_id_r", "match_weight"))
    pairs = [Pair(*row) for row in zip(*columns, strict=True) if row[2] >= SURE_WEIGHT]
    return cluster(pairs, facts_of(people, (record for pair in pairs for record in (pair.left, pair.right))))


def likely_pairs(people: pa.Table, scored: pa.Table, model: IdentityModel) -> list[LikelyPair]:
    """Return the pairs that a person should judge, the likeliest first; none whose records contradict each other."""
    rows = worth_a_look(with_levels(scored, model)).to_pylist()
    rows = [row for row in rows if row["match_weight"] >= LEAST_WEIGHT]
    facts = facts_of(people, (row[side] for row in rows for side in ("person_id_l", "person_id_r")))
    found = [
        LikelyPair(
            row["person_id_l"],
            row["person_id_r"],
            row["match_probability"],
            tuple(signs_of(row, model)),
        )
        for row in rows
        if not contradict(facts[row["person_id_l"]], facts[row["person_id_r"]])
    ]
    return sorted(found, key=lambda pair: (-pair.probability, pair.left, pair.right))
