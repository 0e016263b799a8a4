"""Homes are seen at their place; projects, buildings and entrances are public."""

from hearth.core.fence import at_place, fence, leave_open
from hearth.properties.models import Building, Entrance, Phase, Project, Unit

fence(Unit, at_place())
for public in (Project, Phase, Building, Entrance):
    leave_open(public, because="What stands on the building site's own sign.")
