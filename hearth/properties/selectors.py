"""What the pages of projects and homes show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Avg, Count, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.events import event_types
from hearth.core.models import EventRecord
from hearth.core.pages import keyset_page
from hearth.core.timeline import Detail, load_details
from hearth.properties.models import Building, Project, Unit

State = Unit.State
SOLD = (State.SUBSCRIBED, State.CONTRACTED, State.DELIVERED)
TIMELINE_EVENTS = 50


@dataclass(frozen=True)
class StateCount:
    """How many homes are in a state; every state is listed, also with none."""

    state: str
    label: str | Promise
    units: int


@dataclass(frozen=True)
class Figures:
    """Homes of a project or building, by state, with what they cost."""

    states: Sequence[StateCount]
    average_price: Decimal | None = None

    @property
    def units(self) -> int:
        return sum(each.units for each in self.states)

    @property
    def sold(self) -> int:
        return sum(each.units for each in self.states if each.state in SOLD)

    @property
    def sold_share(self) -> float | None:
        return self.sold / self.units if self.units else None


@dataclass(frozen=True)
class ProjectLine:
    """A project in the list with its figures."""

    project: Project
    figures: Figures


def _figures(counts: Mapping[str, int], average_price: Decimal | None = None) -> Figures:
    states = [StateCount(state.value, state.label, counts.get(state.value, 0)) for state in State]
    return Figures(states, average_price)


def project_page(actor: Actor, *, search: str = "", cursor: str = "") -> tuple[list[ProjectLine], str]:
    """Return a page of projects by name with their homes by state, and the next cursor; two queries."""
    rows = Project.objects.visible_to(actor).select_related("org_unit")
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(code__istartswith=search))
    found = keyset_page(rows, order="name", cursor=cursor)
    counts: dict[UUID, dict[str, int]] = {}
    grouped = Unit.objects.filter(project__in=[project.pk for project in found.rows])
    for project_id, state, units in grouped.values_list("project_id", "state").annotate(Count("id")):
        counts.setdefault(project_id, {})[state] = units
    lines = [ProjectLine(project, _figures(counts.get(project.pk, {}))) for project in found.rows]
    return lines, found.next_cursor


def project_figures(project: Project) -> Figures:
    """Return the homes of a project by state and the average list price per m²; two queries."""
    units = Unit.objects.filter(project=project)
    counts = dict(units.values_list("state").annotate(Count("id")))
    priced = units.filter(list_price_amount__isnull=False, floor_area__isnull=False)
    average = priced.aggregate(average=Avg(F("list_price_amount") / F("floor_area")))["average"]
    return _figures(counts, average)


@dataclass(frozen=True)
class BuildingLine:
    """A building with its figures."""

    building: Building
    figures: Figures


def buildings_of(project: Project) -> list[BuildingLine]:
    """Return the buildings of a project with their homes by state; two queries."""
    counts: dict[UUID, dict[str, int]] = {}
    grouped = Unit.objects.filter(project=project).values_list("building_id", "state").annotate(Count("id"))
    for building_id, state, units in grouped:
        counts.setdefault(building_id, {})[state] = units
    buildings = Building.objects.filter(project=project).select_related("phase").order_by("name", "id")
    return [BuildingLine(building, _figures(counts.get(building.pk, {}))) for building in buildings]


@dataclass(frozen=True)
class Entry:
    """One line of a home's timeline."""

    event: EventRecord
    label: str | Promise
    detail: Detail | None


def unit_timeline(unit: Unit, actor: Actor) -> list[Entry]:
    """Return the newest events of a home that the actor may see; one query and those of the details."""
    events = list(
        EventRecord.objects.visible_to(actor).filter(unit_id=unit.pk).newest_first()[:TIMELINE_EVENTS]
    )
    details = load_details(events, actor)
    return [
        Entry(
            event,
            event_types[event.type].label if event.type in event_types else event.type,
            details.get(event.id),
        )
        for event in events
    ]


class HomeUnknown(InvalidInput):
    """The words mean no home of the building, or several."""

    code = "home_unknown"
    message = _("No single home of the building fits. Write the entrance before the room.")


def unit_meant(building: Building, room: str, actor: Actor) -> Unit:
    """Return the one home of a building that a room means, alone or after its entrance; one query.

    :raises HomeUnknown: if it is none, or several
    """
    *entrance, number = room.split()
    rows = Unit.objects.visible_to(actor).filter(building=building, number=number)
    if entrance:
        rows = rows.filter(entrance__name=" ".join(entrance))
    found = list(rows[:2])
    if len(found) != 1:
        raise HomeUnknown("room")
    return found[0]
