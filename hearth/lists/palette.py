"""What the command palette offers of lists: their views, and the changes of chosen rows."""

from collections.abc import Sequence

from django.urls import reverse

from hearth.core.actor import Actor
from hearth.core.palette import Command, Group, Spot, offers
from hearth.lists.bulk import actions_for, openings_for
from hearth.lists.definitions import lists
from hearth.lists.models import SavedView
from hearth.lists.state import query_string
from hearth.lists.tools import tools_for

MOST_VIEWS = 200
KEYS = {"assign": "a"}


@offers(Group.DO)
def on_chosen_rows(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Change the rows chosen in the list that is open, or use a tool on them, by the buttons below; no query."""
    if not spot.chosen:
        return []
    opened = [each for each in lists.values() if each.url_name == spot.page and actor.can(each.permission)]
    if not opened:
        return []
    changes = [
        Command(action.label, action.icon, press=f"list-action-{action.key}", keys=KEYS.get(action.key, ""))
        for action in actions_for(opened[0], actor)
    ]
    pages = [
        Command(opening.label, opening.icon, press=f"list-opening-{opening.key}")
        for opening in openings_for(opened[0], actor)
    ]
    tools = enumerate(tools_for(actor), start=1)
    return [
        *changes,
        *pages,
        *(Command(tool.label, tool.icon, press=f"list-tool-{place}") for place, tool in tools),
    ]


@offers(Group.VIEWS)
def views(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Open a view that ships or that somebody saved; one query."""
    open_to = {each.key: each for each in lists.values() if actor.can(each.permission)}
    shipped = [
        Command(preset.label, each.icon, url=_address(each.url_name, preset.key), note=each.label)
        for each in open_to.values()
        for preset in each.presets
    ]
    found = SavedView.objects.visible_to(actor).filter(object_key__in=open_to).order_by("name", "id")
    saved = []
    for view in found[:MOST_VIEWS]:
        of = open_to[view.object_key]
        saved.append(Command(view.name, of.icon, url=_address(of.url_name, str(view.pk)), note=of.label))
    return [*saved, *shipped]


def _address(url_name: str, view: str) -> str:
    return f"{reverse(url_name)}{query_string({'view': view})}"
