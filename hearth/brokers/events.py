"""What happens to registrations of brokers; `subject_id` is the registration, of a conflict the conflict."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class CustomerRegistered(Event):
    """A broker registered a customer; `state` is `invalid` where it did not hold, `because` why."""

    type: ClassVar[str] = "brokers.registered"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("channel registration", "Registered by a broker")

    broker_id: UUID
    state: str
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class RegistrationConfirmed(Event):
    """The customer came, or a conflict was decided for the broker."""

    type: ClassVar[str] = "brokers.confirmed"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("channel registration", "Registration confirmed")

    broker_id: UUID


@dataclass(frozen=True, kw_only=True)
class RegistrationRefused(Event):
    """The registration does not hold; `because` is the code of the reason."""

    type: ClassVar[str] = "brokers.refused"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("channel registration", "Registration does not hold")

    broker_id: UUID
    because: str


@dataclass(frozen=True, kw_only=True)
class ConflictOpened(Event):
    """Registrations stand against each other, or against a consultant."""

    type: ClassVar[str] = "brokers.conflict_opened"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("registration conflict", "Registrations conflict")

    registration_ids: tuple[UUID, ...]
    consultant_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ConflictDecided(Event):
    """Somebody decided whose customer it is; without a registration it is the consultant's."""

    type: ClassVar[str] = "brokers.conflict_decided"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy(
        "registration conflict", "Conflict of registrations decided"
    )

    awarded_to: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class LinkRenewed(Event):
    """A broker got a new link, or theirs was withdrawn; `subject_id` is the broker."""

    type: ClassVar[str] = "brokers.link_renewed"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = pgettext_lazy("broker", "Link of a broker changed")

    is_withdrawn: bool


@dataclass(frozen=True, kw_only=True)
class CommissionEarned(Event):
    """A contract earned a commission; `amount` is the commission, `deal` the how-manyth of the partner."""

    type: ClassVar[str] = "brokers.commission_earned"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = pgettext_lazy("commission", "Commission earned")

    deal: int


@dataclass(frozen=True, kw_only=True)
class CommissionReversed(Event):
    """A contract was cancelled, and its commission taken back; `amount` is negative."""

    type: ClassVar[str] = "brokers.commission_reversed"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = pgettext_lazy("commission", "Commission taken back")


@dataclass(frozen=True, kw_only=True)
class SettlementApproved(Event):
    """A second person approved a settlement; `subject_id` is the settlement, `amount` its total."""

    type: ClassVar[str] = "brokers.settlement_approved"
    family: ClassVar[str] = "payment"
    label: ClassVar[str | Promise] = pgettext_lazy("commission sheet", "Settlement of commissions approved")


@dataclass(frozen=True, kw_only=True)
class SettlementPaid(Event):
    """A settlement was paid; `subject_id` is the settlement, `amount` its total."""

    type: ClassVar[str] = "brokers.settlement_paid"
    family: ClassVar[str] = "payment"
    label: ClassVar[str | Promise] = pgettext_lazy("commission sheet", "Settlement of commissions paid")
