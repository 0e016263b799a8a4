"""Incidents, whom they touched and what those are told; impact assessments, processors and compliance audits."""

from hearth.registers.models.desk import Assessment, ComplianceAudit, Processor, ProcessorVisit
from hearth.registers.models.incidents import (
    SENSITIVE,
    AccessSearch,
    AffectedPerson,
    DataKind,
    Incident,
    IncidentStep,
)
from hearth.registers.models.letters import NoticeLetter

__all__ = [
    "SENSITIVE",
    "AccessSearch",
    "AffectedPerson",
    "Assessment",
    "ComplianceAudit",
    "DataKind",
    "Incident",
    "IncidentStep",
    "NoticeLetter",
    "Processor",
    "ProcessorVisit",
]
