"""Acts on repairs."""

from hearth.repairs.services.acceptance import set_acceptance

__all__ = ["set_acceptance"]
