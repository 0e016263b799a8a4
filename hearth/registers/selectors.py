"""What the rail counts, and how the letter to the persons of an incident came along."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise

from hearth.channels.models import Message
from hearth.core.actor import Actor
from hearth.registers.models import AffectedPerson, Incident
from hearth.registers.permissions import CHANGE_REGISTER

Told = AffectedPerson.Told


@dataclass(frozen=True)
class LetterProgress:
    """How many persons of an incident were not addressed, and each standing with its number."""

    waiting: int
    rows: list[tuple[str | Promise, int]]


def letter_progress(incident: Incident, actor: Actor) -> LetterProgress:
    """Count the persons of an incident by how the letter to them came along; one query."""
    seen = AffectedPerson.objects.visible_to(actor).filter(incident=incident)
    counted = {
        (told, state): number
        for told, state, number in seen.values_list("told", "message__state").annotate(number=Count("id"))
    }
    rows: list[tuple[str | Promise, int]] = [
        (Told(told).label, counted.get((told, None), 0)) for told in (Told.NOT_YET, Told.NO_CHANNEL)
    ]
    states = [(state.label, counted.get((Told.ADDRESSED, state), 0)) for state in Message.State]
    return LetterProgress(counted.get((Told.NOT_YET, None), 0), rows + [each for each in states if each[1]])


def count_new(actor: Actor) -> int:
    """Return how many incidents nobody who may has taken up; one query."""
    if not actor.can(CHANGE_REGISTER):
        return 0
    rows = Incident.objects.visible_with(actor, CHANGE_REGISTER)
    return rows.filter(state=Incident.State.REPORTED).count()
