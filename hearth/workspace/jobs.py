"""Upkeep by the clock."""

from datetime import UTC, datetime

from hearth.core.jobs import periodic
from hearth.workspace.services import forget_looks


@periodic("workspace.forget_looks", cron="47 18 * * *")
def forget_old_looks(timestamp: int) -> None:
    """Remove what nobody will ask of any more, in the small hours in Shanghai."""
    forget_looks(now=datetime.fromtimestamp(timestamp, tz=UTC))
