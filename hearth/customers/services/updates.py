"""Bringing many customers up to what a file says of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.events import record_many
from hearth.custom_fields.values import change_values
from hearth.customers.events import CustomerChanged
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.services.creation import NewCustomer, build_points, set_identity
from hearth.customers.services.customers import note_origin, set_name

SIMPLE = ("sex", "birth_date", "household_role", "note")
WRITTEN = (
    "name",
    "pinyin",
    "name_tokens",
    "identity_sealed",
    "identity_index",
    "origins",
    "custom",
    *SIMPLE,
    "updated_at",
)


def update_customers(
    pairs: Sequence[tuple[Customer, NewCustomer]], *, actor: Actor, now: datetime
) -> list[Customer]:
    """Write over customers what newer rows state, and add contacts they did not have; four queries for any number.

    What a row leaves empty stays. Nothing is removed, kind and source stay. Returns those that changed. A step of
    the import, which asks for its right and holds the transaction.

    :raises InvalidInput: if a name or identity number is not valid
    """
    changed_fields = {customer.pk: _overwrite(customer, new, actor, now) for customer, new in pairs}
    points = _new_points(pairs, actor, now)
    for point in points:
        changed_fields[point.customer_id].add(point.kind)
    changed = [customer for customer, _new in pairs if changed_fields[customer.pk]]
    for customer in changed:
        customer.updated_at = now
    if changed:
        Customer.objects.bulk_update(changed, WRITTEN)
    insert_many(points)
    events = [
        CustomerChanged(
            customer_id=customer.pk,
            fields=tuple(sorted(changed_fields[customer.pk])),
            is_sample=customer.is_sample,
        )
        for customer in changed
    ]
    record_many(events, actor=actor, now=now)
    return changed


def _overwrite(customer: Customer, new: NewCustomer, actor: Actor, now: datetime) -> set[str]:
    """Set what differs and return the names of those fields."""
    changed = {
        name for name in SIMPLE if getattr(new, name) and getattr(customer, name) != getattr(new, name)
    }
    for name in changed:
        setattr(customer, name, getattr(new, name))
    before = customer.name
    if new.name:
        set_name(customer, new.name)
    if customer.name != before:
        changed.add("name")
    if new.identity_number:
        index = customer.identity_index
        set_identity(customer, new.identity_number, localdate(now))
        if index is None or bytes(index) != customer.identity_index:
            changed.add("identity_number")
    if change_values(new.custom, customer):
        changed.add("custom")
    for name in changed:
        note_origin(customer, name, actor=actor, now=now)
    return changed


def _new_points(
    pairs: Sequence[tuple[Customer, NewCustomer]], actor: Actor, now: datetime
) -> list[ContactPoint]:
    """Build the contacts that are not yet kept; the first of a kind becomes the preferred one."""
    kept = ContactPoint.objects.filter(customer_id__in=[customer.pk for customer, _new in pairs])
    values: set[tuple[UUID, str, bytes]] = set()
    kinds: set[tuple[UUID, str]] = set()
    for customer_id, kind, index in kept.values_list("customer_id", "kind", "value_index"):
        values.add((customer_id, kind, bytes(index)))
        kinds.add((customer_id, kind))
    fresh = []
    for customer, new in pairs:
        for point in build_points(new, customer, actor=actor, now=now):
            if (customer.pk, point.kind, point.value_index) in values:
                continue
            point.is_primary = (customer.pk, point.kind) not in kinds
            kinds.add((customer.pk, point.kind))
            fresh.append(point)
            values.add((customer.pk, point.kind, bytes(point.value_index)))
    return fresh
