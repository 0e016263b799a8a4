"""Saying what is so: the one customer a value means is brought up to it, or recorded when nobody is meant."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.customers.contacts import ADDRESS, EMAIL, PHONE, WECHAT, read_contact
from hearth.customers.models import ContactPoint, Customer, CustomerQuerySet
from hearth.customers.selectors.duplicates import Candidate
from hearth.customers.services.contact_points import add_contact_point
from hearth.customers.services.creation import LooksKnown, NewCustomer, create_customer
from hearth.customers.services.customers import CustomerValues, make_known_at, update_customer
from hearth.organization.models import OrgUnit

MATCHED_BY = ("phone", "email", "external_key")
CONTACTS = {PHONE: "phones", EMAIL: "emails", WECHAT: "wechat_names", ADDRESS: "addresses"}


class NothingToMatch(InvalidInput):
    """The value by which the customer is meant is missing."""

    code = "nothing_to_match"
    message = _("Give the value by which the customer is found.")


class SeveralMatch(LooksKnown):
    """The value means more than one customer."""

    code = "several_match"
    message = _("More than one customer has this; say which by its id.")


@transaction.atomic
def assert_customer(
    new: NewCustomer,
    *,
    match: str,
    stated: Collection[str],
    org_unit: OrgUnit,
    actor: Actor,
    now: datetime,
    accepts_duplicates: bool = False,
) -> tuple[Customer, bool]:
    """Make the customer whom `match` means what `new` says, and tell whether they had to be recorded.

    Only the fields in `stated` are written, contacts are added and none is removed, and the place knows the customer
    afterwards. May be repeated. Two programs that assert the same value wait for each other.

    :raises NothingToMatch: if `new` lacks the value
    :raises SeveralMatch: if more than one customer whom the actor may see has it
    :raises NotAllowed, LooksKnown, InvalidInput: as `create_customer` and `update_customer`
    """
    values = _values(new, match)
    if not values:
        raise NothingToMatch({"phone": "phones", "email": "emails"}.get(match, match))
    _wait_for_others(match, values)
    found = list(_meant(match, values, actor).order_by("id")[:6])
    if len(found) > 1:
        raise SeveralMatch([Candidate(row, 1.0, (match,)) for row in found])
    if not found:
        made = create_customer(
            new, org_unit=org_unit, actor=actor, now=now, accepts_duplicates=accepts_duplicates
        )
        return made, True
    fields = CustomerValues.__annotations__.keys() & set(stated)
    update_customer(found[0], actor=actor, now=now, **{name: getattr(new, name) for name in fields})
    link_customer(found[0], new, org_unit=org_unit, actor=actor, now=now)
    return found[0], False


@transaction.atomic
def link_customer(
    customer: Customer, new: NewCustomer, *, org_unit: OrgUnit, actor: Actor, now: datetime
) -> None:
    """Add the contacts a customer does not have yet, and let the place know them; fields stay as they are.

    :raises NotAllowed: if the actor may not change the customer or not at the place
    :raises InvalidInput: if a contact is not valid
    """
    make_known_at(customer, org_unit, actor=actor, now=now)
    kept = ContactPoint.objects.filter(customer=customer).values_list("kind", "value_index")
    known = {(kind, bytes(index)) for kind, index in kept}
    for kind, name in CONTACTS.items():
        for raw in getattr(new, name):
            contact = read_contact(kind, raw)
            if (kind, contact.index) not in known:
                known.add((kind, contact.index))
                add_contact_point(customer, kind=kind, value=raw, actor=actor, now=now)


def _values(new: NewCustomer, match: str) -> list[bytes]:
    """Return what is looked for, as bytes."""
    if match == "external_key":
        return [new.external_key.encode()] if new.external_key else []
    kind = PHONE if match == "phone" else EMAIL
    return [read_contact(kind, raw).index for raw in getattr(new, CONTACTS[kind])]


def _meant(match: str, values: Collection[bytes], actor: Actor) -> CustomerQuerySet:
    visible = Customer.objects.visible_to(actor)
    if match == "external_key":
        return visible.filter(external_key__in=[value.decode() for value in values])
    ids: list[UUID] = list(
        ContactPoint.objects.filter(kind=match, value_index__in=list(values)).values_list(
            "customer_id", flat=True
        )
    )
    return visible.filter(pk__in=ids)


def _wait_for_others(match: str, values: Collection[bytes]) -> None:
    with connection.cursor() as cursor:
        for value in sorted(values):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"assert|{match}|{value.hex()}"]
            )
