"""Adding and removing phones, e-mails, WeChat names and addresses."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import Conflict, DomainError
from hearth.core.events import record
from hearth.customers.contacts import ContactValue, read_contact
from hearth.customers.events import ContactPointAdded, ContactPointRemoved, CustomerChanged
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.origins import Origin, usual_origin
from hearth.customers.permissions import STATE_ORIGIN
from hearth.customers.services.customers import require_change, require_place_of
from hearth.customers.services.origins import NotBlocked, check_origin, tell_removal
from hearth.lib.identifiers import uuid7


class ContactAlreadyKept(DomainError):
    """The customer has this value already."""

    code = "contact_already_kept"
    message = _("The customer already has this contact.")


@transaction.atomic
def add_contact_point(
    customer: Customer,
    *,
    kind: str,
    value: str,
    actor: Actor,
    now: datetime,
    label: str = "",
    is_primary: bool = False,
    origin: Origin | None = None,
) -> ContactPoint:
    """Keep one more contact value, sealed; the first of its kind becomes the preferred one.

    The customer's row is locked, so that two people do not both add the preferred one.

    :raises NotAllowed: if the actor may not change the customer
    :raises InvalidInput: if the value is no phone, e-mail or text
    :raises OriginUnclear: if the origin stated is not complete
    :raises ContactAlreadyKept: if the customer has it
    :raises Conflict: if the customer was merged into another meanwhile
    """
    place = require_change(customer, actor)
    contact = read_contact(kind, value)
    _lock(customer)
    others = list(ContactPoint.objects.filter(customer=customer, kind=kind))
    if any(bytes(other.value_index) == contact.index for other in others):
        raise ContactAlreadyKept
    if is_primary and others:
        ContactPoint.objects.filter(customer=customer, kind=kind, is_primary=True).update(
            is_primary=False, updated_at=now
        )
    origin = origin or usual_origin(kind, actor=actor, on=localdate(now))
    check_origin(origin, now)
    point = build_contact_point(customer, contact, origin=origin, label=label, now=now)
    point.is_primary = is_primary or not others
    point.save(force_insert=True)
    _touch(customer, now)
    event = ContactPointAdded(
        customer_id=customer.pk,
        org_unit_id=place,
        subject_id=point.pk,
        kind=kind,
        is_sample=customer.is_sample,
    )
    record(event, actor=actor, now=now)
    return point


@transaction.atomic
def remove_contact_point(point: ContactPoint, *, actor: Actor, now: datetime) -> None:
    """Forget a contact value for good; the oldest one left of its kind becomes the preferred one.

    :raises NotAllowed: if the actor may not change the customer
    """
    customer = point.customer
    place = require_change(customer, actor)
    _lock(customer)
    point_id = point.pk
    _forget(point, now)
    event = ContactPointRemoved(
        customer_id=customer.pk,
        org_unit_id=place,
        subject_id=point_id,
        kind=point.kind,
        is_sample=customer.is_sample,
    )
    record(event, actor=actor, now=now)


@transaction.atomic
def remove_blocked_contact(point: ContactPoint, *, actor: Actor, now: datetime) -> None:
    """Forget a contact for good, because nobody has a right to it.

    :raises NotAllowed: if the actor may not state origins at a place of the customer
    :raises NotBlocked: unless the contact is blocked
    """
    customer = point.customer
    place = require_place_of(customer, STATE_ORIGIN, actor)
    _lock(customer)
    kept = ContactPoint.objects.filter(pk=point.pk, is_blocked=True).select_related("customer").first()
    if kept is None:
        raise NotBlocked
    _forget(kept, now)
    tell_removal(customer, kept.kind, place=place, actor=actor, now=now)


def _forget(point: ContactPoint, now: datetime) -> None:
    """Delete a contact of a locked customer; the oldest one left of its kind becomes the preferred one."""
    customer = point.customer
    point.delete()
    left = (
        ContactPoint.objects.filter(customer=customer, kind=point.kind).order_by("-is_primary", "id").first()
    )
    if left and not left.is_primary:
        left.is_primary = True
        left.updated_at = now
        left.save(update_fields=["is_primary", "updated_at"])
    _touch(customer, now)


@transaction.atomic
def make_contact_point_preferred(point: ContactPoint, *, actor: Actor, now: datetime) -> None:
    """Make a contact the one that is used first among its kind.

    :raises NotAllowed: if the actor may not change the customer
    """
    customer = point.customer
    place = require_change(customer, actor)
    _lock(customer)
    same_kind = ContactPoint.objects.filter(customer=customer, kind=point.kind)
    same_kind.filter(is_primary=True).exclude(pk=point.pk).update(is_primary=False, updated_at=now)
    same_kind.filter(pk=point.pk).update(is_primary=True, updated_at=now)
    _touch(customer, now)
    event = CustomerChanged(
        customer_id=customer.pk,
        org_unit_id=place,
        subject_id=point.pk,
        fields=(f"preferred_{point.kind}",),
        is_sample=customer.is_sample,
    )
    record(event, actor=actor, now=now)


def prefer_where_none(customer_ids: Collection[UUID]) -> None:
    """Prefer the oldest contact in use of each kind of which customers have some and prefer none; one query."""
    ours = ContactPoint.objects.filter(customer_id__in=list(customer_ids))
    preferred = ours.filter(customer=OuterRef("customer"), kind=OuterRef("kind"), is_primary=True)
    lacking = ours.filter(~Exists(preferred)).order_by("customer_id", "kind", "-is_valid", "id")
    chosen = lacking.distinct("customer_id", "kind").values("pk")
    ContactPoint.objects.filter(pk__in=chosen).update(is_primary=True)


def build_contact_point(
    customer: Customer, contact: ContactValue, *, origin: Origin, now: datetime, label: str = ""
) -> ContactPoint:
    """Return a contact point with its value sealed, not yet saved."""
    point = ContactPoint(
        id=uuid7(),
        customer_id=customer.pk,
        kind=contact.kind,
        value_index=contact.index,
        last_four_index=contact.last_four,
        label=label,
        origin=origin.kept(),
        is_blocked=origin.is_blocked,
        created_at=now,
        updated_at=now,
        is_sample=customer.is_sample,
    )
    point.value = contact.text
    return point


def _lock(customer: Customer) -> None:
    """Lock the customer's row.

    :raises Conflict: if it was merged into another meanwhile
    """
    kept = Customer.objects.select_for_update().only("id", "merged_into").get(pk=customer.pk)
    if kept.merged_into_id:
        raise Conflict


def _touch(customer: Customer, now: datetime) -> None:
    Customer.objects.filter(pk=customer.pk).update(updated_at=now)
