"""What the clock does to leads."""

from datetime import UTC, datetime

from hearth.core.jobs import periodic
from hearth.leads.services import reclaim_leads


@periodic("leads.reclaim", cron="20 17 * * *")
def reclaim(timestamp: int) -> None:
    """Give to the public pool, at twenty past one in Shanghai, what was left without contact for too long."""
    reclaim_leads(now=datetime.fromtimestamp(timestamp, tz=UTC))
