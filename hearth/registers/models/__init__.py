"""Incidents and whom they touched; impact assessments, processors and compliance audits."""

from hearth.registers.models.desk import Assessment, ComplianceAudit, Processor, ProcessorVisit
from hearth.registers.models.incidents import (
    SENSITIVE,
    AccessSearch,
    AffectedPerson,
    DataKind,
    Incident,
    IncidentStep,
)

__all__ = [
    "SENSITIVE",
    "AccessSearch",
    "AffectedPerson",
    "Assessment",
    "ComplianceAudit",
    "DataKind",
    "Incident",
    "IncidentStep",
    "Processor",
    "ProcessorVisit",
]
