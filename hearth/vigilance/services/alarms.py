"""What is done about an alarm."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.vigilance.models import Alarm, AlarmStep
from hearth.vigilance.permissions import CHANGE_ALARM, require_everywhere

SHORTEST_NOTE, LONGEST_NOTE = 2, 500


class AlarmSettled(DomainError):
    """The alarm was closed."""

    code = "alarm_settled"
    message = _("This alarm is closed already.")


class NoteMissing(InvalidInput):
    """Whoever closes an alarm says what was found."""

    code = "note_missing"
    message = _("Say in a few words what was found.")


@transaction.atomic
def examine_alarm(alarm: Alarm, *, actor: Actor, now: datetime) -> Alarm:
    """Take an alarm up; somebody else's examination is taken over.

    :raises NotAllowed: if the actor does not watch over the group, or the alarm is about them
    :raises AlarmSettled: if it is closed
    """
    locked = _lock(alarm, actor)
    _step(locked, Alarm.State.EXAMINED, "", actor=actor, now=now)
    return locked


@transaction.atomic
def close_alarm(alarm: Alarm, *, is_harmless: bool, note: str, actor: Actor, now: datetime) -> Alarm:
    """Close an alarm as harmless or confirmed, saying what was found.

    :raises NotAllowed: if the actor does not watch over the group, or the alarm is about them
    :raises AlarmSettled: if it is closed
    :raises NoteMissing: if nothing is said
    """
    locked = _lock(alarm, actor)
    note = " ".join(note.split())
    if not SHORTEST_NOTE <= len(note) <= LONGEST_NOTE:
        raise NoteMissing("note")
    state = Alarm.State.HARMLESS if is_harmless else Alarm.State.CONFIRMED
    _step(locked, state, note, actor=actor, now=now)
    return locked


def _lock(alarm: Alarm, actor: Actor) -> Alarm:
    require_everywhere(actor, CHANGE_ALARM)
    locked = Alarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
    if locked.user_id == actor.user_id:
        raise NotAllowed(permission=CHANGE_ALARM)
    if locked.is_settled:
        raise AlarmSettled
    return locked


def _step(alarm: Alarm, state: Alarm.State, note: str, *, actor: Actor, now: datetime) -> None:
    alarm.state, alarm.handler_id, alarm.updated_at = state, actor.user_id, now
    alarm.save(update_fields=["state", "handler", "updated_at"])
    AlarmStep.objects.create(
        alarm=alarm, user_id=actor.user_id, state=state, note=note, created_at=now, updated_at=now
    )
