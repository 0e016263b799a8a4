"""What lists offer to the rail and the sheet of keys."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.activity import Activity, activity_readers
from hearth.core.actor import Actor
from hearth.core.navigation import RailHead, narrowings, pin_providers, rail_heads
from hearth.core.palette import Spot
from hearth.core.permissions import actor_of
from hearth.core.shortcuts import Shortcut, ShortcutSection, shortcut_sections
from hearth.lists.definitions import lists
from hearth.lists.models import BulkRun
from hearth.lists.rail import pins_of
from hearth.lists.scope import chosen_place, may_choose, narrowing_of

pin_providers.register("lists", pins_of)
narrowings.register("lists", narrowing_of)
rail_heads.register(
    "lists",
    RailHead(
        "lists/scope.html",
        is_shown=lambda request: may_choose(actor_of(request)),
        context=lambda request: {"chosen": chosen_place(request)},
    ),
)


def _is_list(spot: Spot) -> bool:
    return any(definition.url_name == spot.page for definition in lists.values())


def _is_record(spot: Spot) -> bool:
    return any(definition.record_url_name == spot.page for definition in lists.values())


shortcut_sections.register(
    "lists.records",
    ShortcutSection(
        _("Keys on the page of a row"),
        (
            Shortcut([">"], _("the next one of the list it was opened from")),
            Shortcut(["<"], _("the one before")),
        ),
        is_shown=_is_record,
    ),
)
shortcut_sections.register(
    "lists",
    ShortcutSection(
        _("Keys on lists"),
        (
            Shortcut(["j", "k"], _("next row, row before")),
            Shortcut(["Space"], _("look at the row beside the list")),
            Shortcut(["o", "Enter"], _("open the row")),
            Shortcut(["e"], _("edit its values where they stand, or its page")),
            Shortcut(["a"], _("put somebody in charge of the row, or of the selected rows")),
            Shortcut(["Enter"], _("while editing: save")),
            Shortcut(["Tab"], _("while editing: save and go to the next value")),
            Shortcut(["Esc"], _("close, or give up editing")),
            Shortcut(["x"], _("select it")),
            Shortcut(["m 1"], _("on a board: move the card to the first column, or another")),
            Shortcut(["f"], _("search in the list")),
        ),
        is_shown=_is_list,
    ),
)

MOST_RUNS = 5


def _running_changes(actor: Actor, since: datetime) -> Sequence[Activity]:
    """Return the changes of many rows that run for a person, and those that ended lately; one query."""
    over = [BulkRun.State.DONE, BulkRun.State.UNDONE]
    wanted = ~Q(state__in=over) | Q(updated_at__gte=since)
    found = BulkRun.objects.visible_to(actor).filter(wanted).order_by("-id")[:MOST_RUNS]
    return [
        Activity(
            label=lists[run.object_key].label,
            words=run.get_state_display(),
            url=reverse("lists:run", args=[run.pk]),
            outcome="done" if run.state in over else "",
        )
        for run in found
        if run.object_key in lists
    ]


activity_readers.register("lists", _running_changes)
