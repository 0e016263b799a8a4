"""Marking customers whom nobody has a reason to open."""

from hearth.customers.models import Customer


def mark_canary(customer: Customer, *, is_canary: bool) -> None:
    """Make a customer a canary, or an ordinary one again; one query, and no trace that others could read.

    A step of `hearth.vigilance`, which asks for the right. May be repeated.
    """
    Customer.objects.filter(pk=customer.pk).update(is_canary=is_canary)
