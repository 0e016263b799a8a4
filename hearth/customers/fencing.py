"""The fence of what belongs to a customer."""

from django.db import models

from hearth.core.fence import with_seen
from hearth.customers.models import CustomerPlace


def with_customer(of: type[models.Model], column: str = "customer_id") -> str:
    """A row of `of` whose column names a customer known at one of the places where the actor works."""
    return with_seen(CustomerPlace, column, of=of, key="customer_id")
