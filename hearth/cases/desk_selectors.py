"""Who is calling, and what is known of them before the first word is said."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hearth.cases.models import Case
from hearth.channels.models import Interaction
from hearth.core.actor import Actor
from hearth.customers.contacts import PHONE, read_contact
from hearth.customers.models import ContactPoint, Customer, UnitRole
from hearth.properties.models import Unit

MOST_CALLERS, MOST_CASES = 10, 5


@dataclass(frozen=True)
class Caller:
    """A customer with the number: homes with what the customer is to them, open cases, the last contact."""

    customer: Customer
    roles: Sequence[UnitRole]
    cases: Sequence[Case]
    contact: Interaction | None


def callers(number: str, actor: Actor, *, day: date) -> Sequence[Caller]:
    """Return the customers with a number whom the actor may see; at most five queries.

    :raises InvalidPhoneNumber: if it is no number
    """
    index = read_contact(PHONE, number).index
    points = ContactPoint.objects.filter(kind=PHONE, value_index=index)
    found = Customer.objects.visible_to(actor).filter(pk__in=points.values("customer_id"))
    customers = list(found.order_by("number")[:MOST_CALLERS])
    if not customers:
        return []
    ids = [customer.pk for customer in customers]
    roles, cases, contacts = _roles(ids, actor, day), _open_cases(ids, actor), _last_contacts(ids, actor)
    return [
        Caller(one, roles.get(one.pk, ()), cases.get(one.pk, ())[:MOST_CASES], contacts.get(one.pk))
        for one in customers
    ]


def _roles(ids: Collection[UUID], actor: Actor, day: date) -> Mapping[UUID, Sequence[UnitRole]]:
    rows = UnitRole.objects.current(day).filter(customer__in=ids, unit__in=Unit.objects.visible_to(actor))
    found = defaultdict(list)
    for role in rows.select_related("unit__project", "unit__building", "unit__entrance").order_by(
        "unit", "id"
    ):
        found[role.customer_id].append(role)
    return found


def _open_cases(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Sequence[Case]]:
    found = defaultdict(list)
    rows = Case.objects.visible_to(actor).open().filter(customer__in=ids)
    for row in rows.select_related("assignee").order_by("-opened_at", "-id"):
        if row.customer_id:
            found[row.customer_id].append(row)
    return found


def _last_contacts(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Interaction]:
    rows = Interaction.objects.readable_by(actor).filter(customer__in=ids)
    last = rows.order_by("customer", "-occurred_at", "-id").distinct("customer")
    return {row.customer_id: row for row in last.select_related("recorded_by")}


def homes_to_name(customer: Customer, actor: Actor, *, day: date) -> Sequence[Unit]:
    """Return the homes of a customer that a matter may be about; one query."""
    held = UnitRole.objects.current(day).filter(customer=customer)
    rows = Unit.objects.visible_to(actor).filter(pk__in=held.values("unit"))
    return list(rows.with_place().order_by("id"))


def open_matters(customer: Customer, actor: Actor) -> Sequence[Case]:
    """Return what is open of a customer, so that nobody opens it twice; one query."""
    return _open_cases([customer.pk], actor).get(customer.pk, ())
