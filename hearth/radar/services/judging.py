"""What people make of an alarm, and what the radar learns from that."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.group_cases.services import open_group_case
from hearth.properties.models import Project
from hearth.radar.events import GroupComplaintAccepted, GroupComplaintDismissed, GroupComplaintMerged
from hearth.radar.models import RadarAlarm, RadarLimit, RadarVoice
from hearth.radar.permissions import CHANGE_RADAR
from hearth.radar.selectors import free_cases

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


class HandledAlready(DomainError):
    """Nothing is left of which a group complaint could be made."""

    code = "handled_already"
    message = _(
        "All cases of this alarm are part of a group complaint already. Dismiss the alarm as handled."
    )


@transaction.atomic
def accept_alarm(alarm: RadarAlarm, *, actor: Actor, note: str = "", now: datetime) -> RadarAlarm:
    """Handle an alarm as a group complaint, of its cases that are part of none; who speaks later joins by itself.

    :raises NotAllowed: if the actor may not judge alarms there, or not change the cases
    :raises AlarmJudged: if it was judged before
    :raises HandledAlready: if all its cases are part of group complaints
    """
    alarm = _waiting(alarm, actor)
    cases = free_cases(alarm)
    if not cases:
        raise HandledAlready
    alarm.group_case = open_group_case(
        alarm.project,
        actor=actor,
        cases=cases,
        title=f"{alarm.project} {alarm.topic}",
        topic=alarm.topic,
        now=now,
    )
    _judge(alarm, State.ACCEPTED, note, actor=actor, now=now)
    _learn(alarm.project, -LESSON, now=now)
    event = GroupComplaintAccepted(**_about(alarm), topic=alarm.topic, households=alarm.group_case.households)
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
    into.first_date, into.last_date = (
        min(into.first_date, alarm.first_date),
        max(into.last_date, alarm.last_date),
    )
    into.building = into.building if into.building_id == alarm.building_id else None
    into.updated_at = now
    into.save(update_fields=["first_date", "last_date", "building", "updated_at"])
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
