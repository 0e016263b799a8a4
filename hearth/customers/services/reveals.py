"""Uncovering one masked value, with a reason that is kept."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.core.field_rules import RuledField
from hearth.customers.contacts import show_in_full
from hearth.customers.events import ContactRevealed
from hearth.customers.models import ContactPoint, Customer, CustomerPlace, Reveal
from hearth.customers.origins import IDENTITY
from hearth.customers.permissions import REVEAL_CONTACT
from hearth.customers.ruled_fields import CONTACTS
from hearth.customers.ruled_fields import IDENTITY as IDENTITY_FIELD

SHORTEST_REASON = 2


class ReasonMissing(InvalidInput):
    """A value is uncovered for a reason."""

    code = "reason_missing"
    message = _("Say why you need this value.")


class DataBlocked(DomainError):
    """The value was collected without a right and is used by nobody until one is stated."""

    code = "data_blocked"
    message = _("This was collected without a right to it and is blocked.")


@transaction.atomic
def reveal_contact_point(point: ContactPoint, *, reason: str, actor: Actor, now: datetime) -> str:
    """Return a contact value in full and keep who saw it, when and why.

    :raises NotAllowed: if the actor may neither see contacts in full nor uncover them at the customer's places
    :raises DataBlocked: if it was collected without a right
    :raises ReasonMissing: if no reason is given
    """
    field = CONTACTS[point.kind]
    place = _require_any(point.customer_id, (REVEAL_CONTACT, field.in_full), field, actor)
    if point.is_blocked:
        raise DataBlocked
    _keep(point.customer, point.kind, reason, place, point=point, actor=actor, now=now)
    return show_in_full(point.kind, point.value)


@transaction.atomic
def reveal_identity_number(customer: Customer, *, reason: str, actor: Actor, now: datetime) -> str:
    """Return the identity number in full and keep who saw it, when and why.

    :raises NotAllowed: if the actor may neither see identity numbers nor uncover values at the customer's places
    :raises DataBlocked: if it was collected without a right
    :raises ReasonMissing: if no reason is given
    """
    place = _require_any(customer.pk, (REVEAL_CONTACT, IDENTITY_FIELD.in_full), IDENTITY_FIELD, actor)
    if customer.is_blocked(IDENTITY):
        raise DataBlocked
    _keep(customer, Reveal.Field.IDENTITY, reason, place, point=None, actor=actor, now=now)
    return customer.identity_number


def _require_any(
    customer_id: UUID, permissions: tuple[str, ...], field: RuledField, actor: Actor
) -> int | None:
    """Return a place of the customer where the actor holds one of the rights and no rule hides the field."""
    places = CustomerPlace.objects.filter(customer_id=customer_id).order_by("id")
    scopes = [actor.scope(permission).within(actor.scope(field.known)) for permission in permissions]
    for place in places.values_list("org_unit_id", flat=True):
        if any(scope.covers(place) for scope in scopes):
            return place
    if not any(scope.everywhere for scope in scopes):
        raise NotAllowed(permission=permissions[0])
    return None


def _keep(
    customer: Customer,
    field: str,
    reason: str,
    place: int | None,
    *,
    point: ContactPoint | None,
    actor: Actor,
    now: datetime,
) -> None:
    reason = " ".join(reason.split())[:200]
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing("reason")
    reveal = Reveal.objects.create(
        customer=customer,
        user_id=actor.user_id,
        contact_point=point,
        field=field,
        reason=reason,
        created_at=now,
        updated_at=now,
        is_sample=customer.is_sample,
    )
    event = ContactRevealed(
        customer_id=customer.pk,
        org_unit_id=place,
        subject_id=reveal.pk,
        field=field,
        is_sample=customer.is_sample,
    )
    record(event, actor=actor, now=now)
