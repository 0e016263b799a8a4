"""Conditions on rows that hold from one day to another; the end is the first day on which they hold no more."""

from datetime import date

from django.db.models import Q


def in_force(day: date) -> Q:
    """Return the condition that a period covers a day."""
    return Q(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    )


def overlaps(first: date | None, end: date | None) -> Q:
    """Return the condition that a period has a day in common with another; an open end is None."""
    condition = Q()
    if end:
        condition &= Q(valid_from__isnull=True) | Q(valid_from__lt=end)
    if first:
        condition &= Q(valid_to__isnull=True) | Q(valid_to__gt=first)
    return condition
