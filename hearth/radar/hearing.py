"""What the radar hears of a place: its cases as voices of households, its projects as who could speak."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count
from django.utils.timezone import localdate

from hearth.analytics.radar_expectation import Exposure, RadarSettings
from hearth.analytics.voices import UNKNOWN, Voices
from hearth.cases.models import Case
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import setting_at
from hearth.postponed import Postponed
from hearth.properties.models import Building, Project, Unit
from hearth.properties.stacking import column_of
from hearth.radar.households import number_households
from hearth.radar.models import RadarAlarm, RadarLimit, RadarVoice
from hearth.radar.settings import LIMITS, WATCHFULNESS

if TYPE_CHECKING:
    import numpy as np

    from hearth.analytics.voices import Real, Truth
else:
    np = Postponed("numpy")

# Praise is no grievance; what has no topic cannot meet another of the same.
HEARD_KINDS = (Case.Kind.COMPLAINT, Case.Kind.REPAIR, Case.Kind.ENQUIRY, Case.Kind.SUGGESTION)
SETTINGS = RadarSettings()
FAR = 1_000
COLUMNS = (
    "id",
    "opened_at",
    "project_id",
    "topic",
    "unit_id",
    "unit__building_id",
    "unit__floor",
    "unit__number",
    "unit__entrance_id",
    "customer_id",
    "customer__household_id",
)
PAST = timedelta(days=SETTINGS.past_days + max(SETTINGS.windows))


@dataclass(frozen=True)
class Hearing:
    """The columns of a place and what their numbers stand for. Row n of `voices` is the case `case_ids[n]`."""

    voices: Voices
    exposure: Exposure
    known: "Truth"
    limits: "Real"
    case_ids: Sequence[UUID]
    projects: Sequence[Project]
    topics: Sequence[str]
    buildings: Mapping[int, Sequence[UUID]]

    def building_id(self, project: int, building: int) -> UUID | None:
        """Give the building behind a number of a project, None where it is not one building."""
        return None if building == UNKNOWN else self.buildings[project][building]


def hear(place: OrgUnit, *, now: datetime) -> Hearing:
    """Gather what was said in the projects at and below a place in a bit more than a year; seven queries.

    A household speaks with one voice, through whichever of its members and homes: cases that share a household, a
    customer or a home are of one household. Left out are anonymous cases without a home, which are nobody's voice, and
    those of customers whose data are restricted.
    """
    projects = list(
        Project.objects.filter(org_unit__path__startswith=place.path)
        .select_related("org_unit")
        .order_by("id")
    )
    rows = list(
        Case.objects.filter(
            project__in=projects, kind__in=HEARD_KINDS, opened_at__gte=now - PAST, opened_at__lte=now
        )
        .exclude(topic="")
        .exclude(customer=None, unit=None)
        .exclude(customer__is_canary=True)
        .exclude(customer__restricted_at__isnull=False)
        .order_by("opened_at", "id")
        .values_list(*COLUMNS, named=True)
    )
    numbers = {project.pk: number for number, project in enumerate(projects)}
    topics = sorted({row.topic for row in rows})
    topic_numbers = {topic: number for number, topic in enumerate(topics)}
    buildings = _buildings(projects, numbers)
    building_numbers = {pk: number for each in buildings.values() for number, pk in enumerate(each)}
    days = [localdate(row.opened_at).toordinal() for row in rows]
    places = [_place_of(row, number) for number, row in enumerate(rows)]
    return Hearing(
        voices=Voices(
            day=_whole(days),
            project=_whole([numbers[row.project_id] for row in rows]),
            topic=_whole([topic_numbers[row.topic] for row in rows]),
            building=_whole([building_numbers.get(row.unit__building_id, UNKNOWN) for row in rows]),
            household=_whole(number_households(rows)),
            floor=_whole([floor for floor, _line in places]),
            line=_whole([line for _floor, line in places]),
        ),
        exposure=_exposure(projects, numbers, rows, days, today=localdate(now)),
        known=_known([row.id for row in rows], projects),
        limits=_limits(place, projects, numbers),
        case_ids=[row.id for row in rows],
        projects=projects,
        topics=topics,
        buildings=buildings,
    )


def _place_of(row: Any, number: int) -> tuple[int, int]:
    """Tell where in its building a home lies: the floor, and the column with that of its entrance before it.

    A home that does not say is near no other.
    """
    column = column_of(row.unit__number or "", row.unit__floor)
    if row.unit__floor is None or not (column.isascii() and column.isdigit()):
        return (number + 1) * FAR, 0
    return row.unit__floor, (row.unit__entrance_id.int % FAR if row.unit__entrance_id else 0) * FAR + int(
        column
    ) % FAR


def _whole(numbers: Sequence[int]) -> Any:
    return np.asarray(numbers, dtype=np.int64)


def _buildings(projects: Sequence[Project], numbers: Mapping[UUID, int]) -> dict[int, list[UUID]]:
    found: dict[int, list[UUID]] = {number: [] for number in numbers.values()}
    for pk, project_id in (
        Building.objects.filter(project__in=projects).order_by("id").values_list("id", "project_id")
    ):
        found[numbers[project_id]].append(pk)
    return found


def _exposure(
    projects: Sequence[Project],
    numbers: Mapping[UUID, int],
    rows: Sequence[Any],
    days: Sequence[int],
    *,
    today: date,
) -> Exposure:
    """Who could speak: the homes under contract and handed over, all where none is; watched since the first case."""
    at_risk = np.ones(len(projects))
    for states in (Unit.State.values, (Unit.State.CONTRACTED, Unit.State.DELIVERED)):
        counted = Unit.objects.filter(project__in=projects, state__in=states).values_list("project_id")
        for project_id, homes in counted.annotate(homes=Count("id")):
            at_risk[numbers[project_id]] = homes
    since = np.full(len(projects), today.toordinal(), dtype=np.int64)
    for row, day in zip(rows, days, strict=True):
        since[numbers[row.project_id]] = min(since[numbers[row.project_id]], day)
    handovers = [project.planned_handover_date for project in projects]
    return Exposure(
        households=at_risk,
        watched_from=since,
        city=np.zeros(len(projects), dtype=np.int64),
        handover_day=np.array([day.toordinal() if day else np.nan for day in handovers]),
    )


def _known(case_ids: Sequence[UUID], projects: Sequence[Project]) -> "Truth":
    alarms = RadarAlarm.objects.real().filter(project__in=projects)
    spoken = set(RadarVoice.objects.filter(alarm__in=alarms).values_list("case_id", flat=True))
    return np.array([case_id in spoken for case_id in case_ids], dtype=bool)


def _limits(place: OrgUnit, projects: Sequence[Project], numbers: Mapping[UUID, int]) -> "Real":
    limits = np.full(len(projects), LIMITS[setting_at(WATCHFULNESS.key, place)])
    for project_id, extra in RadarLimit.objects.filter(project__in=projects).values_list(
        "project_id", "extra"
    ):
        limits[numbers[project_id]] += extra
    return limits
