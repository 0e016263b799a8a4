"""Opening days: the desk that calls numbers, and the page on which five hundred consultants choose."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from hearth.core.errors import DomainError, NotAllowed
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.inventory.forms import CallForm, ChoiceForm
from hearth.inventory.models import Opening, QueueEntry
from hearth.inventory.opening_selectors import (
    buildings_on_offer,
    called_entries,
    changes_since,
    homes_on_offer,
    opening_figures,
)
from hearth.inventory.permissions import HOLD_HOME, RUN_OPENING, VIEW_INVENTORY
from hearth.inventory.refusals import HomeNotFree
from hearth.inventory.services import begin_opening, call_numbers, choose_home, close_opening
from hearth.inventory.standing import COLOURS, Stand
from hearth.inventory.views.batches import batch_of
from hearth.properties.models import Unit


@requires(RUN_OPENING, methods=("POST",))
def begin(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Begin the opening day of a batch."""
    row = begin_opening(batch_of(request, batch_id), actor=actor_of(request), now=timezone.now())
    return go_to(request, reverse("inventory:opening", args=[row.pk]))


def _opening(request: HttpRequest, opening_id: UUID) -> Opening:
    rows = Opening.objects.visible_to(actor_of(request)).select_related("batch__project")
    return get_object_or_404(rows, pk=opening_id)


@requires(VIEW_INVENTORY)
def opening(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """How far the opening day has come, and the next round."""
    return _opening_page(request, _opening(request, opening_id))


def _opening_page(
    request: HttpRequest, row: Opening, *, form: CallForm | None = None, refusal: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "row": row,
        "figures": opening_figures(row, timezone.now()),
        "may_run": actor.can(RUN_OPENING, row.org_unit_id) and row.state == Opening.State.RUNNING,
        "may_choose": actor.can(HOLD_HOME, row.org_unit_id) and row.state == Opening.State.RUNNING,
        "form": form or CallForm(initial={"up_to": row.called_to + 10}),
        "refusal": refusal,
    }
    return page(request, "inventory/opening.html", context, status=REFUSED if refusal or form else SUCCESS)


@requires(RUN_OPENING, methods=("POST",))
def call(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Call the next numbers."""
    row, form = _opening(request, opening_id), CallForm(request.POST)
    if not form.is_valid():
        return _opening_page(request, row, form=form)
    try:
        call_numbers(row, up_to=form.cleaned_data["up_to"], actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _opening_page(request, row, refusal=str(refusal))
    return go_to(request, reverse("inventory:opening", args=[opening_id]))


@requires(RUN_OPENING, methods=("POST",))
def close(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """End the opening day."""
    row = close_opening(_opening(request, opening_id), actor=actor_of(request), now=timezone.now())
    return go_to(request, reverse("inventory:opening", args=[row.pk]))


@requires(HOLD_HOME)
def choosing(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """The numbers that may choose, and the buildings; homes come with their building, then only what changes."""
    row, now = _opening(request, opening_id), timezone.now()
    context = {
        "row": row,
        "waiting": called_entries(row, actor_of(request)),
        "buildings": buildings_on_offer(row),
        "words": {stand.value: [str(stand.label), COLOURS[stand]] for stand in Stand},
        "at": now,
    }
    return page(request, "inventory/choosing.html", context, parts=["called-entries"])


@requires(HOLD_HOME)
def homes(request: HttpRequest, opening_id: UUID, building_id: UUID) -> HttpResponse:
    """The homes of one building, as buttons."""
    row = _opening(request, opening_id)
    context = {"homes": homes_on_offer(row, building_id, timezone.now())}
    return page(request, "inventory/components/choosing_homes.html", context)


@requires(VIEW_INVENTORY)
def changes(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """What has changed since the reader last looked, as JSON."""
    row, now = get_object_or_404(Opening.objects.visible_to(actor_of(request)), pk=opening_id), timezone.now()
    since = _instant(request.GET.get("since", "")) or row.created_at
    told = {
        "at": now.isoformat(),
        "called_to": row.called_to,
        "state": row.state,
        "homes": changes_since(row, since, now),
    }
    return JsonResponse(told)


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None


@requires(HOLD_HOME, methods=("POST",))
def choose(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Choose a home for a number; the answer is JSON with what was done, or why not and what is free."""
    actor, form = actor_of(request), ChoiceForm(request.POST)
    row = get_object_or_404(Opening.objects.visible_to(actor), pk=opening_id)
    if not form.is_valid():
        return JsonResponse(
            {"is_done": False, "code": "invalid_input", "message": str(form.errors)}, status=REFUSED
        )
    entry = get_object_or_404(QueueEntry.objects.visible_to(actor), pk=form.cleaned_data["entry"])
    unit = get_object_or_404(Unit.objects.visible_to(actor), pk=form.cleaned_data["unit"])
    try:
        choose_home(row, entry=entry, unit=unit, actor=actor, now=timezone.now())
    except NotAllowed:
        raise
    except DomainError as refusal:
        nearest = refusal.nearest if isinstance(refusal, HomeNotFree) else None
        told = {
            "code": refusal.code,
            "message": str(refusal),
            "nearest": str(nearest.pk) if nearest else None,
        }
        return JsonResponse({"is_done": False, **told}, status=REFUSED)
    return JsonResponse({"is_done": True, "unit": str(unit.pk), "number": entry.number})
