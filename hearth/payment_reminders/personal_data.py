"""Reminders name nobody: instalment, task and message say whose they are."""

from hearth.core.personal_data import holds_none
from hearth.payment_reminders.models import PaymentReminder

holds_none(
    PaymentReminder, because="Which instalment was reminded of, when and how; the contract says whose."
)
