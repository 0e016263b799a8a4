"""Putting what one keeps in the rail in order, and into folders."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import SIGNED_IN, actor_of, requires
from hearth.lists.definitions import lists
from hearth.lists.models import PinnedView
from hearth.lists.rail import forget_pins
from hearth.lists.selectors import MOST_PINS, pinned_views
from hearth.lists.services import arrange_pins


@requires(SIGNED_IN, methods=("GET", "HEAD", "POST"))
def favourites(request: HttpRequest) -> HttpResponse:
    """The views one keeps in the rail: their order is that of the page, their folders are named there."""
    refusal, wanted = "", _wanted(request)
    if request.method == "POST":
        try:
            arrange_pins(wanted, actor=actor_of(request))
        except DomainError as error:
            refusal = str(error)
        else:
            forget_pins(request)
            messages.success(request, gettext("Your favourites are arranged."))
            return go_to(request, reverse("lists:favourites"))
    pins = _as_sent(pinned_views(actor_of(request)), dict(wanted))
    context: dict[str, Any] = {
        "rows": [(pin, lists[pin.view.object_key]) for pin in pins if pin.view.object_key in lists],
        "folders": sorted({pin.folder for pin in pins if pin.folder}),
        "longest": PinnedView._meta.get_field("folder").max_length,
        "most": MOST_PINS,
        "refusal": refusal,
    }
    return page(request, "lists/favourites.html", context, status=REFUSED if refusal else SUCCESS)


def _as_sent(pins: list[PinnedView], wanted: dict[UUID, str]) -> list[PinnedView]:
    """Show pins as a refused form has them, so that nothing of it is lost."""
    if not wanted:
        return pins
    places = {view_id: place for place, view_id in enumerate(wanted)}
    for pin in pins:
        pin.folder = wanted.get(pin.view_id, pin.folder)
    return sorted(pins, key=lambda pin: places.get(pin.view_id, len(places)))


def _wanted(request: HttpRequest) -> list[tuple[UUID, str]]:
    """Read views in their new order, each with the folder that was named for it."""
    wanted = []
    for text in request.POST.getlist("view"):
        try:
            wanted.append((UUID(text), request.POST.get(f"folder-{text}", "")))
        except ValueError:
            continue
    return wanted
