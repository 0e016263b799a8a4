"""What the calendar does to promises."""

from datetime import UTC, datetime

from hearth.core.jobs import periodic
from hearth.promises.services import mark_overdue


@periodic("promises.mark_overdue", cron="41 16 * * *")
def mark(timestamp: int) -> None:
    """Mark, forty minutes after midnight in Shanghai, promises whose day is over, and tell those who keep them."""
    mark_overdue(now=datetime.fromtimestamp(timestamp, tz=UTC))
