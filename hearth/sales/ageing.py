"""How long what is owed is overdue, in the four spans that receivables are told by."""

from datetime import date, timedelta

from django.db.models import Q, TextChoices
from django.utils.translation import pgettext_lazy

UPPER = (30, 60, 90)


class Age(TextChoices):
    """How many days the day of an instalment is over."""

    NOT_DUE = "not_due", pgettext_lazy("receivables", "not overdue")
    TO_30 = "to_30", pgettext_lazy("receivables", "up to 30 days")
    TO_60 = "to_60", pgettext_lazy("receivables", "31–60 days")
    TO_90 = "to_90", pgettext_lazy("receivables", "61–90 days")
    OVER_90 = "over_90", pgettext_lazy("receivables", "over 90 days")


OVERDUE = (Age.TO_30, Age.TO_60, Age.TO_90, Age.OVER_90)
AGE_COLOURS = {"to_30": "yellow", "to_60": "orange", "to_90": "red", "over_90": "red"}


def age_of(days: int) -> Age:
    """Return the span of so many days overdue."""
    if days <= 0:
        return Age.NOT_DUE
    return OVERDUE[sum(days > upper for upper in UPPER)]


def of_age(age: str, today: date) -> Q:
    """Return the condition that the day of an instalment is over for so long."""
    if age == Age.NOT_DUE:
        return Q(due_date__gte=today)
    place = OVERDUE.index(Age(age))
    youngest = UPPER[place - 1] + 1 if place else 1
    condition = Q(due_date__lte=today - timedelta(days=youngest))
    if place < len(UPPER):
        condition &= Q(due_date__gte=today - timedelta(days=UPPER[place]))
    return condition
