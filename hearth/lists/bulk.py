"""Changes of many rows at once: what an app offers for its list, and for the lists of apps below."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.registry import Registry
from hearth.lists.definitions import Batch, ListDefinition
from hearth.lists.filters.base import Words
from hearth.lists.permissions import CHANGE_MANY

MOST_ROWS = 20_000
NOT_THERE: Words = _("you may not change many rows there")
Values = Mapping[str, Any]
Places = Callable[[Batch[Any]], Mapping[UUID, Collection[int]]]


@dataclass(frozen=True)
class BulkAction:
    """One change of many rows.

    `make_form` asks what to change them to, `values_of` puts the answer into JSON. `sort_out` tells for a batch of
    rows which are left out and why, in constant queries; so does `places` where each row belongs: at one of its
    places whoever asks must be allowed to change many rows. `change` is the app's own act on one row: it refuses by a
    `DomainError` and returns what was before, which `restore` brings back; without it a change stays.
    """

    key: str
    label: Words
    icon: str
    permission: str
    make_form: Callable[[Actor, QueryDict | None], forms.Form]
    values_of: Callable[[Any], Values]
    sort_out: Callable[[Batch[Any], Values], Mapping[UUID, Words]]
    places: Places
    change: Callable[[Any, Values, Actor, datetime], Values]
    restore: Callable[[Any, Values, Values, Actor, datetime], None] | None = None

    @property
    def can_be_undone(self) -> bool:
        """Tell whether a change can be taken back; templates would call `restore` itself."""
        return self.restore is not None


@dataclass(frozen=True)
class Opening:
    """A page that a few chosen rows are brought to together: `open` returns its address, or refuses.

    It takes from two to `most` rows, in the order of their ids.
    """

    key: str
    label: Words
    icon: str
    permission: str
    most: int
    open: Callable[[Sequence[UUID], Actor, datetime], str]


_actions: Registry[BulkAction] = Registry()
_openings: Registry[Opening] = Registry()


def register_action(list_key: str, action: BulkAction) -> BulkAction:
    """Offer a change for the rows of a list."""
    return _actions.register(f"{list_key}:{action.key}", action)


def register_opening(list_key: str, opening: Opening) -> Opening:
    """Offer a page for a few rows of a list."""
    return _openings.register(f"{list_key}:{opening.key}", opening)


def action_of(definition: ListDefinition[Any], key: str) -> BulkAction | None:
    """Return a change that is registered, or that came with the further columns of a list."""
    further = {action.key: action for action in definition.actions}
    return _actions.get(f"{definition.key}:{key}") or further.get(key)


def actions_for(definition: ListDefinition[Any], actor: Actor) -> list[BulkAction]:
    """Return the changes the actor may make to many rows of a list."""
    if not actor.can(CHANGE_MANY):
        return []
    own = [action for key, action in _actions.items() if key.startswith(f"{definition.key}:")]
    return [action for action in (*own, *definition.actions) if actor.can(action.permission)]


def openings_for(definition: ListDefinition[Any], actor: Actor) -> list[Opening]:
    """Return the pages the actor may bring a few rows of a list to."""
    own = [opening for key, opening in _openings.items() if key.startswith(f"{definition.key}:")]
    return [opening for opening in own if actor.can(opening.permission)]


def beyond_reach(action: BulkAction, batch: Batch[Any]) -> Mapping[UUID, Words]:
    """Tell of the rows at none of whose places the actor may change many; no more queries than `places` takes."""
    scope = batch.actor.scope(CHANGE_MANY)
    if scope.everywhere:
        return {}
    places = action.places(batch)
    return {row_id: NOT_THERE for row_id in batch.ids if not any(map(scope.covers, places.get(row_id, ())))}


@dataclass(frozen=True)
class Selection:
    """Rows somebody chose, sorted into those that change and those left out with the reason."""

    ids: Sequence[UUID]
    left_out: Mapping[UUID, Words]

    @property
    def fits(self) -> int:
        return len(self.ids) - len(self.left_out)

    def reasons(self) -> list[tuple[str, int]]:
        """Count the rows left out by reason."""
        counted: dict[str, int] = {}
        for reason in self.left_out.values():
            counted[str(reason)] = counted.get(str(reason), 0) + 1
        return sorted(counted.items(), key=lambda each: -each[1])


def person_of(values: Values) -> User | None:
    """Return the colleague a change names, if it still names one."""
    return User.objects.filter(pk=values["person"], is_active=True).first() if values.get("person") else None
