"""Changing a customer, and making it known at further places."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Greatest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.conflicts import refuse_conflicts, touched
from hearth.core.errors import Conflict, DomainError, InvalidInput, NotAllowed
from hearth.core.events import record, record_many
from hearth.core.fields import tokens_literal
from hearth.customers.contacts import identity_index, read_identity
from hearth.customers.events import CustomerChanged
from hearth.customers.models import Customer, CustomerPlace, last_contact_or_never
from hearth.customers.origins import KEPT_ON_CUSTOMER, usual_origin
from hearth.customers.permissions import CHANGE_CUSTOMER
from hearth.lib.chinese import name_tokens
from hearth.lib.pinyin import pinyin_key
from hearth.organization.models import OrgUnit


class NameMissing(InvalidInput):
    """A customer has a name, or at least what people call them."""

    code = "name_missing"
    message = _("Give a name.")


class IdentityNumberKnown(InvalidInput):
    """Another customer has this identity number, here or in another company."""

    code = "identity_known"
    message = _("A customer with this identity number is already recorded.")


class CustomerErased(DomainError):
    """The customer had their data erased; nothing is noted of them any more."""

    code = "customer_erased"
    message = _("The personal data of this customer were erased. Nothing is noted of them any more.")


class CustomerValues(TypedDict, total=False):
    """The fields of a customer that a person may change."""

    kind: str
    name: str
    sex: str
    birth_date: date | None
    identity_number: str
    occupation: str
    source: str
    household_role: str
    responsible_id: int | None
    external_key: str
    note: str


@transaction.atomic
def update_customer(
    customer: Customer,
    *,
    actor: Actor,
    now: datetime,
    unchanged_since: datetime | None = None,
    seen: Mapping[str, object] | None = None,
    **values: Unpack[CustomerValues],
) -> Customer:
    """Give some fields of a customer other values; without a difference nothing is written.

    The row is locked. With `unchanged_since` (the `updated_at` the person saw) a change made meanwhile by
    somebody else is not overwritten: it stands against this one, or, where the person also tells which values they
    have `seen`, only if it is of the same field. What the person did not touch is not written then.

    :raises NotAllowed: if the actor may change customers at none of the customer's places
    :raises Conflict: if the row changed after `unchanged_since`, or was merged into another
    :raises ChangedMeanwhile: if fields that the person saw and changed have other values since
    :raises NameMissing: if the name would be empty
    :raises InvalidIdentity: if the identity number fails its check
    :raises IdentityNumberKnown: if another customer has it
    """
    place = require_change(customer, actor)
    kept = Customer.objects.select_for_update().get(pk=customer.pk)
    is_changed = unchanged_since is not None and kept.updated_at != unchanged_since
    if kept.merged_into_id or (is_changed and seen is None):
        raise Conflict
    wanted = touched(seen or {}, values)
    if is_changed:
        refuse_conflicts(seen or {}, {name: getattr(kept, name) for name in wanted}, wanted)
    changed = [name for name, value in wanted.items() if getattr(kept, name) != value]
    if not changed:
        return kept
    for name in changed:
        set_field(kept, name, wanted[name], today=localdate(now))
        note_origin(kept, name, actor=actor, now=now)
    kept.updated_at = now
    kept.save()
    event = CustomerChanged(
        customer_id=kept.pk, org_unit_id=place, fields=tuple(sorted(changed)), is_sample=kept.is_sample
    )
    record(event, actor=actor, now=now)
    return kept


def set_field(customer: Customer, name: str, value: object, *, today: date) -> None:
    """Set one field, and what is derived from it; reads whether an identity number is taken.

    A step of other services: it saves nothing.

    :raises InvalidInput: `NameMissing`, `InvalidIdentity` or `IdentityNumberKnown`
    """
    if name == "name":
        set_name(customer, str(value))
    elif name == "identity_number":
        number = read_identity(str(value), latest=today).number if value else ""
        index = identity_index(number) if number else None
        if index and _is_taken(index, customer):
            raise IdentityNumberKnown("identity_number")
        customer.identity_number = number
        customer.identity_index = index
    else:
        setattr(customer, name, value)


@beyond_places()
def _is_taken(index: bytes, customer: Customer) -> bool:
    return Customer.objects.filter(identity_index=index).exclude(pk=customer.pk).exists()


def note_origin(customer: Customer, name: str, *, actor: Actor, now: datetime) -> None:
    """Keep by what way a field came in, where the field keeps its origin; it saves nothing."""
    if name in KEPT_ON_CUSTOMER:
        origin = usual_origin(name, actor=actor, on=localdate(now)).kept()
        rest = {item: kept for item, kept in customer.origins.items() if item != name}
        customer.origins = {**rest, name: origin} if getattr(customer, name) else rest


def set_name(customer: Customer, name: str) -> None:
    """Set the name with its sound and its tokens.

    :raises NameMissing: if nothing is left of it
    """
    name = " ".join(name.split())[:120]
    if not name:
        raise NameMissing("name")
    customer.name = name
    customer.pinyin, customer.name_tokens = _sound_and_tokens(name)


@lru_cache(maxsize=10_000)
def _sound_and_tokens(name: str) -> tuple[str, str]:
    """Names repeat: many of a large file need not be read aloud again."""
    return pinyin_key(name)[:200], tokens_literal(name_tokens(name))


def require_change(customer: Customer, actor: Actor) -> int | None:
    """Return the place in whose name the actor changes the customer: the first that both know; one query.

    :raises CustomerErased: if the customer's data were erased
    :raises NotAllowed: if there is none
    """
    if customer.erased_at:
        raise CustomerErased
    return require_place_of(customer, CHANGE_CUSTOMER, actor)


def require_place_of(customer: Customer, permission: str, actor: Actor) -> int | None:
    """Return the first place of the customer where the actor holds a right; one query.

    :raises NotAllowed: if there is none
    """
    scope = actor.scope(permission)
    places = CustomerPlace.objects.filter(customer=customer).order_by("id")
    for place in places.values_list("org_unit_id", flat=True):
        if scope.covers(place):
            return place
    if not scope.everywhere:
        raise NotAllowed(permission=permission)
    return None


@transaction.atomic
def make_known_at(customer: Customer, org_unit: OrgUnit, *, actor: Actor, now: datetime) -> bool:
    """Let the people of a place see a customer; tell whether they did not before. May be repeated.

    :raises NotAllowed: if the actor may not change customers at that place
    """
    actor.require(CHANGE_CUSTOMER, org_unit.pk)
    return (
        make_many_known_at([(customer.pk, org_unit.pk)], actor=actor, now=now, is_sample=customer.is_sample)
        == 1
    )


def make_many_known_at(
    pairs: Iterable[tuple[UUID, int]], *, actor: Actor, now: datetime, is_sample: bool = False
) -> int:
    """Let places see customers, and return how many pairs were new; four queries for any number.

    A step of acts that make a customer known by their nature (a visit, a contract, an import): those ask for
    their own right. Opens no transaction. May be repeated.
    """
    wanted = set(pairs)
    known = CustomerPlace.objects.filter(customer_id__in={customer for customer, _place in wanted})
    fresh = sorted(wanted - set(known.values_list("customer_id", "org_unit_id")))
    if not fresh:
        return 0
    rows = [CustomerPlace(customer_id=customer, org_unit_id=place) for customer, place in fresh]
    CustomerPlace.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5_000)
    events = [
        CustomerChanged(customer_id=customer, org_unit_id=place, fields=("places",), is_sample=is_sample)
        for customer, place in fresh
    ]
    record_many(events, actor=actor, now=now)
    return len(fresh)


def note_contacts(customer_ids: Collection[UUID], *, at: datetime) -> int:
    """Keep the newest contact of customers, and return how many were older; one query.

    A step of the acts that are contacts (visit, call, message, case), which record their own events.
    """
    rows = Customer.objects.filter(pk__in=customer_ids).alias(contacted_at=last_contact_or_never())
    return rows.filter(contacted_at__lt=at).update(last_contact_at=Greatest("last_contact_at", at))
