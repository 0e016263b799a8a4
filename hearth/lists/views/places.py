"""Choosing the place one works for."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from hearth.core.htmx import go_to, page, page_before
from hearth.core.permissions import actor_of, requires
from hearth.lists.scope import choose_place, chosen_place, narrowed
from hearth.organization.models import OrgUnit
from hearth.organization.permissions import VIEW_ORGANIZATION

MOST_PLACES = 60


@requires(VIEW_ORGANIZATION)
def places(request: HttpRequest) -> HttpResponse:
    """The places one may choose, as a tree, or those with a name; departments are no places to work for."""
    known = OrgUnit.objects.visible_to(actor_of(request)).exclude(kind=OrgUnit.Kind.DEPARTMENT)
    text = request.GET.get("q", "").strip()
    found = known.filter(is_active=True, name__icontains=text).in_tree_order()[: MOST_PLACES + 1]
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    context = {
        "places": found[:MOST_PLACES],
        "has_more": len(found) > MOST_PLACES,
        "chosen": chosen_place(request),
        "is_searched": bool(text),
        "next": f"{here.path}?{here.query}" if here.query else here.path,
    }
    return page(request, "lists/places.html", context, parts={"scope-places"})


@requires(VIEW_ORGANIZATION, methods=("POST",))
def choose(request: HttpRequest) -> HttpResponse:
    """Work for a place from now on, or for all; the list one was at is narrowed at once."""
    known = OrgUnit.objects.visible_to(actor_of(request))
    place_id = request.POST.get("place", "")
    if place_id and not (place_id.isascii() and place_id.isdecimal()):
        raise Http404
    unit = get_object_or_404(known, pk=place_id) if place_id else None
    choose_place(request, unit)
    return go_to(request, narrowed(page_before(request), unit))
