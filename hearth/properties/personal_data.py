"""Homes are about stone; whose they are stands with customers."""

from hearth.core.personal_data import holds_none
from hearth.properties.models import Building, Entrance, Phase, Project, Unit

holds_none(Project, Phase, Building, Entrance, Unit, because="Homes without whose they are.")
