"""Which custom fields a record has, and their values as far as a reader may see them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils import timezone

from hearth.core.actor import Actor
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.objects import CustomObject
from hearth.custom_fields.values import name_of, open_value, show_value
from hearth.organization.models import Membership, OrgUnit


@dataclass(frozen=True)
class HeldRoles:
    """The roles somebody holds today, each with the path of its place; `is_all` for the installation itself."""

    roles: frozenset[tuple[str, str]] = frozenset()
    is_all: bool = False

    def at(self, paths: Collection[str]) -> frozenset[str] | None:
        """Return the codes of the roles held at one of these places or above it, None for all."""
        if self.is_all:
            return None
        return frozenset(
            code for code, held_at in self.roles if any(path.startswith(held_at) for path in paths)
        )

    def anywhere(self) -> frozenset[str] | None:
        """Return the codes of the roles, wherever they are held, None for all."""
        return None if self.is_all else frozenset(code for code, _held_at in self.roles)


@dataclass(frozen=True)
class FieldValue:
    """A field of a record with its value, for one reader."""

    definition: FieldDefinition
    value: Any
    may_change: bool

    @property
    def name(self) -> str:
        return name_of(self.definition)

    @property
    def text(self) -> str:
        return show_value(self.definition, self.value)


def fields_at(
    object_code: str, places: Callable[[], Collection[int]]
) -> tuple[Sequence[FieldDefinition], Collection[str]]:
    """Return the fields in use that records at these places have, and the paths of the places.

    Records have the fields of their places and of all above.
    One query where the object has no field anywhere, else two and what the places take.
    """
    rows = FieldDefinition.objects.filter(object_code=object_code, is_active=True)
    found = list(rows.select_related("org_unit").in_order())
    if not found:
        return [], ()
    paths = tuple(OrgUnit.objects.filter(pk__in=list(places())).values_list("path", flat=True))
    return [each for each in found if any(path.startswith(each.org_unit.path) for path in paths)], paths


def changeable_fields(object_code: str, place_id: int, actor: Actor) -> Mapping[str, FieldDefinition]:
    """Return the fields at a place that the actor's roles may change, by key; at most three queries."""
    found, paths = fields_at(object_code, lambda: [place_id])
    roles = roles_of(actor).at(paths) if found else frozenset()
    return {each.key: each for each in found if is_changed_by(each, roles)}


def values_of(described: CustomObject, record: Model, actor: Actor) -> Sequence[FieldValue]:
    """Return the fields of a record with their values, those the reader may see; at most five queries."""
    definitions, paths = fields_at(described.code, lambda: described.places_of(record))
    if not definitions:
        return []
    roles = roles_of(actor).at(paths)
    may_change = described.may_change(record, actor)
    custom: dict[str, Any] = getattr(record, "custom")  # noqa: B009  (each object's model has it)
    return [
        FieldValue(
            definition=definition,
            value=open_value(definition, custom.get(definition.key), record),
            may_change=may_change and is_changed_by(definition, roles),
        )
        for definition in definitions
        if is_seen_by(definition, roles)
    ]


def is_seen_by(definition: FieldDefinition, roles: frozenset[str] | None) -> bool:
    """Tell whether somebody with these roles sees a field: whoever changes it sees it too."""
    return _is_admitted(definition.view_roles, roles) or _is_admitted_by_name(definition.change_roles, roles)


def is_changed_by(definition: FieldDefinition, roles: frozenset[str] | None) -> bool:
    """Tell whether somebody with these roles may change a field, where they may change the record."""
    return _is_admitted(definition.change_roles, roles) and is_seen_by(definition, roles)


def roles_of(actor: Actor) -> HeldRoles:
    """Return the roles an actor holds today, none where only some of its rights were lent; one query."""
    if actor.is_system:
        return HeldRoles(is_all=True)
    if actor.user_id is None or actor.is_narrowed:
        return HeldRoles()
    held = Membership.objects.current(timezone.localdate()).filter(user_id=actor.user_id)
    return HeldRoles(frozenset(held.values_list("role__code", "org_unit__path")))


def _is_admitted(named: Collection[str], roles: frozenset[str] | None) -> bool:
    """Tell whether roles suffice; where none is named, all do."""
    return not named or _is_admitted_by_name(named, roles)


def _is_admitted_by_name(named: Collection[str], roles: frozenset[str] | None) -> bool:
    return roles is None or not roles.isdisjoint(named)
