"""What happened to repairs."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class BuildingAccepted(Event):
    """It was said when a building was accepted; `subject_id` is the building."""

    type: ClassVar[str] = "repairs.building_accepted"
    family: ClassVar[str] = "property"
    label: ClassVar[str | Promise] = _("Acceptance of a building noted")

    accepted: str
