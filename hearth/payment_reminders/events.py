"""What happens to reminders."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class PaymentReminded(Event):
    """A customer, or whoever looks after them, was reminded of an instalment; `way` says who."""

    type: ClassVar[str] = "payment_reminders.payment_reminded"
    family: ClassVar[str] = "payment"
    label: ClassVar[str | Promise] = _("Reminded of a payment")

    contract_id: UUID
    step: str
    way: str
