"""Days as instants."""

from datetime import date, datetime, time

from django.utils.timezone import make_aware


def noon(day: date) -> datetime:
    """The instant that stands for a day: noon in the installation's time zone, the same day everywhere near."""
    return make_aware(datetime.combine(day, time(12)))
