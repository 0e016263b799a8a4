"""The plan of a building on sale, and one home of it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from hearth.core.htmx import page
from hearth.core.permissions import actor_of, requires
from hearth.inventory.permissions import VIEW_INVENTORY
from hearth.inventory.selectors import price_history, sale_plan
from hearth.inventory.standing import standings_of
from hearth.properties.models import Building, Unit


@requires(VIEW_INVENTORY)
def plan(request: HttpRequest, building_id: UUID) -> HttpResponse:
    """A building with the state and the price of each home."""
    actor = actor_of(request)
    rows = Building.objects.visible_to(actor).visible_with(actor, VIEW_INVENTORY).select_related("project")
    building = get_object_or_404(rows, pk=building_id)
    context = {"building": building, "plan": sale_plan(building, timezone.now())}
    return page(request, "inventory/plan.html", context, parts=["sale-plan"])


@requires(VIEW_INVENTORY)
def home(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """One home: how it stands, what it costs and what it cost."""
    actor, now = actor_of(request), timezone.now()
    rows = Unit.objects.visible_to(actor).visible_with(actor, VIEW_INVENTORY).with_place()
    unit = get_object_or_404(rows, pk=unit_id)
    context = {
        "unit": unit,
        "standing": standings_of([unit], now)[unit.pk],
        "prices": price_history(unit, actor, now),
    }
    return page(request, "inventory/home.html", context)
