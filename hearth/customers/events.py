"""What happens to customers; ids, codes and names of fields only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class CustomerCreated(Event):
    """A person or company was recorded for the first time."""

    type: ClassVar[str] = "customer.created"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Customer recorded")

    kind: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class CustomerChanged(Event):
    """Fields of a customer got other values; their names only."""

    type: ClassVar[str] = "customer.changed"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Customer changed")

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ContactPointAdded(Event):
    """A phone, e-mail, WeChat name or address was added; `subject_id` is the contact point."""

    type: ClassVar[str] = "contact_point.added"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Contact added")

    kind: str


@dataclass(frozen=True, kw_only=True)
class ContactPointRemoved(Event):
    """A phone, e-mail, WeChat name or address was removed."""

    type: ClassVar[str] = "contact_point.removed"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Contact removed")

    kind: str


@dataclass(frozen=True, kw_only=True)
class ContactRevealed(Event):
    """A person uncovered one masked value; `subject_id` is the `Reveal` that keeps the reason."""

    type: ClassVar[str] = "contact.revealed"
    family: ClassVar[str] = "consent"
    label: ClassVar[str | Promise] = _("Contact uncovered")

    field: str


@dataclass(frozen=True, kw_only=True)
class HouseholdFormed(Event):
    """Customers were joined to a new household."""

    type: ClassVar[str] = "household.formed"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Household formed")

    member_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class HouseholdChanged(Event):
    """A customer joined or left a household; `change` is `joined` or `left`."""

    type: ClassVar[str] = "household.changed"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Household changed")

    change: str


@dataclass(frozen=True, kw_only=True)
class UnitRoleStarted(Event):
    """A customer became something to a home; `subject_id` is the role's row."""

    type: ClassVar[str] = "unit_role.started"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Home linked")

    role: str


@dataclass(frozen=True, kw_only=True)
class UnitRoleEnded(Event):
    """A customer ceased to be something to a home."""

    type: ClassVar[str] = "unit_role.ended"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Home unlinked")

    role: str


@dataclass(frozen=True, kw_only=True)
class DuplicatesSuggested(Event):
    """Pairs of records were found that may be one customer each; the count of the new ones only."""

    type: ClassVar[str] = "duplicates.suggested"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Duplicates suggested")

    pairs: int


@dataclass(frozen=True, kw_only=True)
class UnitRoleCorrected(Event):
    """What was thought of a role on a home was wrong; the names of the fields that were."""

    type: ClassVar[str] = "unit_role.corrected"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Home corrected")

    role: str
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class UnitRoleWithdrawn(Event):
    """A role on a home never was; `subject_id` is the id the role had."""

    type: ClassVar[str] = "unit_role.withdrawn"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Home withdrawn")

    role: str


@dataclass(frozen=True, kw_only=True)
class CustomerPassedOn(Event):
    """Another colleague is responsible for the customer."""

    type: ClassVar[str] = "customer.passed_on"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Passed on to a colleague")

    from_user_id: int | None
    to_user_id: int


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Event):
    """Records of one customer became one; `subject_id` is the merge. Their events keep the ids they were given."""

    type: ClassVar[str] = "customer.merged"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Records merged")

    absorbed_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class MergeUndone(Event):
    """A merge was undone; `customer_id` is the record that had taken the others in."""

    type: ClassVar[str] = "customer.merge_undone"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Merge undone")

    restored_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class CustomerRestored(Event):
    """A record that had been merged stands by itself again."""

    type: ClassVar[str] = "customer.restored"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Record restored")

    survivor_id: UUID


@dataclass(frozen=True, kw_only=True)
class DuplicateJudged(Event):
    """Two records were said to be different people, put off, or to be judged again; `subject_id` is the pair."""

    type: ClassVar[str] = "duplicate.judged"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Duplicate judged")

    other_id: UUID
    verdict: str


@dataclass(frozen=True, kw_only=True)
class BlockedRemoved(Event):
    """An item that nobody had a right to was removed for good; `item` names it as `OriginStated` does."""

    type: ClassVar[str] = "blocked.removed"
    family: ClassVar[str] = "consent"
    label: ClassVar[str | Promise] = _("Blocked data removed")

    item: str


@dataclass(frozen=True, kw_only=True)
class OriginStated(Event):
    """Somebody stated where an item comes from and by what right it is kept; without one it is blocked."""

    type: ClassVar[str] = "origin.stated"
    family: ClassVar[str] = "consent"
    label: ClassVar[str | Promise] = _("Origin stated")

    item: str
    basis: str
    is_blocked: bool
