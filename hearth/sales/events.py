"""What happens in sales."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ContractSigned(Event):
    """A customer signed for a home; `amount` is the total, `occurred_at` the day of signing."""

    type: ClassVar[str] = "sales.contract_signed"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Contract signed")


@dataclass(frozen=True, kw_only=True)
class ContractCancelled(Event):
    """A contract ended before the home was handed over; `amount` is the total that fell away, negative."""

    type: ClassVar[str] = "sales.contract_cancelled"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Contract cancelled")


@dataclass(frozen=True, kw_only=True)
class PaymentReceived(Event):
    """Money came in, or went back when `amount` is negative."""

    type: ClassVar[str] = "sales.payment_received"
    family: ClassVar[str] = "payment"
    label: ClassVar[str | Promise] = _("Payment received")
    contract_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class HomeHandedOver(Event):
    """The customer took over the home."""

    type: ClassVar[str] = "sales.home_handed_over"
    family: ClassVar[str] = "handover"
    label: ClassVar[str | Promise] = _("Home handed over")
