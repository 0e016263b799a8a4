"""Recording new customers, one or many thousands, with their contacts, households and places."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.bulk import FEW, insert_many
from hearth.core.errors import DomainError
from hearth.core.events import Event, record_many
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.values import keep_values
from hearth.customers.contacts import (
    ADDRESS,
    EMAIL,
    PHONE,
    WECHAT,
    ContactValue,
    identity_index,
    read_contact,
    read_identity,
)
from hearth.customers.events import CustomerCreated, HouseholdFormed
from hearth.customers.models import ContactPoint, Customer, CustomerPlace, Household
from hearth.customers.origins import KEPT_ON_CUSTOMER, Origin, usual_origin
from hearth.customers.permissions import CHANGE_CUSTOMER
from hearth.customers.selectors.duplicates import Candidate, Likeness, duplicate_candidates
from hearth.customers.services.contact_points import build_contact_point
from hearth.customers.services.customers import IdentityNumberKnown, note_origin, set_name
from hearth.customers.services.households import HouseholdNotVisible, form_household, join_household
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit


class LooksKnown(DomainError):
    """Customers are recorded who may be the same; `candidates` lists them, the likeliest first."""

    code = "duplicate"
    message = _("This customer may already be recorded.")

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        super().__init__()
        self.candidates = candidates


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCustomer:
    """What is known of a customer when it is recorded.

    Contacts are in any form people write them; the first of each kind is the preferred one. Rows with the same
    `household_key` form one household; `household_id` joins one that exists. `known_since` is when the group
    first knew the customer, where that was before now; `org_unit_ids` are further places that know them.
    `origin` is where the contacts come from; unless it is given, the way by which they come in tells.
    `custom` are values of custom fields, read already.
    """

    name: str
    kind: str = Customer.Kind.PERSON
    sex: str = ""
    birth_date: date | None = None
    identity_number: str = ""
    occupation: str = ""
    source: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    wechat_names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    household_id: UUID | None = None
    household_key: str = ""
    household_name: str = ""
    household_role: str = ""
    responsible_id: int | None = None
    external_key: str = ""
    note: str = ""
    known_since: datetime | None = None
    org_unit_ids: tuple[int, ...] = ()
    origin: Origin | None = None
    custom: tuple[tuple[FieldDefinition, Any], ...] = ()

    def likeness(self) -> Likeness:
        """Return what finds the customers who may be the same."""
        return Likeness(
            name=self.name,
            phones=self.phones,
            emails=self.emails,
            addresses=self.addresses,
            sex=self.sex,
            identity_number=self.identity_number,
            birth_date=self.birth_date,
            household_id=self.household_id,
        )


@transaction.atomic
def create_customer(
    new: NewCustomer,
    *,
    org_unit: OrgUnit,
    actor: Actor,
    now: datetime,
    lives_with: Customer | None = None,
    accepts_duplicates: bool = False,
    is_sample: bool = False,
) -> Customer:
    """Record one customer, known at `org_unit`, in the household of `lives_with` if given.

    :raises NotAllowed: if the actor may not record customers there
    :raises LooksKnown: if customers exist who may be the same, unless `accepts_duplicates`
    :raises InvalidInput: if the name, a contact or the identity number is not valid, or the number is known
    :raises HouseholdNotVisible: if the actor may see no member of the household to join
    """
    actor.require(CHANGE_CUSTOMER, org_unit.pk)
    if new.household_id and not Household.objects.visible_to(actor).filter(pk=new.household_id).exists():
        raise HouseholdNotVisible
    if not accepts_duplicates:
        household_id = new.household_id or (lives_with.household_id if lives_with else None)
        likeness = replace(new.likeness(), household_id=household_id, org_unit_id=org_unit.pk)
        if candidates := duplicate_candidates(likeness, actor=actor):
            raise LooksKnown(candidates)
    customer = create_customers([new], org_unit=org_unit, actor=actor, now=now, is_sample=is_sample)[0]
    if lives_with and lives_with.household:
        join_household(customer, lives_with.household, actor=actor, now=now, role=new.household_role)
    elif lives_with:
        form_household([lives_with, customer], actor=actor, now=now)
    return customer


@transaction.atomic
def create_customers(
    rows: Sequence[NewCustomer],
    *,
    org_unit: OrgUnit,
    actor: Actor,
    now: datetime,
    is_sample: bool = False,
) -> list[Customer]:
    """Record many customers, known at `org_unit`, without asking for duplicates; ten queries for any number of rows.

    :raises NotAllowed: if the actor may not record customers there
    :raises InvalidInput: if a name, contact or identity number is not valid, or a number is known
    """
    actor.require(CHANGE_CUSTOMER, org_unit.pk)
    households = _build_households(rows, now, is_sample=is_sample)
    numbers = _take_numbers(len(rows))
    customers = [
        _build(new, number, households, actor, now, is_sample=is_sample)
        for new, number in zip(rows, numbers, strict=True)
    ]
    _refuse_known_identities(customers)
    pairs = list(zip(rows, customers, strict=True))
    points = [point for new, customer in pairs for point in build_points(new, customer, actor=actor, now=now)]
    places = [
        CustomerPlace(customer_id=customer.pk, org_unit_id=place)
        for new, customer in pairs
        for place in dict.fromkeys((org_unit.pk, *new.org_unit_ids))
    ]
    # Before its place is written nobody sees a customer.
    insert_many(list(households.values()), reads_back=False)
    insert_many(customers, reads_back=False)
    _insert_places(places, points)
    insert_many(points)
    record_many(_events(pairs, households, org_unit), actor=actor, now=now)
    return customers


def _insert_places(places: Sequence[CustomerPlace], points: Sequence[ContactPoint]) -> None:
    """Write the places; how complete many records are is measured once, when their contacts follow in the same act."""
    if len(places) <= FEW:
        insert_many(places)
        return
    followed = {point.customer_id for point in points}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hearth.measured_later', 'on', true)")
        insert_many([place for place in places if place.customer_id in followed])
        cursor.execute("SELECT set_config('hearth.measured_later', '', true)")
    insert_many([place for place in places if place.customer_id not in followed])


def _take_numbers(count: int) -> list[int]:
    """Draw customer numbers at once, so that the rows need not be read back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('customers_number') FROM generate_series(1, %s)", [count])
        return [number for (number,) in cursor.fetchall()]


