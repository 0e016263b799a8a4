"""What the app owns."""

from hearth.leads.models.assigning import (
    Absence,
    AbsenceQuerySet,
    AssignmentRule,
    AssignmentRuleQuerySet,
    Way,
)
from hearth.leads.models.disputes import LeadDispute, LeadDisputeQuerySet
from hearth.leads.models.grades import Grade, GradeQuerySet, Scheme
from hearth.leads.models.leads import Lead, LeadOwnership, LeadOwnershipQuerySet, LeadQuerySet
from hearth.leads.models.pipeline import (
    WAY,
    LossReason,
    LossReasonQuerySet,
    Proof,
    Stage,
    StageRule,
    StageRuleQuerySet,
)

__all__ = [
    "WAY",
    "Absence",
    "AbsenceQuerySet",
    "AssignmentRule",
    "AssignmentRuleQuerySet",
    "Grade",
    "GradeQuerySet",
    "Lead",
    "LeadDispute",
    "LeadDisputeQuerySet",
    "LeadOwnership",
    "LeadOwnershipQuerySet",
    "LeadQuerySet",
    "LossReason",
    "LossReasonQuerySet",
    "Proof",
    "Scheme",
    "Stage",
    "StageRule",
    "StageRuleQuerySet",
    "Way",
]
