"""Cases are seen at the place that answers them, and what belongs to a case with it."""

from hearth.cases.models import Case, CasePause, CaseSignal, Escalation, GradeChange, ServiceClock
from hearth.core.fence import at_place, fence, with_seen

fence(Case, at_place())
for part in (ServiceClock, CasePause, CaseSignal, GradeChange, Escalation):
    fence(part, with_seen(Case, "case_id", of=part))
