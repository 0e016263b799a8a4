"""When a customer was last in contact with us."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection


def touch_customers(contacted_at: Mapping[UUID, datetime]) -> None:
    """Move the last contact of customers forward, never back. One query; opens no transaction."""
    if not contacted_at:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE customers_customer AS customer
            SET last_contact_at = GREATEST(customer.last_contact_at, contact.at)
            FROM unnest(%s::uuid[], %s::timestamptz[]) AS contact (id, at)
            WHERE customer.id = contact.id
            """,
            [list(contacted_at), list(contacted_at.values())],
        )
