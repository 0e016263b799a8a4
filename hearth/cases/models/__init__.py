"""Cases, the clocks of what customers were promised, and the time spent waiting for customers."""

from hearth.cases.models.cases import Case, CaseQuerySet
from hearth.cases.models.clocks import CasePause, ClockStates, ServiceClock, Step

__all__ = ["Case", "CasePause", "CaseQuerySet", "ClockStates", "ServiceClock", "Step"]
