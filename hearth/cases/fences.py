"""Cases are seen at the place that answers them, and what belongs to a case with it."""

from hearth.cases.models import (
    CallBack,
    Case,
    CaseAccount,
    CasePause,
    CaseSignal,
    Cause,
    CostLine,
    Escalation,
    GradeChange,
    ServiceClock,
    Settlement,
)
from hearth.core.fence import at_place, fence, leave_open, with_seen

fence(Case, at_place())
leave_open(Cause, because="Words for why matters come up, the same for the whole group.")
for part in (
    ServiceClock,
    CasePause,
    CaseSignal,
    GradeChange,
    Escalation,
    Settlement,
    CostLine,
    CallBack,
    CaseAccount,
):
    fence(part, with_seen(Case, "case_id", of=part))
