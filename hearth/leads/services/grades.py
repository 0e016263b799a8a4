"""Changing what a grade means and asks for."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.events import record
from hearth.leads.events import GradeChanged
from hearth.leads.models import Grade
from hearth.leads.permissions import CHANGE_GRADES


@dataclass(frozen=True)
class GradeTerms:
    """What of a grade can be changed."""

    name_zh: str
    name_en: str
    chance: int | None
    follow_up_days: int | None
    is_active: bool


def require_grades(actor: Actor) -> None:
    """:raises NotAllowed: unless the actor may change grades for the whole group"""
    if not actor.scope(CHANGE_GRADES).everywhere:
        raise NotAllowed(permission=CHANGE_GRADES)


@transaction.atomic
def change_grade(grade: Grade, terms: GradeTerms, *, actor: Actor, now: datetime) -> Grade:
    """Change the words and days of a grade; leads that have it have it still.

    :raises NotAllowed: unless the actor may change grades for the whole group
    """
    require_grades(actor)
    locked = Grade.objects.select_for_update().get(pk=grade.pk)
    for name, value in asdict(terms).items():
        setattr(locked, name, value)
    locked.save()
    record(GradeChanged(scheme=locked.scheme, letter=locked.letter), actor=actor, now=now)
    return locked
