"""Work by the clock: closing blocks, and the partitions of coming months."""

from datetime import UTC, datetime

from hearth.audit.sealing import ensure_coming_months, seal_entries
from hearth.core.jobs import periodic


@periodic("audit.seal_entries", cron="* * * * *")
def close_blocks(timestamp: int) -> None:
    """Encrypt and sign what was noted in the last minute."""
    seal_entries()


@periodic("audit.prepare_months", cron="23 3 * * *")
def prepare_months(timestamp: int) -> None:
    """Make the partitions before they are needed."""
    ensure_coming_months(datetime.fromtimestamp(timestamp, tz=UTC))
