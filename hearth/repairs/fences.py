"""Repairs are seen at the place of the home."""

from hearth.core.fence import at_place, fence, leave_open
from hearth.repairs.models import (
    BuildingAcceptance,
    RepairOrder,
    RepairPhoto,
    RepairSlot,
    RepairVisit,
    SignOff,
    SparePart,
    UsedPart,
)

for kept in (BuildingAcceptance, RepairOrder, RepairVisit, RepairPhoto, UsedPart, SignOff):
    fence(kept, at_place())
leave_open(
    RepairSlot, because="When somebody has time to come; places below that of the engineer book it too."
)
leave_open(SparePart, because="Names and prices of parts, which places below the catalogue use too.")
