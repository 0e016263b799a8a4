"""The clocks of the registers."""

from datetime import UTC, datetime

from hearth.core.jobs import periodic
from hearth.registers.services import raise_what_is_due, tell_of_clocks


@periodic("registers.tell_of_clocks", cron="*/10 * * * *")
def tell(timestamp: int) -> None:
    """Look every ten minutes for terms of incidents that end soon or have run out."""
    tell_of_clocks(now=datetime.fromtimestamp(timestamp, tz=UTC))


@periodic("registers.raise_due", cron="20 0 * * *")
def raise_due(timestamp: int) -> None:
    """Give tasks each morning (twenty past eight in Shanghai) for reviews and contracts that fall due."""
    raise_what_is_due(now=datetime.fromtimestamp(timestamp, tz=UTC))
