"""Alarms of group complaints: which wait, what one heard, and what there was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.pages import Page, keyset_page
from hearth.group_cases.models import GroupChild
from hearth.lib.identifiers import uuid7_floor
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building, Unit
from hearth.properties.stacking import StackingPlan, stacking_plan
from hearth.radar.households import SPEAKERS, number_households
from hearth.radar.models import RadarAlarm
from hearth.radar.permissions import CHANGE_RADAR

LATE, LISTEN_AGAIN = timedelta(minutes=2), timedelta(hours=1)
MOST_CASES, MOST_BUILDINGS, MOST_EARLIER = 200, 3, 6
State = RadarAlarm.State
TABS = {
    "open": (State.OPEN,),
    "accepted": (State.ACCEPTED,),
    "dismissed": (State.DISMISSED, State.MERGED),
}


def alarm_page(actor: Actor, *, tab: str, cursor: str) -> Page[RadarAlarm]:
    """Return alarms in one of the `TABS`, the latest first; one query.

    :raises BadCursor: if the cursor belongs to another order
    """
    rows = RadarAlarm.objects.visible_to(actor).filter(state__in=TABS[tab])
    return keyset_page(rows.select_related("project", "building"), order="-raised_at", cursor=cursor)


def count_waiting(actor: Actor) -> int:
    """Count the alarms that wait for the actor's word."""
    scope = actor.scope(CHANGE_RADAR)
    rows = RadarAlarm.objects.visible_to(actor).waiting()
    return (rows if scope.everywhere else rows.filter(org_unit_id__in=sorted(scope.org_unit_ids))).count()


def cases_of(alarm: RadarAlarm, actor: Actor) -> QuerySet[Case]:
    """Return the cases that speak in an alarm, as far as the actor sees them, the latest first."""
    found = Case.objects.visible_to(actor).filter(radar_voices__alarm=alarm)
    return found.select_related("unit", "unit__building").order_by("-opened_at", "-id")


def free_cases(alarm: RadarAlarm) -> list[Case]:
    """Return the cases of an alarm that are part of no group complaint, the oldest first."""
    taken = GroupChild.objects.present().values("case")
    found = Case.objects.filter(radar_voices__alarm=alarm).exclude(pk__in=taken)
    return list(found.order_by("opened_at", "id"))


@beyond_places()
def households_of(alarm: RadarAlarm) -> int:
    """Count the households that speak in an alarm, wherever their cases lie."""
    cases = Case.objects.filter(radar_voices__alarm=alarm).exclude(customer=None, unit=None)
    return len(set(number_households(list(cases.values_list(*SPEAKERS, named=True)))))


def may_take(alarm: RadarAlarm, actor: Actor) -> QuerySet[RadarAlarm]:
    """Return the alarms that this one may be merged into."""
    rows = RadarAlarm.objects.visible_to(actor).filter(
        project_id=alarm.project_id, state__in=(State.OPEN, State.ACCEPTED)
    )
    return rows.exclude(pk=alarm.pk).order_by("-raised_at")


def places_with_news(*, now: datetime) -> list[int]:
    """Return the cities to listen to: where a case came since, and those not listened to for an hour.

    Cases are found by their keys, which rise with time; some come a little late, so the last minutes count again.
    """
    cities = OrgUnit.objects.filter(kind=OrgUnit.Kind.CITY_COMPANY).select_related("radar_watch")
    since = int((now - LATE).timestamp() * 1000)
    paths = set(
        Case.objects.filter(pk__gte=uuid7_floor(since)).values_list("org_unit__path", flat=True).distinct()
    )
    return [
        city.pk
        for city in cities.order_by("path")
        if any(path.startswith(city.path) for path in paths) or _is_due(city, now)
    ]


def _is_due(city: OrgUnit, now: datetime) -> bool:
    watch = getattr(city, "radar_watch", None)
    return watch is None or watch.listened_at < now - LISTEN_AGAIN


@dataclass(frozen=True)
class Earlier:
    """What there was before: in this project, and of this topic elsewhere."""

    here: Sequence[RadarAlarm]
    elsewhere: Sequence[RadarAlarm]


def earlier_than(alarm: RadarAlarm, actor: Actor) -> Earlier:
    """Return earlier alarms that a person would compare this one with; two queries."""
    rows = (
        RadarAlarm.objects.visible_to(actor).filter(raised_at__lt=alarm.raised_at).exclude(state=State.MERGED)
    )
    rows = rows.select_related("project").order_by("-raised_at", "-id")
    return Earlier(
        here=list(rows.filter(project_id=alarm.project_id)[:MOST_EARLIER]),
        elsewhere=list(rows.filter(topic=alarm.topic).exclude(project_id=alarm.project_id)[:MOST_EARLIER]),
    )


@dataclass(frozen=True)
class SpeakingBuilding:
    """A building with the homes that speak."""

    building: Building
    plan: StackingPlan
    speaking: frozenset[UUID]


def buildings_of(alarm: RadarAlarm, actor: Actor) -> list[SpeakingBuilding]:
    """Return the stacking plans of the buildings where most homes speak; a query for each and one more."""
    spoken = Unit.objects.visible_to(actor).filter(cases__radar_voices__alarm=alarm).distinct()
    by_building: dict[Building, set[UUID]] = {}
    for unit in spoken.select_related("building"):
        by_building.setdefault(unit.building, set()).add(unit.pk)
    ordered = sorted(by_building.items(), key=lambda each: (-len(each[1]), each[0].name))
    return [
        SpeakingBuilding(building, stacking_plan(building), frozenset(units))
        for building, units in ordered[:MOST_BUILDINGS]
    ]
