"""What the command palette offers on projects and homes."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.palette import Command, Group, Spot, offers
from hearth.properties.models import Project, Unit
from hearth.properties.permissions import CHANGE_PROPERTY
from hearth.properties.services.states import NEXT_STATES


@offers(Group.DO, page="properties:project")
def on_a_project(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Enter a building; one query."""
    if not Project.objects.visible_with(actor, CHANGE_PROPERTY).filter(pk=spot.record_id).exists():
        return []
    new = reverse("properties:building_new", args=[spot.record_id])
    return [Command(_("New building"), "building", url=new)]


@offers(Group.DO, page="properties:unit")
def on_a_home(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Set the state where another may follow; one query."""
    unit = Unit.objects.visible_with(actor, CHANGE_PROPERTY).filter(pk=spot.record_id).first()
    if unit is None or not NEXT_STATES[unit.state]:
        return []
    return [Command(_("Set the state"), "tag", press="unit-state", keys="s")]
