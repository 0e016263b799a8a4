"""Repairs and what they rest on."""

from hearth.repairs.models.orders import (
    RepairOrder,
    RepairPhoto,
    RepairVisit,
    SignOff,
    SparePart,
    UsedPart,
)
from hearth.repairs.models.slots import RepairSlot
from hearth.repairs.models.warranty import BuildingAcceptance

__all__ = [
    "BuildingAcceptance",
    "RepairOrder",
    "RepairPhoto",
    "RepairSlot",
    "RepairVisit",
    "SignOff",
    "SparePart",
    "UsedPart",
]
