"""A lead is seen at its place, and with it whose it was."""

from hearth.core.fence import at_place, fence, leave_open, with_seen
from hearth.leads.models import Grade, Lead, LeadOwnership

fence(Lead, at_place())
fence(LeadOwnership, with_seen(Lead, "lead_id", of=LeadOwnership))
leave_open(Grade, because="What letters mean; the same for the whole group.")
