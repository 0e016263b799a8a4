"""Complaints of many households that are one matter: who joins, how grave it is, what is done, said and learned."""

from hearth.group_cases.models.groups import (
    GroupCase,
    GroupCaseQuerySet,
    GroupChild,
    GroupHousehold,
)
from hearth.group_cases.models.levels import GroupSign, GroupTelling, LevelChange, Sign
from hearth.group_cases.models.meetings import Attendance, Commitment, GroupMeeting, NegotiationEntry, Side
from hearth.group_cases.models.plans import GroupStep, PlanStep, Statement, TeamMember, TeamRole
from hearth.group_cases.models.reviews import GroupReview, LibraryEntry, PreventiveCheck, Reach

__all__ = [
    "Attendance",
    "Commitment",
    "GroupCase",
    "GroupCaseQuerySet",
    "GroupChild",
    "GroupHousehold",
    "GroupMeeting",
    "GroupReview",
    "GroupSign",
    "GroupStep",
    "GroupTelling",
    "LevelChange",
    "LibraryEntry",
    "NegotiationEntry",
    "PlanStep",
    "PreventiveCheck",
    "Reach",
    "Side",
    "Sign",
    "Statement",
    "TeamMember",
    "TeamRole",
]
