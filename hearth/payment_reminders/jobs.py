"""What the calendar does about instalments."""

from datetime import UTC, datetime

from hearth.core.jobs import periodic
from hearth.payment_reminders.services import remind


@periodic("payment_reminders.remind", cron="5 1 * * *")
def remind_of_payments(timestamp: int) -> None:
    """Remind, just after nine in the morning in Shanghai, of what falls due soon or is overdue."""
    remind(now=datetime.fromtimestamp(timestamp, tz=UTC))
