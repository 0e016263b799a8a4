"""The command palette and the sheet of keys, as parts of any page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hearth.core.palette import spot_at
from hearth.core.permissions import SIGNED_IN, actor_of, requires
from hearth.workspace.palette_page import fill_palette, shortcut_sheet

MOST_OPENED, MOST_CHARACTERS = 12, 200


@requires(SIGNED_IN)
def palette(request: HttpRequest) -> HttpResponse:
    """The lines of the palette for a text.

    `at` is the address of the page below it, `chosen` how many rows are chosen there, `opened` the addresses of the
    records opened last, which the browser remembers.
    """
    text = request.GET.get("q", "")[:MOST_CHARACTERS]
    chosen = request.GET.get("chosen", "")
    spot = spot_at(request.GET.get("at", ""), chosen=int(chosen) if chosen.isdecimal() else 0)
    opened = [spot_at(path) for path in request.GET.getlist("opened")[:MOST_OPENED]]
    groups = fill_palette(text, actor=actor_of(request), spot=spot, opened=opened)
    number = sum(len(group.commands) for group in groups)
    return render(request, "workspace/palette.html", {"groups": groups, "text": text, "number": number})


@requires(SIGNED_IN)
def keys(request: HttpRequest) -> HttpResponse:
    """The keys that work on the page whose address is `at`."""
    sections = shortcut_sheet(actor_of(request), spot_at(request.GET.get("at", "")))
    return render(request, "workspace/keys.html", {"sections": sections})