def _build_households(rows: Iterable[NewCustomer], now: datetime, *, is_sample: bool) -> dict[str, Household]:
    """Return one new household for each key, named after its first member."""
    households: dict[str, Household] = {}
    for new in rows:
        key = new.household_key
        if key and key not in households:
            name = new.household_name or " ".join(new.name.split())
            households[key] = Household(name=name[:120], created_at=now, updated_at=now, is_sample=is_sample)
    return households


def _build(
    new: NewCustomer,
    number: int,
    households: dict[str, Household],
    actor: Actor,
    now: datetime,
    *,
    is_sample: bool,
) -> Customer:
    customer = Customer(
        id=uuid7(),
        number=number,
        kind=new.kind,
        sex=new.sex,
        birth_date=new.birth_date,
        occupation=new.occupation,
        source=new.source,
        household_id=households[new.household_key].pk if new.household_key else new.household_id,
        household_role=new.household_role,
        responsible_id=new.responsible_id,
        external_key=new.external_key,
        note=new.note,
        created_at=new.known_since or now,
        updated_at=now,
        is_sample=is_sample,
    )
    set_name(customer, new.name)
    if new.identity_number:
        set_identity(customer, new.identity_number, localdate(now))
    for item in KEPT_ON_CUSTOMER:
        note_origin(customer, item, actor=actor, now=now)
    customer.custom = keep_values(new.custom, customer)
    return customer


def set_identity(customer: Customer, raw: str, today: date) -> None:
    """Set the number, and what it says of its holder where nothing else was said."""
    identity = read_identity(raw, latest=today)
    customer.identity_number = identity.number
    customer.identity_index = identity_index(identity.number)
    customer.birth_date = customer.birth_date or identity.birth_date
    customer.sex = customer.sex or identity.sex


@beyond_places()
def _refuse_known_identities(customers: Iterable[Customer]) -> None:
    indexes = [bytes(customer.identity_index) for customer in customers if customer.identity_index]
    if not indexes:
        return
    is_doubled = len(set(indexes)) < len(indexes)
    if is_doubled or Customer.objects.filter(identity_index__in=indexes).exists():
        raise IdentityNumberKnown("identity_number")


def build_points(new: NewCustomer, customer: Customer, *, actor: Actor, now: datetime) -> list[ContactPoint]:
    """Return the contacts of a new customer, each once, not yet saved; the first of a kind is the preferred one.

    :raises InvalidInput: if one of them is not valid
    """
    points: list[ContactPoint] = []
    origin = new.origin or usual_origin("contact", actor=actor, on=localdate(now))
    for kind, values in _contacts(new):
        contacts: dict[bytes, ContactValue] = {}
        for value in values:
            contact = read_contact(kind, value)
            contacts.setdefault(contact.index, contact)
        for place, contact in enumerate(contacts.values()):
            point = build_contact_point(customer, contact, origin=origin, now=now)
            point.is_primary = place == 0
            points.append(point)
    return points


def _contacts(new: NewCustomer) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        (PHONE, new.phones),
        (EMAIL, new.emails),
        (WECHAT, new.wechat_names),
        (ADDRESS, new.addresses),
    )


def _events(
    pairs: Sequence[tuple[NewCustomer, Customer]], households: dict[str, Household], org_unit: OrgUnit
) -> Iterable[Event]:
    members: dict[str, list[Customer]] = {}
    for new, customer in pairs:
        yield CustomerCreated(
            customer_id=customer.pk,
            household_id=customer.household_id,
            org_unit_id=org_unit.pk,
            kind=customer.kind,
            source=customer.source,
            occurred_at=new.known_since,
            is_sample=customer.is_sample,
        )
        if new.household_key:
            members.setdefault(new.household_key, []).append(customer)
    for key, household in households.items():
        yield HouseholdFormed(
            household_id=household.pk,
            customer_id=members[key][0].pk,
            org_unit_id=org_unit.pk,
            member_ids=tuple(member.pk for member in members[key]),
            occurred_at=members[key][0].created_at,
            is_sample=household.is_sample,
        )
