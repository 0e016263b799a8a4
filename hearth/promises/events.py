"""What happened to disclosures and promises."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class DisclosureApproved(Event):
    """A second person approved a version; `subject_id` is the version."""

    type: ClassVar[str] = "promises.disclosure_approved"
    family: ClassVar[str] = "property"
    label: ClassVar[str | Promise] = _("Disclosure approved")

    kind: str
    version: int


@dataclass(frozen=True, kw_only=True)
class DisclosurePublished(Event):
    """A version took the place of the one before; `subject_id` is the version."""

    type: ClassVar[str] = "promises.disclosure_published"
    family: ClassVar[str] = "property"
    label: ClassVar[str | Promise] = _("Disclosure published")

    kind: str
    version: int


@dataclass(frozen=True, kw_only=True)
class DisclosureShown(Event):
    """A version is shown somewhere, or no longer; `subject_id` is the version."""

    type: ClassVar[str] = "promises.disclosure_shown"
    family: ClassVar[str] = "property"
    label: ClassVar[str | Promise] = _("Disclosure shown")

    kind: str
    version: int
    place: str
    is_ended: bool


@dataclass(frozen=True, kw_only=True)
class DisclosureAcknowledged(Event):
    """A buyer acknowledged a version; `subject_id` is the acknowledgement, `occurred_at` its day."""

    type: ClassVar[str] = "promises.disclosure_acknowledged"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Disclosure acknowledged")

    kind: str
    version: int
    how: str


@dataclass(frozen=True, kw_only=True)
class PromiseMade(Event):
    """A promise was entered into the ledger; `subject_id` is the promise."""

    type: ClassVar[str] = "promises.promise_made"
    family: ClassVar[str] = "property"
    label: ClassVar[str | Promise] = _("Promise recorded")

    source: str


@dataclass(frozen=True, kw_only=True)
class PromiseChanged(Event):
    """The day of a promise or the department that keeps it was changed; days as text, empty for none."""

    type: ClassVar[str] = "promises.promise_changed"
    family: ClassVar[str] = "property"
    label: ClassVar[str | Promise] = _("Promise changed")

    before_due: str
    due: str


@dataclass(frozen=True, kw_only=True)
class PromiseOverdue(Event):
    """The day of a promise is over; `people` is how many were told."""

    type: ClassVar[str] = "promises.promise_overdue"
    family: ClassVar[str] = "property"
    label: ClassVar[str | Promise] = _("Promise overdue")

    people: int


@dataclass(frozen=True, kw_only=True)
class PromiseDecided(Event):
    """A second person confirmed what became of a promise: kept, broken or withdrawn."""

    type: ClassVar[str] = "promises.promise_decided"
    family: ClassVar[str] = "property"
    label: ClassVar[str | Promise] = _("Promise decided")

    outcome: str
    is_late: bool
