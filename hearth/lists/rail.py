"""What a person keeps in the rail. Every page shows it, so the session remembers it and no page asks for it."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse

from hearth.core.navigation import Pin
from hearth.core.permissions import actor_of
from hearth.lists.definitions import lists
from hearth.lists.selectors import MOST_PINS, pinned_views
from hearth.lists.state import query_string

KEY = "lists_favourites"


def pins_of(request: HttpRequest) -> Sequence[Pin]:
    """Return the reader's pins of lists they may open; one query, once a session or after a change."""
    actor = actor_of(request)
    if actor.user_id is None:
        return []
    if KEY not in request.session:
        request.session[KEY] = [
            [pin.view.object_key, str(pin.view.pk), pin.view.name, pin.folder]
            for pin in pinned_views(actor)[:MOST_PINS]
        ]
    pins = []
    for object_key, view_id, name, folder in request.session[KEY]:
        definition = lists.get(object_key)
        if definition and actor.can(definition.permission):
            url = f"{reverse(definition.url_name)}{query_string({'view': view_id})}"
            pins.append(Pin(label=name, icon=definition.icon, url=url, folder=folder))
    return pins


def forget_pins(request: HttpRequest) -> None:
    """Have the pins read again, after a change of them or of a view."""
    request.session.pop(KEY, None)
