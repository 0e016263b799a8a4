"""What the rail counts, and what was read of one person in an incident."""

from hearth.core.actor import Actor
from hearth.registers.models import Incident
from hearth.registers.permissions import CHANGE_REGISTER


def count_new(actor: Actor) -> int:
    """Return how many incidents nobody who may has taken up; one query."""
    if not actor.can(CHANGE_REGISTER):
        return 0
    rows = Incident.objects.visible_with(actor, CHANGE_REGISTER)
    return rows.filter(state=Incident.State.REPORTED).count()
