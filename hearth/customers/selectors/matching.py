"""Which customers a searched text means: name, pinyin, phone, last four digits, e-mail, number, home."""

import re
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, Q, Value

from hearth.core.actor import Actor
from hearth.core.crypto import last_four_index
from hearth.core.errors import InvalidInput
from hearth.customers.contacts import EMAIL, PHONE, read_contact
from hearth.customers.models import ContactPoint, ContactPointQuerySet, Customer, CustomerQuerySet, UnitRole
from hearth.lib.chinese import query_tokens
from hearth.properties.models import Unit

# Beyond this many a text is too vague to mean somebody.
MOST_CONTACTS = 500
MOST_UNITS = 200
LARGEST_NUMBER = 2**63 - 1
# A text with a digit or an @ means few, which are sorted when they are found. The planner would walk all customers from
# the newest on until it met enough of them; no index has this expression.
MEANS_FEW = re.compile(r"[\d@]")
FEW_NEWEST_FIRST = (F("updated_at") + Value(timedelta())).desc()


def matching(text: str) -> Q:
    """Return the condition that a customer is meant by a text: by name or sound, contact, or number.

    One query runs here when the text could be a phone, its last four digits or an e-mail address.
    """
    text = text.strip()
    tokens = query_tokens(text, "name")
    condition = Q(name_tokens__matches=tokens) if tokens else Q(pk__in=[])
    if contacts := _by_contact(text):
        condition |= Q(pk__in=contacts)
    if (digits := text.removeprefix("#")).isdecimal() and int(digits) <= LARGEST_NUMBER:
        condition |= Q(number=int(digits))
    return condition


def find_customers(text: str, actor: Actor, *, today: date, limit: int) -> list[Customer]:
    """Return the customers a text means, those of a home it names last; at most four queries."""
    visible = Customer.objects.visible_to(actor)
    meant = visible.filter(matching(text))
    newest_first = meant.order_by(FEW_NEWEST_FIRST if MEANS_FEW.search(text) else "-updated_at", "-id")
    found = list(newest_first[:limit])
    if len(found) < limit:
        at_homes = _at_homes(text, actor, today, visible)
        known = {customer.pk for customer in found}
        found += [customer for customer in at_homes[:limit] if customer.pk not in known]
    return found[:limit]


def _by_contact(text: str) -> list[UUID]:
    """Look a whole phone, its last four digits or an e-mail up by blind index."""
    if re.fullmatch(r"\d{4}", text):
        points = ContactPoint.objects.filter(last_four_index=last_four_index(PHONE, text))
    elif "@" in text:
        points = _by_value(EMAIL, text)
    elif len(re.sub(r"\D", "", text)) >= 7:
        points = _by_value(PHONE, text)
    else:
        return []
    usable = points.filter(is_blocked=False)
    return list(usable.values_list("customer_id", flat=True)[:MOST_CONTACTS])


def _by_value(kind: str, text: str) -> ContactPointQuerySet:
    try:
        value = read_contact(kind, text)
    except InvalidInput:
        return ContactPoint.objects.none()
    return ContactPoint.objects.filter(kind=kind, value_index=value.index)


def _at_homes(text: str, actor: Actor, today: date, visible: CustomerQuerySet) -> list[Customer]:
    """Follow an address to its homes and their people; a text without a digit names no home."""
    tokens = query_tokens(text, "address")
    if not re.search(r"\d", "".join(tokens)) or re.fullmatch(r"\+?\d{7,}", text):
        return []
    units = Unit.objects.visible_to(actor).filter(address_tokens__matches=tokens)
    unit_ids = list(units.order_by("id").values_list("pk", flat=True)[:MOST_UNITS])
    if not unit_ids:
        return []
    roles = UnitRole.objects.current(today).filter(unit_id__in=unit_ids)
    customer_ids = list(roles.values_list("customer_id", flat=True)[:MOST_CONTACTS])
    return list(visible.filter(pk__in=customer_ids).order_by("pinyin", "id")[:50])
