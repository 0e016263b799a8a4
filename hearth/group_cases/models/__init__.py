"""Complaints of many households that are one matter: who joins, how grave it is, and who was told of it."""

from hearth.group_cases.models.groups import (
    GroupCase,
    GroupCaseQuerySet,
    GroupChild,
    GroupHousehold,
)
from hearth.group_cases.models.levels import GroupSign, GroupTelling, LevelChange, Sign

__all__ = [
    "GroupCase",
    "GroupCaseQuerySet",
    "GroupChild",
    "GroupHousehold",
    "GroupSign",
    "GroupTelling",
    "LevelChange",
    "Sign",
]
