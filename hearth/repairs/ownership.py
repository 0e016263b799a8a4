"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("repairs.BuildingAcceptance.user", "who said when the building was accepted")
