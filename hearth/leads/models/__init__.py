"""What the app owns."""

from hearth.leads.models.grades import Grade, GradeQuerySet, Scheme
from hearth.leads.models.leads import Lead, LeadOwnership, LeadOwnershipQuerySet, LeadQuerySet

__all__ = [
    "Grade",
    "GradeQuerySet",
    "Lead",
    "LeadOwnership",
    "LeadOwnershipQuerySet",
    "LeadQuerySet",
    "Scheme",
]
