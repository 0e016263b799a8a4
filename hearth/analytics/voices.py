"""Voices of households as columns, and how many there were in a place and a time."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from hearth.postponed import Postponed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.signedinteger[Any]]
    Real = NDArray[np.floating[Any]]
    Truth = NDArray[np.bool_]
else:
    np = Postponed("numpy")

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Voices:
    """Messages of households, one row each, in any order.

    All columns are equally long and of whole numbers: `day` since a fixed day; `project` and `topic` from 0;
    `building` from 0 within its project, `UNKNOWN` where nobody said; `household` within its project; `floor` and
    `line`, the column of homes above each other, numbered across the entrances of a building, so that homes side by
    side differ by one. Where the floor is not known, whatever is far from all others stands in for it.
    """

    day: Whole
    project: Whole
    topic: Whole
    building: Whole
    household: Whole
    floor: Whole
    line: Whole

    def __post_init__(self) -> None:
        """Refuse columns of different lengths and numbers below what they may be."""
        if len({len(getattr(self, each.name)) for each in fields(self)}) != 1:
            raise ValueError("the columns are not equally long")
        for name, least in (("project", 0), ("topic", 0), ("household", 0), ("building", UNKNOWN)):
            column = getattr(self, name)
            if len(column) and column.min() < least:
                raise ValueError(f"{name} below {least}")

    def __len__(self) -> int:
        return len(self.day)

    def sorted_by_day(self) -> Voices:
        """Give the same messages in the order of their days."""
        return self.taken(np.argsort(self.day, kind="stable"))

    def taken(self, rows: Whole | Truth) -> Voices:
        """Give some of the messages."""
        return Voices(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})


class Calendar:
    """Days of groups in one ascending axis, so that one search serves all groups at once."""

    def __init__(self, first: int, last: int) -> None:
        self._first, self._span = first, last - first + 2

    def at(self, group: Whole, day: Whole) -> Whole:
        """Give where a day of a group lies, days before the first and after the last at the ends."""
        return group * self._span + np.clip(day - self._first + 1, 0, self._span - 1)


class VoiceCounter:
    """Counts messages of a group after one day and until another."""

    def __init__(self, group: Whole, day: Whole, calendar: Calendar) -> None:
        self._calendar = calendar
        self._places = np.sort(calendar.at(group, day))

    def count(self, group: Whole, after: Whole, until: Whole) -> Whole:
        """Count the messages of `group` with after < day <= until, row by row."""
        upper = np.searchsorted(self._places, self._calendar.at(group, until), side="right")
        lower = np.searchsorted(self._places, self._calendar.at(group, after), side="right")
        voices: Whole = np.maximum(upper - lower, 0)
        return voices


class HouseholdCounter:
    """Counts the distinct households that spoke in a group within the last days, for windows of any length."""

    def __init__(self, group: Whole, household: Whole, day: Whole, calendar: Calendar) -> None:
        self._calendar = calendar
        order = np.lexsort((day, household, group))
        self._group, self._day = group[order], day[order]
        household = household[order]
        again = (self._group[1:] == self._group[:-1]) & (household[1:] == household[:-1])
        self._next = np.full(len(day), np.iinfo(np.int64).max)
        self._next[:-1] = np.where(again, self._day[1:], self._next[:-1])
        self._spoken = np.sort(calendar.at(self._group, self._day))

    def count(self, group: Whole, day: Whole, window: int) -> Whole:
        """Count the households of `group` that spoke in the `window` days that end with `day`, row by row.

        Each message speaks for its household until it is `window` days old or the household's next.
        """
        silent = np.sort(self._calendar.at(self._group, np.minimum(self._day + window, self._next)))
        place = self._calendar.at(group, day)
        spoken = np.searchsorted(self._spoken, place, side="right")
        households: Whole = spoken - np.searchsorted(silent, place, side="right")
        return households


class NeighbourCounter:
    """Counts the distinct households that spoke in a group in the last days from homes near a home."""

    def __init__(self, told: Voices, group: Whole, calendar: Calendar) -> None:
        self._calendar = calendar
        at = calendar.at(group, told.day)
        order = np.argsort(at, kind="stable")
        self._at, self._told = at[order], told.taken(order)

    def count(self, asked: Voices, group: Whole, window: int, *, floors: int, lines: int) -> Whole:
        """Count them within the last `window` days of each voice, row by row; the voice itself is one of them."""
        first = np.searchsorted(self._at, self._calendar.at(group, asked.day - window), side="right")
        beyond = np.searchsorted(self._at, self._calendar.at(group, asked.day), side="right")
        many = beyond - first
        row = np.repeat(np.arange(len(asked)), many)
        other = self._told.taken(np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many) + first[row])
        near = (np.abs(other.floor - asked.floor[row]) <= floors) & (
            np.abs(other.line - asked.line[row]) <= lines
        )
        most = int(other.household.max(initial=0)) + 1
        pairs = np.unique(row[near] * most + other.household[near])
        return np.bincount(pairs // most, minlength=len(asked))


def first_words(voices: Voices, group: Whole, quiet_days: int) -> Truth:
    """Mark the messages before which their household was silent in its group for `quiet_days`.

    :param group: number of each message's group
    """
    order = np.lexsort((voices.day, voices.household, group))
    day, household, place = voices.day[order], voices.household[order], group[order]
    first = np.ones(len(voices), dtype=bool)
    first[1:] = (
        (place[1:] != place[:-1]) | (household[1:] != household[:-1]) | (day[1:] - day[:-1] >= quiet_days)
    )
    marks = np.empty(len(voices), dtype=bool)
    marks[order] = first
    return marks
