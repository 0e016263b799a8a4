"""Listening to the cases of a place: alarms are raised, and those that go on are kept up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from hearth.accounts.services import notify
from hearth.analytics.group_complaints import Signals, signals
from hearth.analytics.voices import UNKNOWN
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.group_cases.services import add_cases
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import nearest_with
from hearth.postponed import Postponed
from hearth.properties.models import Project
from hearth.radar.charts import figures_of
from hearth.radar.events import GroupComplaintSeen
from hearth.radar.hearing import SETTINGS, Hearing, hear
from hearth.radar.models import RadarAlarm, RadarVoice, RadarWatch
from hearth.radar.notifications import SEEN
from hearth.radar.permissions import CHANGE_RADAR
from hearth.radar.selectors import free_cases

if TYPE_CHECKING:
    import numpy as np
else:
    np = Postponed("numpy")

ACTOR = Actor.system("radar")
# Each time the last days are judged anew: cases come late, from files, and under another topic than at first. What is
# older raises no alarm, also when the radar listens to a place for the first time.
LOOK_BACK = timedelta(days=max(SETTINGS.windows))
QUIET = timedelta(days=SETTINGS.quiet_days)
# For so long after its last voice the curve of an alarm goes on.
GOES_ON = timedelta(days=30)
# A dismissed alarm speaks up again when so many times as many households speak.
GROWN = 2
State = RadarAlarm.State


@dataclass(frozen=True)
class Rise:
    """The latest that stands out in a cell, with the cases of the last weeks that speak in it."""

    project: Project
    topic: str
    building_id: UUID | None
    first_date: date
    last_date: date
    window_days: int
    households: int
    expected: float
    score: float
    limit: float
    case_ids: tuple[UUID, ...]


@transaction.atomic
def listen(place: OrgUnit, *, now: datetime) -> list[RadarAlarm]:
    """Judge what was said in the projects at and below a place since it was last listened to; return new alarms.

    Repeatable: what is known already is kept up and raises nothing. One at a time for a place.
    """
    RadarWatch.objects.get_or_create(org_unit=place, defaults={"listened_at": now - LOOK_BACK})
    watch = RadarWatch.objects.select_for_update().get(org_unit=place)
    hearing = hear(place, now=now)
    since = min(localdate(watch.listened_at), localdate(now) - LOOK_BACK)
    raised = [alarm for rise in rises(hearing, since=since) if (alarm := _keep(rise, now=now))]
    _keep_curves(hearing, now=now)
    watch.listened_at = max(now, watch.listened_at)
    watch.save(update_fields=["listened_at"])
    return raised


def rises(hearing: Hearing, *, since: date) -> list[Rise]:
    """Give for each cell the latest that stood out since a day, the oldest first."""
    found = signals(
        hearing.voices,
        hearing.exposure,
        SETTINGS,
        from_day=since.toordinal(),
        limits=hearing.limits,
        known=hearing.known,
    )
    latest: dict[tuple[int, int], Rise] = {}
    for number in range(len(found)):
        rise = _rise(hearing, found, number)
        latest[int(found.project[number]), int(found.topic[number])] = rise
    return sorted(latest.values(), key=lambda rise: rise.last_date)


def _rise(hearing: Hearing, found: Signals, number: int) -> Rise:
    voices = hearing.voices
    project, topic, building, day, window = (
        int(getattr(found, name)[number]) for name in ("project", "topic", "building", "day", "window")
    )
    speak = (voices.project == project) & (voices.topic == topic) & (voices.day > day - max(SETTINGS.windows))
    if building != UNKNOWN:
        speak &= voices.building == building
    return Rise(
        project=hearing.projects[project],
        topic=hearing.topics[topic],
        building_id=hearing.building_id(project, building),
        first_date=date.fromordinal(int(voices.day[speak].min())),
        last_date=date.fromordinal(int(voices.day[speak].max())),
        window_days=window,
        households=int(found.households[number]),
        expected=float(found.expected[number]),
        score=float(found.score[number]),
        limit=float(hearing.limits[project]),
        case_ids=tuple(hearing.case_ids[row] for row in np.flatnonzero(speak).tolist()),
    )


def _keep(rise: Rise, *, now: datetime) -> RadarAlarm | None:
    """Go on with the alarm that the rise belongs to, or raise one; return it if it is new."""
    alarms = RadarAlarm.objects.filter(project=rise.project, topic=rise.topic)
    waiting = alarms.waiting().first()
    alarm = (
        waiting or alarms.filter(last_date__gte=rise.first_date - QUIET).order_by("-raised_at", "-id").first()
    )
    if alarm is not None and alarm.state == State.DISMISSED and rise.households >= GROWN * alarm.households:
        alarm = None
    if alarm is not None:
        _go_on(alarm, rise, now=now)
        return None
    alarm = _raise(rise, now=now)
    _add_voices(alarm, rise)
    _tell(alarm, now=now)
    return alarm


def _go_on(alarm: RadarAlarm, rise: Rise, *, now: datetime) -> None:
    """Add to an alarm who spoke since, and to the group complaint that came of it.

    Of a merged alarm it is the one that it was merged into. What was dismissed stays as it is.
    """
    alarm = alarm.merged_into or alarm
    if alarm.state == State.DISMISSED:
        return
    if alarm.building_id and rise.building_id != alarm.building_id:
        alarm.building = None
    alarm.first_date = min(alarm.first_date, rise.first_date)
    alarm.last_date, alarm.updated_at = max(alarm.last_date, rise.last_date), now
    alarm.save(update_fields=["building", "first_date", "last_date", "updated_at"])
    _add_voices(alarm, rise)
    group = alarm.group_case
    if group is not None and group.closed_at is None and (late := free_cases(alarm)):
        add_cases(group, late, actor=ACTOR, now=now)


def _keep_curves(hearing: Hearing, *, now: datetime) -> None:
    """Keep the figures behind the alarms that stand, as they are now; those of alarms that are over stay."""
    today = localdate(now)
    rows = RadarAlarm.objects.filter(
        project__in=hearing.projects,
        topic__in=hearing.topics,
        state__in=(State.OPEN, State.ACCEPTED),
        last_date__gte=today - GOES_ON,
    )
    standing = list(rows)
    for alarm in standing:
        alarm.curve = figures_of(alarm, hearing, today=today)
    RadarAlarm.objects.bulk_update(standing, ["curve"])


def _raise(rise: Rise, *, now: datetime) -> RadarAlarm:
    return RadarAlarm.objects.create(
        org_unit_id=rise.project.org_unit_id,
        project=rise.project,
        building_id=rise.building_id,
        topic=rise.topic,
        raised_at=now,
        first_date=rise.first_date,
        last_date=rise.last_date,
        window_days=rise.window_days,
        households=rise.households,
        expected=rise.expected,
        score=rise.score,
        limit=rise.limit,
        is_sample=rise.project.is_sample,
        created_at=now,
        updated_at=now,
    )


def _add_voices(alarm: RadarAlarm, rise: Rise) -> None:
    voices = [RadarVoice(alarm=alarm, case_id=case_id) for case_id in rise.case_ids]
    RadarVoice.objects.bulk_create(voices, ignore_conflicts=True)


def _tell(alarm: RadarAlarm, *, now: datetime) -> None:
    """Record the alarm, and tell those who answer for group complaints there."""
    event = GroupComplaintSeen(
        org_unit_id=alarm.org_unit_id,
        project_id=alarm.project_id,
        subject_id=alarm.pk,
        is_sample=alarm.is_sample,
        topic=alarm.topic,
        households=alarm.households,
        window_days=alarm.window_days,
    )
    record(event, actor=ACTOR, now=now)
    people = nearest_with(CHANGE_RADAR, alarm.org_unit, today=localdate(now))
    notify(
        [user.pk for user in people],
        SEEN,
        url=reverse("radar:alarm", args=[alarm.pk]),
        now=now,
        params={"project": str(alarm.project), "households": alarm.households, "topic": alarm.topic},
    )
