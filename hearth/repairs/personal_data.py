"""What repairs hold of persons."""

from hearth.core.personal_data import holds_none
from hearth.repairs.models import BuildingAcceptance

holds_none(BuildingAcceptance, because="When a building was accepted.")
