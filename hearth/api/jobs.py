"""Work by the clock."""

from datetime import UTC, datetime

from hearth.core.idempotency import forget_answers
from hearth.core.jobs import periodic


@periodic("api.forget_answers", cron="37 * * * *")
def forget_kept_answers(timestamp: int) -> None:
    """Remove the answers of repeatable requests after their day."""
    forget_answers(now=datetime.fromtimestamp(timestamp, tz=UTC))
