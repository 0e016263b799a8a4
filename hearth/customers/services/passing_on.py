"""Putting customers into the hands of another colleague."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hearth.core.actor import Actor
from hearth.core.events import record_many
from hearth.core.ownership import reassign
from hearth.customers.events import CustomerPassedOn
from hearth.customers.models import Customer, CustomerPlace


def pass_on_customers(
    ids: Collection[UUID], *, from_user_id: int | None, to_user_id: int, actor: Actor, now: datetime
) -> list[UUID]:
    """Make a colleague responsible for customers who are still another's; three queries for any number.

    A step of handing over a book, which asks for its right; opens no transaction. Returns whose hands changed.
    """
    rows = reassign(
        Customer.objects.defer("identity_sealed", "name_tokens"),
        "responsible",
        ids,
        from_user_id=from_user_id,
        to_user_id=to_user_id,
        now=now,
    )
    places = CustomerPlace.objects.filter(customer__in=[row.pk for row in rows]).order_by("-id")
    place_of = dict(places.values_list("customer", "org_unit"))
    events = [
        CustomerPassedOn(
            customer_id=row.pk,
            org_unit_id=place_of.get(row.pk),
            from_user_id=from_user_id,
            to_user_id=to_user_id,
            is_sample=row.is_sample,
        )
        for row in rows
    ]
    record_many(events, actor=actor, now=now)
    return [row.pk for row in rows]
