"""From likely pairs to groups of records that are one person, and how good the groups are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hearth.postponed import Postponed

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.compute as pc
else:
    pa = Postponed("pyarrow")
    pc = Postponed("pyarrow.compute")


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a record can contradict another; None or empty text where nothing is known."""

    kind: str = ""
    identity: int | None = None
    sex: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records and the weight of their being one person, in bits."""

    left: int
    right: int
    weight: float


def facts_of(people: pa.Table, records: Iterable[int]) -> dict[int, Facts]:
    """Return what may contradict of some records of `people` (columns of `identity.COLUMNS`)."""
    wanted = pc.is_in(people["person_id"], pa.array(sorted(set(records)), pa.int64()))
    columns = people.select(["person_id", "kind", "identity", "sex", "birth_date"]).filter(wanted)
    rows = zip(*(column.to_pylist() for column in columns.columns), strict=True)
    return {
        record: Facts(kind or "", identity, sex or "", born) for record, kind, identity, sex, born in rows
    }


def contradict(one: Facts, other: Facts) -> bool:
    """Tell whether two records cannot be one person.

    A person and a company; two identity numbers; two sexes, or two dates of birth with less than two of year, month
    and day in common and not merely day and month exchanged, unless the identity number is the same.
    """
    if one.kind != other.kind:
        return True
    if one.identity and other.identity:
        return one.identity != other.identity
    if one.sex and other.sex and one.sex != other.sex:
        return True
    if one.birth_date is None or other.birth_date is None:
        return False
    return not near_dates(one.birth_date, other.birth_date)


def near_dates(one: date, other: date) -> bool:
    """Tell whether two dates may be one written wrongly: two of three parts agree, or day and month are exchanged."""
    common = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    return common >= 2 or (one.year == other.year and (one.month, one.day) == (other.day, other.month))


def cluster(pairs: Iterable[Pair], facts: Mapping[int, Facts]) -> list[list[int]]:
    """Join records into groups of one person each, by union-find (Tarjan 1975), the surest pair first.

    A join is refused when any record of the one group contradicts any of the other, so that two identity numbers
    never end in one group, however long the chain between them. Returns the groups of two and more, sorted.
    """
    parent: dict[int, int] = {}
    members: dict[int, list[int]] = {}

    def find(record: int) -> int:
        root = record
        while parent.setdefault(root, root) != root:
            root = parent[root]
        while parent[record] != root:
            parent[record], record = root, parent[record]
        return root

    for pair in sorted(pairs, key=lambda pair: (-pair.weight, pair.left, pair.right)):
        left, right = find(pair.left), find(pair.right)
        if left == right:
            continue
        ours, theirs = members.get(left, [left]), members.get(right, [right])
        if any(contradict(facts[one], facts[other]) for one in ours for other in theirs):
            continue
        parent[right] = left
        members[left] = ours + theirs
        members.pop(right, None)
    return sorted(sorted(group) for group in members.values())


@dataclass(frozen=True)
class Accuracy:
    """Shares over pairs of records: of those found how many are true, of the true how many were found."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Return the harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def accuracy(groups: Iterable[Iterable[int]], truth: Mapping[int, Hashable]) -> Accuracy:
    """Compare groups with the truth (who each record is) over all pairs within groups; nothing found is precise."""
    found = true_found = 0
    for group in groups:
        counts = Counter(truth[record] for record in group)
        found += _pairs(sum(counts.values()))
        true_found += sum(_pairs(count) for count in counts.values())
    true = sum(_pairs(count) for count in Counter(truth.values()).values())
    return Accuracy(true_found / found if found else 1.0, true_found / true if true else 1.0)


def _pairs(records: int) -> int:
    return records * (records - 1) // 2
