"""Repairs and what they rest on."""

from hearth.repairs.models.warranty import BuildingAcceptance

__all__ = ["BuildingAcceptance"]
