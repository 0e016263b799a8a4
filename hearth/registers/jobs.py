"""The clocks of incidents."""

from datetime import UTC, datetime

from hearth.core.jobs import periodic
from hearth.registers.services import tell_of_clocks


@periodic("registers.tell_of_clocks", cron="*/10 * * * *")
def tell(timestamp: int) -> None:
    """Look every ten minutes for terms of incidents that end soon or have run out."""
    tell_of_clocks(now=datetime.fromtimestamp(timestamp, tz=UTC))
