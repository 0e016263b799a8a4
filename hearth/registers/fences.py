"""An incident is seen at its place and by who reported it; whom it touched, with the customer."""

from hearth.core.fence import at_place, fence, of_person, with_seen
from hearth.customers.fencing import with_customer
from hearth.registers.models import (
    AccessSearch,
    AffectedPerson,
    Assessment,
    ComplianceAudit,
    Incident,
    IncidentStep,
    NoticeLetter,
    Processor,
    ProcessorVisit,
)

fence(Incident, at_place(), of_person("reported_by_id"))
for part in (IncidentStep, AccessSearch, NoticeLetter):
    fence(part, with_seen(Incident, "incident_id", of=part))
fence(AffectedPerson, with_customer(AffectedPerson))
for kept in (Assessment, Processor, ComplianceAudit):
    fence(kept, at_place())
fence(ProcessorVisit, with_seen(Processor, "processor_id", of=ProcessorVisit))
