"""Cases, the clocks of what customers were promised, what makes cases graver, and who above was told."""

from hearth.cases.models.cases import Case, CaseQuerySet
from hearth.cases.models.clocks import CasePause, ClockStates, ServiceClock, Step
from hearth.cases.models.escalation import CaseSignal, Escalation, GradeChange, Level, Signal

__all__ = [
    "Case",
    "CasePause",
    "CaseQuerySet",
    "CaseSignal",
    "ClockStates",
    "Escalation",
    "GradeChange",
    "Level",
    "ServiceClock",
    "Signal",
    "Step",
]
