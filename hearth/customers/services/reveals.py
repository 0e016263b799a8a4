"""Uncovering one masked value, with a reason that is kept."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.core.field_rules import RuledField
from hearth.core.rates import count_request
from hearth.customers.contacts import show_in_full
from hearth.customers.events import ContactRevealed
from hearth.customers.models import ContactPoint, Customer, CustomerPlace, Reveal
from hearth.customers.origins import IDENTITY
from hearth.customers.permissions import REVEAL_CONTACT
from hearth.customers.ruled_fields import CONTACTS
from hearth.customers.ruled_fields import IDENTITY as IDENTITY_FIELD

SHORTEST_REASON = 2
MOST_A_MINUTE = 10
TOO_MANY_REVEALS = _("You uncovered many values in this minute. Wait for the next one.")


class ReasonMissing(InvalidInput):
    """A value is uncovered for a reason."""

    code = "reason_missing"
    message = _("Say why you need this value.")


class DataBlocked(DomainError):
    """The value was collected without a right and is used by nobody until one is stated."""

    code = "data_blocked"
    message = _("This was collected without a right to it and is blocked.")


def asks_too_often(actor: Actor, now: datetime) -> bool:
    """Count a value that is asked for, and tell whether a person asks for more than anybody reads; one query."""
    return count_request(f"reveal {actor.user_id}", quota=MOST_A_MINUTE, now=now).is_exceeded


@transaction.atomic
def reveal_contact_point(point: ContactPoint, *, reason: str, actor: Actor, now: datetime) -> str:
    """Return a contact value in full and keep who saw it, when and why.

    :raises NotAllowed: if the actor may neither see contacts in full nor uncover them at the customer's places
    :raises DataBlocked: if it was collected without a right
    :raises ReasonMissing: if no reason is given
    """
    field = CONTACTS[point.kind]
    place = require_reveal(point.customer_id, field, actor)
    if point.is_blocked:
        raise DataBlocked
    keep_reveal(point.customer, point.kind, reason, place, point=point, actor=actor, now=now)
    return show_in_full(point.kind, point.value)


@transaction.atomic
def reveal_identity_number(customer: Customer, *, reason: str, actor: Actor, now: datetime) -> str:
    """Return the identity number in full and keep who saw it, when and why.

    :raises NotAllowed: if the actor may neither see identity numbers nor uncover values at the customer's places
    :raises DataBlocked: if it was collected without a right
    :raises ReasonMissing: if no reason is given
    """
    place = require_reveal(customer.pk, IDENTITY_FIELD, actor)
    if customer.is_blocked(IDENTITY):
        raise DataBlocked
    keep_reveal(customer, Reveal.Field.IDENTITY, reason, place, actor=actor, now=now)
    return customer.identity_number


def require_reveal(customer_id: UUID, field: RuledField, actor: Actor) -> int | None:
    """Return a place of the customer where the actor may uncover a field, or see it in full, and no rule hides it.

    :raises NotAllowed: where there is none
    """
    permissions = (REVEAL_CONTACT, field.in_full)
    places = CustomerPlace.objects.filter(customer_id=customer_id).order_by("id")
    scopes = [actor.scope(permission).within(actor.scope(field.known)) for permission in permissions]
    for place in places.values_list("org_unit_id", flat=True):
        if any(scope.covers(place) for scope in scopes):
            return place
    if not any(scope.everywhere for scope in scopes):
        raise NotAllowed(permission=permissions[0])
    return None


def keep_reveal(
    customer: Customer,
    field: str,
    reason: str,
    place: int | None,
    *,
    actor: Actor,
    now: datetime,
    point: ContactPoint | None = None,
) -> None:
    """Keep that a value of a customer, `Reveal.Field`, was uncovered at a place, in a transaction with the answer.

    Whoever calls has asked whether the actor may.

    :raises ReasonMissing: if no reason is given
    """
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
