"""Stating where personal data come from and by what right; what has no right is blocked from use."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.customers.events import BlockedRemoved, OriginStated
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.origins import IDENTITY, KEPT_ON_CUSTOMER, Basis, Origin, Purpose, Source
from hearth.customers.permissions import STATE_ORIGIN
from hearth.customers.services.customers import require_place_of


class OriginUnclear(InvalidInput):
    """The source, purpose or right is unknown to the system, or the day lies ahead."""

    code = "origin_unclear"
    message = _("State source, purpose and right; the day cannot lie in the future.")


class NotBlocked(DomainError):
    """Somebody found a right to the item, or removed it already; only what is blocked is removed this way."""

    code = "not_blocked"
    message = _("This is not blocked.")


@transaction.atomic
def state_contact_origin(point: ContactPoint, origin: Origin, *, actor: Actor, now: datetime) -> ContactPoint:
    """State where a contact comes from; without a right it is shown and used nowhere until one is stated.

    :raises NotAllowed: if the actor may not state origins at a place of the customer
    :raises OriginUnclear: if the statement is not complete
    """
    place = require_place_of(point.customer, STATE_ORIGIN, actor)
    check_origin(origin, now)
    kept = ContactPoint.objects.select_for_update(of=("self",)).select_related("customer").get(pk=point.pk)
    kept.origin, kept.is_blocked, kept.updated_at = origin.kept(), origin.is_blocked, now
    kept.save(update_fields=["origin", "is_blocked", "updated_at"])
    tell_origin(kept.customer, kept.kind, origin, place=place, actor=actor, now=now)
    return kept


@transaction.atomic
def state_field_origin(
    customer: Customer, item: str, origin: Origin, *, actor: Actor, now: datetime
) -> Customer:
    """State where the identity number or the note of a customer comes from; without a right it is blocked.

    :raises NotAllowed: if the actor may not state origins at a place of the customer
    :raises OriginUnclear: if the statement is not complete, or the field keeps no origin
    """
    place = require_place_of(customer, STATE_ORIGIN, actor)
    check_origin(origin, now)
    if item not in KEPT_ON_CUSTOMER:
        raise OriginUnclear("item")
    kept = Customer.objects.select_for_update().get(pk=customer.pk)
    kept.origins = {**kept.origins, item: origin.kept()}
    kept.updated_at = now
    kept.save(update_fields=["origins", "updated_at"])
    tell_origin(kept, item, origin, place=place, actor=actor, now=now)
    return kept


@transaction.atomic
def remove_blocked_field(customer: Customer, item: str, *, actor: Actor, now: datetime) -> Customer:
    """Forget the identity number or the note of a customer for good, because nobody has a right to it.

    :raises NotAllowed: if the actor may not state origins at a place of the customer
    :raises NotBlocked: unless the field is blocked
    """
    place = require_place_of(customer, STATE_ORIGIN, actor)
    kept = Customer.objects.select_for_update().get(pk=customer.pk)
    if item not in KEPT_ON_CUSTOMER or not kept.is_blocked(item):
        raise NotBlocked
    setattr(kept, item, "")
    if item == IDENTITY:
        kept.identity_index = None
    kept.origins = {name: origin for name, origin in kept.origins.items() if name != item}
    kept.updated_at = now
    kept.save(update_fields=["identity_sealed", "identity_index", "note", "origins", "updated_at"])
    tell_removal(kept, item, place=place, actor=actor, now=now)
    return kept


def check_origin(origin: Origin, now: datetime) -> None:
    """Refuse what says nothing.

    :raises OriginUnclear: if source, purpose or right is missing or unknown, or the day lies ahead
    """
    is_known = origin.source in Source and origin.purpose in Purpose and origin.basis in Basis
    is_ahead = origin.collected_date is not None and origin.collected_date > localdate(now)
    if not is_known or not (origin.source and origin.basis) or is_ahead:
        raise OriginUnclear("basis")


def tell_origin(
    customer: Customer, item: str, origin: Origin, *, place: int | None, actor: Actor, now: datetime
) -> None:
    """Record that an origin was stated; a step of the acts that state one."""
    event = OriginStated(
        customer_id=customer.pk,
        org_unit_id=place,
        item=item,
        basis=origin.basis,
        is_blocked=origin.is_blocked,
        is_sample=customer.is_sample,
    )
    record(event, actor=actor, now=now)


def tell_removal(customer: Customer, item: str, *, place: int | None, actor: Actor, now: datetime) -> None:
    """Record that a blocked item was removed; a step of the acts that remove one."""
    event = BlockedRemoved(
        customer_id=customer.pk, org_unit_id=place, item=item, is_sample=customer.is_sample
    )
    record(event, actor=actor, now=now)
