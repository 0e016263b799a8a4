"""Cases are seen at the place that answers them, and what belongs to a case with it."""

from hearth.cases.models import (
    CallBack,
    Case,
    CasePause,
    CaseSignal,
    CostLine,
    Escalation,
    GradeChange,
    ServiceClock,
    Settlement,
)
from hearth.core.fence import at_place, fence, with_seen

fence(Case, at_place())
for part in (ServiceClock, CasePause, CaseSignal, GradeChange, Escalation, Settlement, CostLine, CallBack):
    fence(part, with_seen(Case, "case_id", of=part))
