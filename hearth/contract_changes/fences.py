"""Changes of contracts are seen at the place that sold."""

from hearth.contract_changes.models import ApprovalStep, ChangeRequest
from hearth.core.fence import at_place, fence

for kept in (ChangeRequest, ApprovalStep):
    fence(kept, at_place())
