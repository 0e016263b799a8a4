"""What the calendar does to prices."""

from datetime import UTC, datetime

from hearth.core.jobs import periodic
from hearth.inventory.services import show_prices_of_today


@periodic("inventory.show_prices", cron="1 16 * * *")
def show_prices(timestamp: int) -> None:
    """Show with each home, a minute after midnight in Shanghai, the price whose first day it is."""
    show_prices_of_today(now=datetime.fromtimestamp(timestamp, tz=UTC))
