"""Contacts and identity numbers as far as a reader may see them: masked here, never in a template."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from hearth.core.actor import Actor, Scope
from hearth.core.field_rules import Access, RuledField
from hearth.customers.contacts import show_in_full, show_masked
from hearth.customers.models import ContactPoint, Customer, CustomerPlace, Reveal
from hearth.customers.origins import IDENTITY, Origin
from hearth.customers.permissions import REVEAL_CONTACT
from hearth.customers.ruled_fields import CONTACTS
from hearth.customers.ruled_fields import IDENTITY as IDENTITY_FIELD
from hearth.lib.contact import mask_identity

ORDER = {kind: place for place, kind in enumerate(ContactPoint.Kind.values)}
ICONS = {"phone": "phone", "email": "mail", "wechat": "brand-wechat", "address": "map-pin"}


@dataclass(frozen=True, slots=True)
class PresentedContact:
    """A contact value for one reader. `may_reveal`: they see a mask and may uncover it with a reason."""

    id: UUID
    kind: str
    text: str
    label: str
    is_primary: bool
    is_valid: bool
    is_masked: bool
    may_reveal: bool
    kept_origin: Mapping[str, Any]

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def kind_label(self) -> str | Promise:
        return ContactPoint.Kind(self.kind).label

    @property
    def origin(self) -> str:
        """Source, purpose and right in words."""
        return Origin.read(self.kept_origin).words


@dataclass(frozen=True, slots=True)
class PresentedIdentity:
    """An identity number for one reader; empty text when none is kept."""

    text: str
    is_masked: bool
    may_reveal: bool


def present_contacts(
    customers: Sequence[Customer], actor: Actor, *, kinds: Collection[str] = tuple(ContactPoint.Kind.values)
) -> dict[UUID, list[PresentedContact]]:
    """Return the contacts of customers by customer id, the preferred ones first; two queries for any number.

    In full where the reader holds `customers.view_contact` at a place that knows the customer, else masked; rules of
    fields may mask or hide further kinds there. Blocked ones are left out.
    """
    ids = [customer.pk for customer in customers]
    points = ContactPoint.objects.filter(customer_id__in=ids, kind__in=list(kinds), is_blocked=False)
    places = places_of(ids)
    found: dict[UUID, list[PresentedContact]] = {customer_id: [] for customer_id in ids}
    for point in points.order_by("-is_primary", "-is_valid", "id"):
        known_at, field = places[point.customer_id], CONTACTS[point.kind]
        if not _holds(actor, field.known, known_at):
            continue
        found[point.customer_id].append(
            _present(
                point,
                in_full=_holds(actor, field.in_full, known_at),
                may_reveal=_holds(actor, REVEAL_CONTACT, known_at),
            )
        )
    for contacts in found.values():
        contacts.sort(key=lambda contact: ORDER[contact.kind])
    return found


def preferred_contacts(customers: Sequence[Customer], actor: Actor, kind: str) -> dict[UUID, str]:
    """Return the preferred contact of one kind by customer id, as the reader may see it; two queries for any number.

    What `present_contacts` puts first, for lists: nothing else of the contact is read, and no other value opened.
    """
    ids = [customer.pk for customer in customers]
    points = ContactPoint.objects.filter(customer_id__in=ids, kind=kind, is_blocked=False)
    rows = points.order_by("-is_primary", "-is_valid", "id").values_list("customer_id", "pk", "value_sealed")
    first: dict[UUID, tuple[UUID, bytes]] = {}
    for customer_id, point_id, sealed in rows:
        first.setdefault(customer_id, (point_id, bytes(sealed)))
    places = places_of(ids)
    in_full_at, known_at = actor.scope(CONTACTS[kind].in_full), actor.scope(CONTACTS[kind].known)
    found = {}
    for customer_id, (point_id, sealed) in first.items():
        if not _reaches(known_at, places[customer_id]):
            continue
        in_full = _reaches(in_full_at, places[customer_id])
        text = ContactPoint.value.open(ContactPoint, point_id, sealed)
        found[customer_id] = (show_in_full if in_full else show_masked)(kind, text)
    return found


def present_identity(customer: Customer, actor: Actor) -> PresentedIdentity:
    """Return the identity number as far as the reader may see it; one query where there is one."""
    number = "" if customer.is_blocked(IDENTITY) else customer.identity_number
    known_at = places_of([customer.pk])[customer.pk] if number else set()
    if number and not _holds(actor, IDENTITY_FIELD.known, known_at):
        return PresentedIdentity("", is_masked=True, may_reveal=False)
    if not number or _holds(actor, IDENTITY_FIELD.in_full, known_at):
        return PresentedIdentity(number, is_masked=False, may_reveal=False)
    return PresentedIdentity(
        mask_identity(number), is_masked=True, may_reveal=_holds(actor, REVEAL_CONTACT, known_at)
    )


def reveals_of(customer: Customer, *, since: datetime, limit: int = 50) -> list[Reveal]:
    """Return when which value of a customer was uncovered and why, the newest first; one query."""
    rows = Reveal.objects.filter(customer=customer, created_at__gte=since)
    return list(rows.order_by("-created_at", "-id")[:limit])


def access_of(customer_id: UUID, field: RuledField, actor: Actor) -> Access:
    """Return what of a field of a customer the reader may see, at the places that know the customer; one query."""
    known_at = places_of([customer_id])[customer_id]
    if _holds(actor, field.in_full, known_at):
        return Access.VISIBLE
    return Access.MASKED if _holds(actor, field.known, known_at) else Access.HIDDEN


def places_of(customer_ids: Collection[UUID]) -> Mapping[UUID, set[int]]:
    """Return the places that know each customer; one query."""
    places: dict[UUID, set[int]] = {customer_id: set() for customer_id in customer_ids}
    rows = CustomerPlace.objects.filter(customer_id__in=list(customer_ids))
    for customer_id, place in rows.values_list("customer_id", "org_unit_id"):
        places[customer_id].add(place)
    return places


def _holds(actor: Actor, permission: str, places: Collection[int]) -> bool:
    return _reaches(actor.scope(permission), places)


def _reaches(scope: Scope, places: Collection[int]) -> bool:
    return scope.everywhere or not scope.org_unit_ids.isdisjoint(places)


def _present(point: ContactPoint, *, in_full: bool, may_reveal: bool) -> PresentedContact:
    show = show_in_full if in_full else show_masked
    return PresentedContact(
        id=point.pk,
        kind=point.kind,
        text=show(point.kind, point.value),
        label=point.label,
        is_primary=point.is_primary,
        is_valid=point.is_valid,
        is_masked=not in_full,
        may_reveal=may_reveal and not in_full,
        kept_origin=point.origin,
    )
