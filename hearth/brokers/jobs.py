"""What the calendar does to registrations."""

from datetime import UTC, datetime

from hearth.brokers.services import expire_registrations
from hearth.core.jobs import periodic


@periodic("brokers.expire_registrations", cron="11 16 * * *")
def expire(timestamp: int) -> None:
    """End, ten minutes after midnight in Shanghai, the protection of registrations whose days are over."""
    expire_registrations(now=datetime.fromtimestamp(timestamp, tz=UTC))
