"""Reminding of what is to be paid."""

from hearth.payment_reminders.services.reminding import remind

__all__ = ["remind"]
