"""Filters of lists: what a list can be narrowed by, as the address, the database and a person say it."""

from hearth.lists.filters.base import Filter, FilterKind, Reader, Test, Unreadable
from hearth.lists.filters.choices import CHOICE, FLAG
from hearth.lists.filters.days import DAY, INSTANT
from hearth.lists.filters.numbers import NUMBER, TEXT
from hearth.lists.filters.people import PERSON, PLACE, units_below

__all__ = [
    "CHOICE",
    "DAY",
    "FLAG",
    "INSTANT",
    "NUMBER",
    "PERSON",
    "PLACE",
    "TEXT",
    "Filter",
    "FilterKind",
    "Reader",
    "Test",
    "Unreadable",
    "units_below",
]
