"""Which records a customer had before they were merged; events and files still name them."""

from collections.abc import Collection
from uuid import UUID

from hearth.customers.models import Customer


def aliases_of(customer_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the merged records of customers, each with the record it belongs to by now; one query."""
    rows = Customer.objects.filter(merged_into__in=list(customer_ids))
    return {row.pk: row.merged_into_id for row in rows.only("id", "merged_into") if row.merged_into_id}
