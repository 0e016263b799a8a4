"""The views of a list that a reader may use, and which of them an address means."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.translation import gettext

from hearth.core.actor import Actor
from hearth.lists.definitions import ListDefinition
from hearth.lists.filters import Reader
from hearth.lists.filters.base import Words
from hearth.lists.models import DefaultView, PinnedView, SavedView
from hearth.lists.state import ListState, Parameters, flatten, query_string, read_state

ALL = "all"
MOST_PINS = 20


@dataclass(frozen=True)
class ViewEntry:
    """A view in the switcher: one that ships, or one that somebody saved."""

    key: str
    label: Words
    parameters: Parameters
    saved: SavedView | None = None
    is_own: bool = False
    may_change: bool = False
    is_pinned: bool = False
    is_default: bool = False

    @property
    def url(self) -> str:
        return query_string({"view": self.key})


@dataclass(frozen=True)
class OpenedList:
    """A list as an address asks for it: its state, the view it began with, and the views there are."""

    state: ListState
    base: ViewEntry
    entries: Sequence[ViewEntry]
    is_view_missing: bool
    has_default: bool

    @property
    def is_changed(self) -> bool:
        """Tell whether the list differs from the view it began with."""
        return self.state.parameters() != dict(self.base.parameters)

    def url(self, parameters: Parameters | None = None) -> str:
        """Return the address of this list, or of one with other parameters that began with the same view."""
        wanted = self.state.parameters() if parameters is None else parameters
        if wanted == dict(self.base.parameters):
            return query_string({"view": self.base.key} if self.base.key != ALL else {})
        return query_string({**self.origin(), **wanted})

    def origin(self) -> dict[str, str]:
        """Return the parameter that names the view the list began with."""
        return {"from": self.base.key} if self.base.key != ALL or self.has_default else {}


def view_entries(definition: ListDefinition[Any], actor: Actor) -> list[ViewEntry]:
    """Return the views of a list: those that ship, then those the actor may see by name; one query."""
    own = {"user_id": actor.user_id, "view": OuterRef("pk")}
    pins, defaults = PinnedView.objects.filter(**own), DefaultView.objects.filter(**own)
    found = SavedView.objects.filter(object_key=definition.key).visible_to(actor)
    rows: Any = found.annotate(is_pinned=Exists(pins), is_default=Exists(defaults)).order_by("name", "id")
    shipped = [ViewEntry(ALL, gettext("Everything"), {})]
    shipped += [ViewEntry(preset.key, preset.label, preset.parameters) for preset in definition.presets]
    saved = [
        ViewEntry(
            key=str(view.pk),
            label=view.name,
            parameters=view.parameters,
            saved=view,
            is_own=view.owner_id == actor.user_id,
            may_change=view.may_be_changed_by(actor),
            is_pinned=view.is_pinned,
            is_default=view.is_default,
        )
        for view in rows.select_related("owner")
    ]
    return [*shipped, *saved]


def open_list(definition: ListDefinition[Any], query: QueryDict, reader: Reader) -> OpenedList:
    """Read what an address asks for; one query for the views.

    `view=` opens a view, further parameters change it; `from=` only tells which view a changed list began with. An
    address without parameters opens the reader's default.
    """
    entries = view_entries(definition, reader.actor)
    by_key = {entry.key: entry for entry in entries}
    asked = flatten(query)
    wanted = query.get("view", "") or query.get("from", "")
    default = next((entry for entry in entries if entry.is_default), None)
    base = by_key.get(wanted)
    if base is None:
        base = default if default and not wanted and not asked else entries[0]
    parameters = asked if query.get("from") and not query.get("view") else {**base.parameters, **asked}
    base_state = read_state(definition, base.parameters, reader)
    state = read_state(definition, parameters, reader)
    return OpenedList(
        state=state,
        base=_tidy(base, base_state),
        entries=entries,
        is_view_missing=bool(wanted) and wanted not in by_key,
        has_default=default is not None,
    )


def _tidy(entry: ViewEntry, state: ListState) -> ViewEntry:
    """Write the parameters of a view as they are read today, so that comparing means something."""
    return replace(entry, parameters=state.parameters())


def pinned_views(actor: Actor) -> list[PinnedView]:
    """Return what the actor keeps in the rail and may still see; one query.

    First those without a folder, then the folders by their first view; in each the actor's own order.
    """
    seen = SavedView.objects.visible_to(actor)
    own = PinnedView.objects.filter(user_id=actor.user_id or 0, view__in=seen).select_related("view")
    pins = list(own.order_by("position", "id"))
    folders = list(dict.fromkeys(["", *(pin.folder for pin in pins)]))
    return sorted(pins, key=lambda pin: folders.index(pin.folder))
