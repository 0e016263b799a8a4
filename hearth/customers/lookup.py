# domain data
"""Finding the customer that a row of a file means, for every app that imports rows about customers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.crypto import blind_index
from hearth.customers.models import ContactPoint, Customer
from hearth.imports.kinds import ImportField, Problem, Row

CUSTOMER_KEY_FIELDS = (
    ImportField(
        "customer_key",
        _("Customer key"),
        "key",
        aliases=("客户编号", "客户号", "客户ID", "external_key", "customer", "customer id"),
    ),
    ImportField(
        "customer_phone",
        _("Customer phone"),
        "phones",
        aliases=("客户电话", "手机号", "联系电话", "电话", "phone", "mobile"),
    ),
)

CUSTOMER_MESSAGES = {
    "customer_unknown": _(
        "No customer with the key or phone “%(value)s” is known here. Import customers first."
    ),
    "customer_ambiguous": _("Several customers have the phone “%(value)s”. Give the customer key."),
    "customer_missing": _("The row does not say which customer it is about."),
}


@dataclass(frozen=True)
class Found:
    """The customer of a row, or the problem that kept it from being found."""

    customer_id: UUID | None
    problem: Problem | None = None


def find_customers(rows: Sequence[Row], actor: Actor) -> dict[int, Found]:
    """Find the customer of each row by key, else by phone, among those the actor may see; at most three queries.

    The key of a record that was merged finds the record it was merged into.

    Returns row number → `Found`.
    """
    keys = {row.values["customer_key"] for row in rows if row.values.get("customer_key")}
    phones = {phone for row in rows for phone in row.values.get("customer_phone") or []}
    by_key, by_phone = _by_key(keys, actor), _by_phone(phones, actor)
    return {row.number: _found(row, by_key, by_phone) for row in rows}


def _by_key(keys: Collection[str], actor: Actor) -> dict[str, set[UUID]]:
    """Two queries on purpose: joined to itself without statistics, the table would be read once for each key."""
    found: dict[str, set[UUID]] = {}
    if not keys:
        return found
    rows = Customer.objects.filter(external_key__any_of=keys).exclude(external_key="")
    records = [
        (key, merged_into or customer_id)
        for key, customer_id, merged_into in rows.values_list("external_key", "id", "merged_into")
    ]
    visible = Customer.objects.visible_to(actor).filter(pk__in={record_id for _key, record_id in records})
    seen = set(visible.values_list("pk", flat=True))
    for key, record_id in records:
        if record_id in seen:
            found.setdefault(key, set()).add(record_id)
    return found


def _by_phone(phones: Collection[str], actor: Actor) -> dict[str, set[UUID]]:
    indexes = {blind_index("phone", phone): phone for phone in phones}
    found: dict[str, set[UUID]] = {}
    if indexes:
        points = ContactPoint.objects.filter(
            kind=ContactPoint.Kind.PHONE,
            value_index__looked_up=indexes,
            customer__in=Customer.objects.visible_to(actor),
        )
        for index, customer_id in points.values_list("value_index", "customer_id"):
            found.setdefault(indexes[bytes(index)], set()).add(customer_id)
    return found


def _found(row: Row, by_key: Mapping[str, set[UUID]], by_phone: Mapping[str, set[UUID]]) -> Found:
    key, phones = row.values.get("customer_key"), row.values.get("customer_phone") or []
    if key:
        return _one(row, "customer_key", key, by_key.get(key, set()))
    if phones:
        matches = {customer for phone in phones for customer in by_phone.get(phone, set())}
        return _one(row, "customer_phone", phones[0], matches)
    return Found(None, Problem(row.number, "customer_key", "customer_missing"))


def _one(row: Row, field_name: str, value: Any, matches: set[UUID]) -> Found:
    if len(matches) == 1:
        return Found(next(iter(matches)))
    code = "customer_ambiguous" if matches else "customer_unknown"
    return Found(None, Problem(row.number, field_name, code, {"value": value}))
