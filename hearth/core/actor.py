"""Who acts, and where they may: the one thing every rule of access starts from.

An `Actor` is a plain value. `organization` builds it from memberships; services and QuerySets only ask it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from hearth.core.errors import NotAllowed


@dataclass(frozen=True)
class Scope:
    """The places where one permission holds: everywhere, or a set of organisation units with all below them."""

    everywhere: bool = False
    org_unit_ids: frozenset[int] = frozenset()

    NOWHERE: ClassVar["Scope"]
    EVERYWHERE: ClassVar["Scope"]

    def covers(self, org_unit_id: int | None) -> bool:
        return self.everywhere or (org_unit_id is not None and org_unit_id in self.org_unit_ids)

    def within(self, other: "Scope") -> "Scope":
        """Return the places that both name."""
        if self.everywhere or other.everywhere:
            return other if self.everywhere else self
        return Scope(org_unit_ids=self.org_unit_ids & other.org_unit_ids)

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.org_unit_ids)


# The right that shows each field in full, nothing for one that is masked for everybody; rules can only take from it.
field_rights: dict[str, str] = {}

Scope.NOWHERE = Scope()
Scope.EVERYWHERE = Scope(everywhere=True)


@dataclass(frozen=True)
class Actor:
    """A user with permissions at places, or the system itself.

    `kind` is what the event stream keeps beside the user: `user`, `system`, `import`, `api`, `customer`. `roles` are
    the codes of those held, for the log alone: what may be done follows from rights.
    """

    user_id: int | None
    name: str
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    kind: str = "user"
    is_system: bool = False
    is_narrowed: bool = False
    roles: tuple[str, ...] = ()

    @classmethod
    def system(cls, name: str = "system", *, kind: str = "system") -> "Actor":
        """The installation's own work (jobs, migrations, demo): allowed everywhere, never a person."""
        return cls(user_id=None, name=name, kind=kind, is_system=True)

    @classmethod
    def nobody(cls) -> "Actor":
        """A visitor who has not signed in."""
        return cls(user_id=None, name="", kind="nobody")

    def narrowed_to(self, rights: Collection[str]) -> "Actor":
        """Return the same actor with no other rights than these; each still holds where it held.

        What a role gives beside its rights is not given to such an actor.
        """
        kept = {name: scope for name, scope in self.scopes.items() if name in rights or name in field_rights}
        return replace(self, scopes=kept, is_narrowed=True)

    def masked(self) -> "Actor":
        """Return the same actor, who sees no ruled field in full."""
        in_full = [name for name, right in field_rights.items() if right]
        return replace(self, scopes={**self.scopes, **dict.fromkeys(in_full, Scope.NOWHERE)})

    def confined(self, permission: str, to: str) -> "Actor":
        """Return the same actor who holds a right only where they hold the right `to` as well."""
        return replace(
            self, scopes={**self.scopes, permission: self.scope(permission).within(self.scope(to))}
        )

    def scope(self, permission: str) -> Scope:
        """Return where a right holds; a field (`hearth.core.field_rules`) is seen where its right holds, or at less."""
        if self.is_system:
            return Scope.EVERYWHERE
        right = field_rights.get(permission)
        if right is None:
            return self.scopes.get(permission, Scope.NOWHERE)
        left = self.scopes.get(permission, Scope.EVERYWHERE)
        return left.within(self.scope(right)) if right else left

    def can(self, permission: str, org_unit_id: int | None = None) -> bool:
        """Tell whether the permission holds at a place, or at any place when none is given."""
        scope = self.scope(permission)
        return bool(scope) if org_unit_id is None else scope.covers(org_unit_id)

    def require(self, permission: str, org_unit_id: int | None = None) -> None:
        """Refuse unless the permission holds.

        :raises NotAllowed: with the permission's name in `params`
        """
        if not self.can(permission, org_unit_id):
            raise NotAllowed(permission=permission)
