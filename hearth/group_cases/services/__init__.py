"""What is done with group complaints."""

from hearth.group_cases.services.groups import (
    GroupChange,
    OutcomeMissing,
    TitleMissing,
    change_group_case,
    close_group_case,
    open_group_case,
)
from hearth.group_cases.services.joining import (
    CaseElsewhere,
    CaseInAnother,
    HomeElsewhere,
    NoCases,
    NotInGroup,
    add_cases,
    add_household,
    name_representative,
    take_out_case,
    take_out_household,
)
from hearth.group_cases.services.levels import SignUnlikely, note_sign
from hearth.group_cases.services.steps import GroupIsClosed
from hearth.group_cases.services.telling import tell_of_levels

__all__ = [
    "CaseElsewhere",
    "CaseInAnother",
    "GroupChange",
    "GroupIsClosed",
    "HomeElsewhere",
    "NoCases",
    "NotInGroup",
    "OutcomeMissing",
    "SignUnlikely",
    "TitleMissing",
    "add_cases",
    "add_household",
    "change_group_case",
    "close_group_case",
    "name_representative",
    "note_sign",
    "open_group_case",
    "take_out_case",
    "take_out_household",
    "tell_of_levels",
]
