"""Reminders are seen at the place that sold."""

from hearth.core.fence import at_place, fence
from hearth.payment_reminders.models import PaymentReminder

fence(PaymentReminder, at_place())
