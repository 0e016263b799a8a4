"""What the calendar does to prices and reservations."""

from datetime import UTC, datetime

from hearth.core.jobs import periodic
from hearth.inventory.services import lapse_reservations, show_prices_of_today


@periodic("inventory.show_prices", cron="1 16 * * *")
def show_prices(timestamp: int) -> None:
    """Show with each home, a minute after midnight in Shanghai, the price whose first day it is."""
    show_prices_of_today(now=datetime.fromtimestamp(timestamp, tz=UTC))


@periodic("inventory.lapse_reservations", cron="31 16 * * *")
def lapse(timestamp: int) -> None:
    """End, half an hour after midnight in Shanghai, reservations whose day of signing is over."""
    lapse_reservations(now=datetime.fromtimestamp(timestamp, tz=UTC))
