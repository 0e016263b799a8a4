"""Where the rules of a person's roles leave a field in full, or known at all."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hearth.core.actor import Scope
from hearth.core.field_rules import Access, ruled_fields

# The path of the place, the role's rights and its rules.
Appointment = tuple[str, Sequence[str], Sequence[Mapping[str, Any]]]
Units = Sequence[tuple[str, int]]
KNOWN = {Access.VISIBLE, Access.MASKED}


def field_scopes(appointments: Sequence[Appointment], units: Units) -> dict[str, Scope]:
    """Return the scopes of the fields that a rule of one of the roles speaks of.

    Several roles at one place: the one that shows most counts, as with rights.
    """
    spoken_of = {rule["field"] for _path, _rights, rules in appointments for rule in rules}
    scopes = {}
    for key in sorted(spoken_of):
        field = ruled_fields.get(key)
        if field is None:
            continue
        scopes[field.in_full] = _left(appointments, units, key, field.right, {Access.VISIBLE})
        scopes[field.known] = _left(appointments, units, key, "", KNOWN)
    return scopes


def _left(
    appointments: Sequence[Appointment], units: Units, key: str, right: str, wanted: Collection[Access]
) -> Scope:
    """Return the places where a role, with the right if one is needed, has no rule against it."""
    found: set[int] = set()
    for path, rights, rules in appointments:
        if right and right not in rights:
            continue
        access_at = {rule["place"]: Access(rule["access"]) for rule in rules if rule["field"] == key}
        if not access_at and path.count("/") == 1:
            return Scope.EVERYWHERE
        below = ((place, unit_id) for place, unit_id in units if place.startswith(path))
        found |= {unit_id for place, unit_id in below if _nearest(place, access_at) in wanted}
    return Scope(org_unit_ids=frozenset(found))


def _nearest(path: str, access_at: Mapping[int, Access]) -> Access:
    """Return what the rule of the nearest place at or above says; without one the right decides."""
    for part in reversed(path.rstrip("/").split("/")):
        if int(part) in access_at:
            return access_at[int(part)]
    return Access.VISIBLE
