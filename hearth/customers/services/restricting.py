"""Restricting what is done with a customer."""

from datetime import datetime

from hearth.core.profiling import forget_scores
from hearth.customers.models import Customer


def restrict_customer(customer: Customer, *, now: datetime) -> bool:
    """Have nobody address, select or analyse a customer any more; tell whether that is new.

    What the analysis said goes at once, and is not computed anew before the restriction is lifted.
    A step of the act that decides it: it asks for no right and opens no transaction.
    """
    forget_scores([customer.pk])
    rows = Customer.objects.filter(pk=customer.pk, restricted_at=None)
    return bool(rows.update(restricted_at=now, updated_at=now))


def lift_restriction(customer: Customer, *, now: datetime) -> bool:
    """Take a restriction back; tell whether there was one. A step, as `restrict_customer`."""
    rows = Customer.objects.filter(pk=customer.pk, restricted_at__isnull=False, erased_at=None)
    return bool(rows.update(restricted_at=None, updated_at=now))
