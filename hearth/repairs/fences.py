"""What repairs rest on is seen at the place of its project."""

from hearth.core.fence import at_place, fence
from hearth.repairs.models import BuildingAcceptance

fence(BuildingAcceptance, at_place())
