"""Readers of columns that only look at the rows; what needs queries is written beside its list."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from hearth.lists.cells import Badge
from hearth.lists.definitions import Batch
from hearth.lists.filters.base import Choices

Read = Callable[[Batch[Any]], Sequence[Any]]


def value_of(path: str) -> Read:
    """Return a reader of one attribute, for example `total_amount`."""
    get = attrgetter(path)
    return lambda batch: [get(row) for row in batch.rows]


def name_of(relation: str) -> Read:
    """Return a reader of the name of a related object, empty where there is none; load it with the rows."""
    return lambda batch: [str(found) if (found := getattr(row, relation)) else "" for row in batch.rows]


def word_of(name: str, choices: Choices) -> Read:
    """Return a reader of a code in words."""
    labels = dict(choices)
    return lambda batch: [
        str(labels.get(code, code)) if (code := getattr(row, name)) else "" for row in batch.rows
    ]


def badge_of(name: str, choices: Choices, colours: Mapping[str, str]) -> Read:
    """Return a reader of a code as a coloured word."""
    badges = {code: Badge(label, colours.get(code, "secondary")) for code, label in choices}
    return lambda batch: [badges.get(getattr(row, name)) for row in batch.rows]
