"""Gathering the table `people` of `identity.COLUMNS`, from wherever records come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hearth.analytics.identity import COLUMNS
from hearth.lib.name_likeness import COURTESIES, surname_of
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import ibis
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
else:
    ibis = Postponed("ibis")
    np = Postponed("numpy")
    pa = Postponed("pyarrow")
    pc = Postponed("pyarrow.compute")

# A phone of more people than this belongs to an agency or a switchboard and says nothing of any of them.
MOST_HOLDERS = 8
SHARED = ("phones", "phone_ends", "emails", "homes", "buildings")
LIMITED = ("phones", "emails", "homes")
BLOCK_ROWS = 50_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One record to compare. `name_key` is its sorting key; tokens are numbers that stand for values."""

    person_id: int
    name_key: str
    kind: str = "person"
    sex: str = ""
    birth_date: date | None = None
    identity: int | None = None
    household: int | None = None
    phones: Sequence[int] = ()
    phone_ends: Sequence[int] = ()
    emails: Sequence[int] = ()
    homes: Sequence[int] = ()
    buildings: Sequence[int] = ()


@dataclass
class People:
    """Columns that grow record by record, and are put away block by block: a million records take 200 MB."""

    columns: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    blocks: list[pa.Table] = field(default_factory=list)

    def add(self, person: Person) -> None:
        """Take in a record; an empty value becomes null."""
        sound, name, surname, is_courtesy = _parts(person.name_key)
        row: dict[str, Any] = {
            "person_id": person.person_id,
            "kind": person.kind,
            "name": name or None,
            "sound": sound or None,
            "surname": surname or None,
            "is_courtesy": is_courtesy,
            "sex": person.sex or None,
            "birth_date": person.birth_date,
            "identity": person.identity,
            "phone": None,
            "household": person.household,
        }
        row |= {column: list(getattr(person, column)) or None for column in SHARED}
        for column, value in row.items():
            self.columns[column].append(value)
        if len(self.columns["person_id"]) == BLOCK_ROWS:
            self._put_away()

    def to_arrow(self) -> pa.Table:
        """Return the table; a phone, e-mail or home that more than `MOST_HOLDERS` records share is left out of it.

        `phone` is the first that is left.
        """
        self._put_away()
        table = pa.concat_tables(self.blocks).combine_chunks()
        for name in LIMITED:
            at = table.schema.get_field_index(name)
            table = table.set_column(at, name, _without_common(table[name]))
        at = table.schema.get_field_index("phone")
        return table.set_column(at, "phone", _first(table["phones"]))

    def _put_away(self) -> None:
        schema = ibis.schema(dict(COLUMNS)).to_pyarrow()
        self.blocks.append(pa.table(self.columns, schema=schema))
        self.columns = {name: [] for name in COLUMNS}


@lru_cache(maxsize=100_000)
def _parts(name_key: str) -> tuple[str, str, str, bool]:
    sound, _space, name = name_key.rpartition(" ")
    surname = surname_of(name)
    return sound, name, surname, bool(surname) and name[len(surname) :] in COURTESIES


def _lists(column: pa.ChunkedArray) -> tuple[Numbers, Numbers]:
    """Return the values of a column of lists, and where each list begins and the last one ends."""
    lists = column.combine_chunks()
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    values = pc.list_flatten(lists).to_numpy(zero_copy_only=False)
    return values, np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))


def _without_common(column: pa.ChunkedArray) -> pa.Array:
    values, bounds = _lists(column)
    _tokens, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    kept = counts[places] <= MOST_HOLDERS if len(values) else np.zeros(0, dtype=bool)
    before = np.concatenate(([0], np.cumsum(kept, dtype=np.int64)))
    bounds = before[bounds].astype(np.int32)
    is_empty = np.diff(bounds) == 0
    tokens = pa.array(values[kept], pa.int64())
    return pa.ListArray.from_arrays(pa.array(bounds), tokens, type=column.type, mask=pa.array(is_empty))


def _first(column: pa.ChunkedArray) -> pa.Array:
    values, bounds = _lists(column)
    is_empty = np.diff(bounds) == 0
    firsts = np.zeros(len(is_empty), dtype=np.int64)
    firsts[~is_empty] = values[bounds[:-1][~is_empty]]
    return pa.array(firsts, pa.int64(), mask=is_empty)
