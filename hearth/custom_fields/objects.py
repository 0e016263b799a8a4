"""Which objects may have custom fields: each app registers its own, with a JSON column `custom` on the model.

register_custom_object(
    CustomObject("unit", "homes", _("Homes"), "home", Unit, "properties:unit", CHANGE, places=…, about=…)
)
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from hearth.core.actor import Actor
from hearth.core.registry import Registry


@dataclass(frozen=True)
class CustomObject:
    """A kind of record that may have custom fields.

    `list_key` names the list that shows and edits them. `rows` are those an actor may see; `places` the places of each
    of some records, whose fields they have; `about` the ids that an event on the record carries. Who holds
    `change_permission` at one of the places may change values.
    """

    code: str
    list_key: str
    label: str | Promise
    icon: str
    rows: Callable[[Actor], QuerySet[Any]]
    url_name: str
    view_permission: str
    change_permission: str
    places: Callable[[Sequence[Any]], Mapping[UUID, Collection[int]]]
    about: Callable[[Any], Mapping[str, Any]]

    def may_change(self, record: Model, actor: Actor) -> bool:
        """Tell whether an actor may change values of a record; at most one query."""
        scope = actor.scope(self.change_permission)
        return scope.everywhere or any(map(scope.covers, self.places_of(record)))

    def places_of(self, record: Model) -> Collection[int]:
        """Return the places of one record; at most one query."""
        return self.places([record]).get(record.pk, ())


custom_objects: Registry[CustomObject] = Registry()


def register_custom_object(described: CustomObject) -> CustomObject:
    return custom_objects.register(described.code, described)
