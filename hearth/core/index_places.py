"""Where blind indexes stand, and how each is computed anew from the value that is sealed beside it.

A binary column whose name ends in `_index` holds them; the app that owns it registers what they are made of. Sealed
texts may remember indexes too: who writes those says how to bring them to the key that counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from hearth.core.registry import Registry

NEXT = "next_"
"""Before the name of a column: the same index under the next key, there while a change is under way."""

SUFFIX = "_index"
Computed = tuple[bytes | None, ...]


@dataclass(frozen=True)
class IndexPlace:
    """The columns of a table that hold indexes, and what they are computed from.

    `compute` takes rows of the table, of each its key and the columns of `made_from`, and returns the index for each
    of `columns`. Wherever the first column is empty all are.
    """

    model: type[models.Model]
    columns: tuple[str, ...]
    made_from: tuple[str, ...]
    compute: Callable[[Sequence[tuple[Any, ...]]], list[Computed]]

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def key(self) -> str:
        return str(self.model._meta.pk.column)


index_places: Registry[IndexPlace] = Registry()
"""Every table with indexes, by its name."""

Remembered = Callable[[str, UUID], str]
"""Return an opened text, bound to a row, with each index in it under the key that counts."""

remembered_indexes: Registry[Remembered] = Registry()
"""Sealed columns whose opened text may hold indexes, by table and column."""


def is_index(field: "models.Field[Any, Any]") -> bool:
    """Tell whether a column holds blind indexes."""
    return isinstance(field, models.BinaryField) and field.name.endswith(SUFFIX)
