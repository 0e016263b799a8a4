"""A lead is seen at its place, and with it whose it was."""

from hearth.core.fence import at_place, fence, leave_open, with_seen
from hearth.leads.models import (
    Absence,
    AssignmentRule,
    Grade,
    Lead,
    LeadDispute,
    LeadOwnership,
    LossReason,
    StageRule,
)

fence(Lead, at_place())
fence(LeadOwnership, with_seen(Lead, "lead_id", of=LeadOwnership))
leave_open(Grade, because="What letters mean; the same for the whole group.")
leave_open(StageRule, because="What stages ask for; the same for the whole group.")
leave_open(LossReason, because="Words for why leads are lost; the same for the whole group.")
fence(AssignmentRule, at_place())
fence(Absence, at_place())
fence(LeadDispute, with_seen(Lead, "lead_id", of=LeadDispute))
