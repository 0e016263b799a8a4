"""Why an act on projects and homes is refused."""

from django.utils.translation import gettext_lazy as _

from hearth.core.errors import Conflict, InvalidInput


class ProjectExists(InvalidInput):
    """The company has a project with this code."""

    code = "project_exists"
    message = _("There is already a project with this code here.")


class BuildingExists(InvalidInput):
    """The project has a building of this name."""

    code = "building_exists"
    message = _("There is already a building with this name in the project.")


class UnitExists(InvalidInput):
    """The address or the external key belongs to another home."""

    code = "unit_exists"
    message = _("There is already a home with this address or external key.")


class ImpossibleArea(InvalidInput):
    """No home is this small or this large."""

    code = "impossible_area"
    message = _("The area of a home lies between %(minimum)s and %(maximum)s m².")


class NegativePrice(InvalidInput):
    """A price below zero."""

    code = "negative_price"
    message = _("A price is not negative.")


class StateNotAllowed(Conflict):
    """The home cannot go from its state to the one asked for."""

    code = "state_not_allowed"
    message = _("A home that is %(before)s cannot become %(after)s.")
