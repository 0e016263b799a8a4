"""Cases, the clocks of what customers were promised, what makes cases graver, and who above was told."""

from hearth.cases.models.accounts import CaseAccount
from hearth.cases.models.cases import Case, CaseQuerySet
from hearth.cases.models.clocks import CasePause, ClockStates, ServiceClock, Step
from hearth.cases.models.escalation import CaseSignal, Escalation, GradeChange, Level, Signal
from hearth.cases.models.settlements import CallBack, Cause, CostLine, Party, Settlement

__all__ = [
    "CallBack",
    "Case",
    "CaseAccount",
    "CasePause",
    "CaseQuerySet",
    "CaseSignal",
    "Cause",
    "ClockStates",
    "CostLine",
    "Escalation",
    "GradeChange",
    "Level",
    "Party",
    "ServiceClock",
    "Settlement",
    "Signal",
    "Step",
]
