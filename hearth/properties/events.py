"""What happened to projects and homes."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ProjectCreated(Event):
    """A project was entered."""

    type = "properties.project_created"
    family = "property"
    label = _("Project created")


@dataclass(frozen=True, kw_only=True)
class BuildingCreated(Event):
    """A building was entered; `subject_id` is the building."""

    type = "properties.building_created"
    family = "property"
    label = _("Building created")


@dataclass(frozen=True, kw_only=True)
class UnitsCreated(Event):
    """Homes of one project were entered together; `unit_id` where it is a single one."""

    type = "properties.units_created"
    family = "property"
    label = _("Homes created")

    units: int


@dataclass(frozen=True, kw_only=True)
class UnitsUpdated(Event):
    """Particulars of homes of one project were replaced by a file."""

    type = "properties.units_updated"
    family = "property"
    label = _("Homes updated")

    units: int


@dataclass(frozen=True, kw_only=True)
class UnitStateChanged(Event):
    """A home went from one state to another."""

    type = "properties.unit_state_changed"
    family = "property"
    label = _("State of the home changed")

    before: str
    after: str
