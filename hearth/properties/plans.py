"""The list of homes as stacking plans: the homes that fit stand out in their buildings."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise

from hearth.core.bounded import TookTooLong, within
from hearth.core.pages import keyset_page
from hearth.lists.filters import Reader
from hearth.lists.selectors import list_rows
from hearth.lists.state import ListState
from hearth.properties.models import Building, Project, Unit
from hearth.properties.stacking import StackingPlan, stacking_plan

BUILDINGS = 3
# The display is a page: nobody waits long for the buildings of a whole group.
SECONDS = 1.5
Legend = Sequence[tuple[str, str | Promise, int]]


@dataclass(frozen=True)
class BuildingPlan:
    """A building with all its homes, and which of them the list asked for."""

    building: Building
    plan: StackingPlan
    legend: Legend
    units: int
    fitting: AbstractSet[UUID]


def legend_of(plan: StackingPlan) -> Legend:
    """Count the homes of a plan by state; every state is listed, also with none."""
    placed = [unit for floor in plan.floors for cells in floor.cells for unit in cells if unit]
    return [
        (state.value, state.label, sum(1 for unit in placed if unit.state == state)) for state in Unit.State
    ]


def read_plans(state: ListState, reader: Reader, cursor: str) -> tuple[dict[str, Any], str]:
    """Return what the display shows, and the cursor of the buildings after these.

    Two queries, and one for each building: three buildings a page, those entered last first.

    :raises BadCursor: if the cursor belongs to another order
    """
    homes = list_rows(state, reader).order_by()
    projects = Project.objects.visible_to(reader.actor)
    found = Building.objects.filter(Exists(homes.filter(building=OuterRef("pk"))), project__in=projects)
    try:
        with within(SECONDS):
            shown = keyset_page(found.select_related("project"), order="-id", cursor=cursor, limit=BUILDINGS)
    except TookTooLong:
        return {"plans": [], "took_too_long": True}, ""
    of_these = homes.filter(building__in=[building.pk for building in shown.rows])
    fitting: dict[UUID, set[UUID]] = {}
    for building_id, unit_id in of_these.values_list("building_id", "pk"):
        fitting.setdefault(building_id, set()).add(unit_id)
    plans = [_plan(building, fitting.get(building.pk, set())) for building in shown.rows]
    return {"plans": plans, "took_too_long": False}, shown.next_cursor


def _plan(building: Building, fitting: AbstractSet[UUID]) -> BuildingPlan:
    plan = stacking_plan(building)
    legend = legend_of(plan)
    return BuildingPlan(building, plan, legend, sum(count for _state, _label, count in legend), fitting)
