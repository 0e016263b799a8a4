"""What the command palette offers everywhere, and to write about a customer."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.navigation import Place, pages_for
from hearth.core.palette import Command, Group, Spot, offers
from hearth.workspace.composer import tabs_for

WRITING = {
    "note": (_("Write a note"), "c"),
    "call": (_("Log a call"), ""),
    "visit": (_("Log a visit"), ""),
    "message": (_("Log a message"), ""),
}


@offers(Group.DO, page="workspace:customer")
def writing(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Write by the composer above the timeline; no query."""
    page = reverse("workspace:customer", args=[spot.record_id])
    tabs = [tab for tab in tabs_for(actor) if tab.code in WRITING]
    return [
        Command(WRITING[tab.code][0], tab.icon, url=f"{page}?compose={tab.code}", keys=WRITING[tab.code][1])
        for tab in tabs
    ]


@offers(Group.CREATE)
def creations(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Begin something new; no query."""
    return [_command(place) for place in pages_for(actor, is_creation=True)]


@offers(Group.PAGES)
def pages(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Open a page of the rail or the settings; no query."""
    return [_command(place) for place in pages_for(actor)]


def _command(place: Place) -> Command:
    keys = f"g {place.shortcut}" if place.shortcut else ""
    return Command(place.label, place.icon, url=reverse(place.url_name), keys=keys)
