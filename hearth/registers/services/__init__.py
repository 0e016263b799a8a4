"""Acts on incidents."""

from hearth.registers.services.clocks import tell_of_clocks
from hearth.registers.services.incidents import (
    NewIncident,
    add_note,
    close_incident,
    decide_notice,
    judge_extent,
    report_incident,
    tell_authority,
)
from hearth.registers.services.searching import NewSearch, search_access

__all__ = [
    "NewIncident",
    "NewSearch",
    "add_note",
    "close_incident",
    "decide_notice",
    "judge_extent",
    "report_incident",
    "search_access",
    "tell_authority",
    "tell_of_clocks",
]
