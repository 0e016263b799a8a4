"""The rights a file was written with, noted to be compared with those its reader holds later."""

from collections.abc import Iterable, Mapping, Sequence

from hearth.core.actor import Actor, Scope

# The places of each right, None for everywhere.
Noted = Mapping[str, Sequence[int] | None]


def note_rights(actor: Actor, names: Iterable[str]) -> dict[str, list[int] | None]:
    """Write down where an actor holds some rights."""
    scopes = {name: actor.scope(name) for name in sorted({*names} - {""})}
    return {name: None if scope.everywhere else sorted(scope.org_unit_ids) for name, scope in scopes.items()}


def still_holds(actor: Actor, noted: Noted) -> bool:
    """Tell whether an actor holds all that was noted, or more."""
    return all(_covers(actor.scope(name), places) for name, places in noted.items())


def _covers(scope: Scope, places: Sequence[int] | None) -> bool:
    return scope.everywhere or (places is not None and scope.org_unit_ids.issuperset(places))
