"""Work of this app that the clock starts."""

from datetime import UTC, datetime

from hearth.core.jobs import periodic
from hearth.customers.services.strays import gather_strays


@periodic("customers.gather_strays", cron="*/10 * * * *")
def gather_strays_of_merges(timestamp: int) -> None:
    """Let rows follow that were written in the moment of a merge."""
    gather_strays(now=datetime.fromtimestamp(timestamp, tz=UTC))
