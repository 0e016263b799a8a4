"""What the radar does, and what is done with its alarms."""

from hearth.radar.services.judging import (
    AlarmJudged,
    NothingToMerge,
    accept_alarm,
    dismiss_alarm,
    merge_alarm,
)
from hearth.radar.services.listening import listen

__all__ = [
    "AlarmJudged",
    "NothingToMerge",
    "accept_alarm",
    "dismiss_alarm",
    "listen",
    "merge_alarm",
]
