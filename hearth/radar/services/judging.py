"""What people make of an alarm, and what the radar learns from that."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case, Signal
from hearth.cases.services import note_signal
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.properties.models import Project
from hearth.radar.events import GroupComplaintAccepted, GroupComplaintDismissed, GroupComplaintMerged
from hearth.radar.models import RadarAlarm, RadarLimit, RadarVoice
from hearth.radar.permissions import CHANGE_RADAR
from hearth.radar.selectors import households_of

LONGEST_NOTE = 500
# A dismissal as unrelated asks half a power of ten more of the project, an acceptance takes as much back.
LESSON, MOST_EXTRA, LEAST_EXTRA = 0.5, 2.0, -0.5
State = RadarAlarm.State


class AlarmJudged(DomainError):
    """Somebody judged the alarm before."""

    code = "alarm_judged"
    message = _("This alarm is judged already.")


class NothingToMerge(InvalidInput):
    """An alarm is merged into another one of its project that stands."""

    code = "nothing_to_merge"
    message = _("Choose another alarm of the same project that was not dismissed or merged.")


class UnknownReason(InvalidInput):
    """A dismissal has one of the reasons."""

    code = "unknown_reason"
    message = _("Say why this is no group complaint.")


class NoOpenCase(DomainError):
    """A group complaint is led by a case that is not closed."""

    code = "no_open_case"
    message = _(
        "All cases of this alarm are closed. Open a case for the group complaint first, or dismiss the alarm."
    )


@transaction.atomic
def accept_alarm(alarm: RadarAlarm, *, actor: Actor, note: str = "", now: datetime) -> RadarAlarm:
    """Handle an alarm as a group complaint: its oldest open case leads, and is graded by the number of households.

    :raises NotAllowed: if the actor may not judge alarms there, or not change the case
    :raises AlarmJudged: if it was judged before
    :raises NoOpenCase: if none of its cases is open
    """
    alarm = _waiting(alarm, actor)
    cases = Case.objects.open().filter(radar_voices__alarm=alarm).order_by("opened_at", "id")
    lead = cases.first()
    if lead is None:
        raise NoOpenCase
    households = households_of(alarm)
    note_signal(
        lead, actor=actor, what=Signal.HOUSEHOLDS, number=Decimal(households), note=alarm.topic, now=now
    )
    alarm.lead_case = lead
    _judge(alarm, State.ACCEPTED, note, actor=actor, now=now)
    _learn(alarm.project, -LESSON, now=now)
    event = GroupComplaintAccepted(**_about(alarm), topic=alarm.topic, households=households)
    record(event, actor=actor, now=now)
    return alarm


@transaction.atomic
def dismiss_alarm(
    alarm: RadarAlarm, *, reason: str, actor: Actor, note: str = "", now: datetime
) -> RadarAlarm:
    """Say that an alarm is no group complaint, and why; from `unrelated` the radar learns.

    :raises NotAllowed: if the actor may not judge alarms there
    :raises AlarmJudged: if it was judged before
    :raises UnknownReason: if the reason is none
    """
    if reason not in RadarAlarm.Reason.values:
        raise UnknownReason("reason")
    alarm = _waiting(alarm, actor)
    alarm.reason = reason
    _judge(alarm, State.DISMISSED, note, actor=actor, now=now)
    if reason == RadarAlarm.Reason.UNRELATED:
        _learn(alarm.project, LESSON, now=now)
    record(GroupComplaintDismissed(**_about(alarm), topic=alarm.topic, reason=reason), actor=actor, now=now)
    return alarm


@transaction.atomic
def merge_alarm(
    alarm: RadarAlarm, into: RadarAlarm, *, actor: Actor, note: str = "", now: datetime
) -> RadarAlarm:
    """Say that an alarm is part of another one of the project: the same grievance under another topic.

    :raises NotAllowed: if the actor may not judge alarms there
    :raises AlarmJudged: if it was judged before
    :raises NothingToMerge: if the other does not stand, or is of another project
    """
    alarm = _waiting(alarm, actor)
    into = RadarAlarm.objects.select_for_update(of=("self",)).get(pk=into.pk)
    stands = into.state in (State.OPEN, State.ACCEPTED)
    if into.pk == alarm.pk or into.project_id != alarm.project_id or not stands:
        raise NothingToMerge("into")
    _move_voices(RadarVoice.objects.filter(alarm=alarm), into)
    into.first_day, into.last_day = min(into.first_day, alarm.first_day), max(into.last_day, alarm.last_day)
    into.building = into.building if into.building_id == alarm.building_id else None
    into.updated_at = now
    into.save(update_fields=["first_day", "last_day", "building", "updated_at"])
    RadarAlarm.objects.filter(merged_into=alarm).update(merged_into=into)
    alarm.merged_into = into
    _judge(alarm, State.MERGED, note, actor=actor, now=now)
    record(GroupComplaintMerged(**_about(alarm), topic=alarm.topic, into=into.topic), actor=actor, now=now)
    return alarm


def _move_voices(voices: Iterable[RadarVoice], into: RadarAlarm) -> None:
    """Let the cases speak in the other alarm as well; the merged one keeps what it had heard."""
    moved = [RadarVoice(alarm=into, case_id=voice.case_id) for voice in voices]
    RadarVoice.objects.bulk_create(moved, ignore_conflicts=True)


def _waiting(alarm: RadarAlarm, actor: Actor) -> RadarAlarm:
    locked = RadarAlarm.objects.select_for_update(of=("self",)).select_related("project").get(pk=alarm.pk)
    actor.require(CHANGE_RADAR, locked.org_unit_id)
    if locked.state != State.OPEN:
        raise AlarmJudged
    return locked


def _judge(alarm: RadarAlarm, state: State, note: str, *, actor: Actor, now: datetime) -> None:
    alarm.state, alarm.note = state, " ".join(note.split())[:LONGEST_NOTE]
    alarm.judged_at, alarm.judged_by_id, alarm.updated_at = now, actor.user_id, now
    alarm.save()


def _learn(project: Project, lesson: float, *, now: datetime) -> None:
    limit, _new = RadarLimit.objects.select_for_update().get_or_create(
        project=project, defaults={"changed_at": now}
    )
    limit.extra = min(max(limit.extra + lesson, LEAST_EXTRA), MOST_EXTRA)
    limit.changed_at = now
    limit.save()


def _about(alarm: RadarAlarm) -> dict[str, Any]:
    return {
        "org_unit_id": alarm.org_unit_id,
        "project_id": alarm.project_id,
        "subject_id": alarm.pk,
        "is_sample": alarm.is_sample,
    }
