"""The place a person works for at the moment: lists that are opened from the rail are narrowed to it.

The choice narrows by the filter that anybody can see and take away, never by a rule of its own: what is exported or
changed from such a list is what the list shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, QueryDict
from django.urls import resolve

from hearth.core.actor import Actor
from hearth.core.permissions import actor_of
from hearth.lists.definitions import ListDefinition, lists
from hearth.lists.state import NAVIGATION, flatten, query_string
from hearth.organization.models import OrgUnit
from hearth.organization.permissions import VIEW_ORGANIZATION

KEY = "lists_place"
FILTER = "place"


@dataclass(frozen=True)
class ChosenPlace:
    """A place as the rail names it."""

    id: int
    name: str
    icon: str


def may_choose(actor: Actor) -> bool:
    """Tell whether there is anything to choose from: who knows one place only is always there."""
    known = actor.scope(VIEW_ORGANIZATION)
    return known.everywhere or len(known.org_unit_ids) > 1


def chosen_place(request: HttpRequest) -> ChosenPlace | None:
    """Return the place chosen in this session, as long as the reader may see it; no query."""
    kept = request.session.get(KEY)
    if kept is None or not actor_of(request).can(VIEW_ORGANIZATION, kept[0]):
        return None
    return ChosenPlace(*kept)


def choose_place(request: HttpRequest, unit: OrgUnit | None) -> None:
    """Remember a place for this session; none means all that the reader may see."""
    if unit is None:
        request.session.pop(KEY, None)
    else:
        request.session[KEY] = [unit.pk, unit.name, unit.icon]


def narrowing_of(request: HttpRequest, url_name: str) -> Mapping[str, str]:
    """Return what the chosen place adds to the address of a page: the filter of a list that has one."""
    place = chosen_place(request)
    return {FILTER: str(place.id)} if place and _list_at(url_name) else {}


def narrowed(url: str, unit: OrgUnit | None) -> str:
    """Return the address of a page after a choice: that of a list is narrowed anew, any other stays."""
    parts = urlsplit(url)
    try:
        found = _list_at(resolve(parts.path).view_name)
    except Http404:
        found = None
    if found is None:
        return url
    kept = {key: text for key, text in flatten(QueryDict(parts.query)).items() if key not in NAVIGATION}
    kept.pop(FILTER, None)
    return parts.path + query_string({**kept, FILTER: str(unit.pk)} if unit else kept)


def _list_at(url_name: str) -> ListDefinition[Any] | None:
    at_page = (each for each in lists.values() if each.url_name == url_name and FILTER in each.filter_of)
    return next(at_page, None)
