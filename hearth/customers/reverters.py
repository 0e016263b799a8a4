"""Taking back customers that a file brought in, changed or linked to a place."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from hearth.core.events import Event
from hearth.customers.contacts import identity_index
from hearth.customers.events import CustomerChanged
from hearth.customers.models import (
    ContactPoint,
    Customer,
    CustomerCompleteness,
    CustomerPlace,
    CustomerProfile,
    DuplicatePair,
    Household,
)
from hearth.customers.services.customers import set_name
from hearth.imports.kinds import WrittenRow
from hearth.imports.reversal import RecordReverter, find_used, register_disposable

register_disposable(CustomerCompleteness)
register_disposable(CustomerProfile)
register_disposable(DuplicatePair)
KEPT = ("name", "sex", "household_role", "note")


def customer_before(customer: Customer) -> dict[str, Any]:
    """Return what a file may change of a customer, as JSON; the sealed number stays sealed."""
    values: dict[str, Any] = {name: getattr(customer, name) for name in KEPT}
    values["custom"], values["origins"] = customer.custom, customer.origins
    values["birth_date"] = customer.birth_date.isoformat() if customer.birth_date else None
    values["identity_sealed"] = bytes(customer.identity_sealed or b"").hex()
    values["identity_index"] = bytes(customer.identity_index).hex() if customer.identity_index else None
    return values


class CustomerReverter(RecordReverter[Customer]):
    """Deletes new customers with their contacts and households, restores changed ones, unlinks linked ones."""

    model = Customer
    parts = (ContactPoint, CustomerPlace)

    def is_changed(self, row: WrittenRow, record: Customer) -> bool:
        """Tell whether a customer was changed since, or merged into another: the survivor has its contacts then."""
        return record.merged_into_id is not None or super().is_changed(row, record)

    def touched(self, stamps: Mapping[UUID, datetime]) -> set[UUID]:
        """Return the customers with a contact that is newer than the import; one query."""
        rows = ContactPoint.objects.filter(customer__in=list(stamps)).values_list("customer_id", "updated_at")
        return {key for key, changed_at in rows if changed_at > stamps[key]}

    def used(self, keys: Collection[UUID]) -> set[UUID]:
        """Return also the customers whom another place knows by now."""
        known = CustomerPlace.objects.filter(customer__in=keys).exclude(org_unit=self.context.org_unit)
        return super().used(keys) | set(known.values_list("customer_id", flat=True))

    def delete(self, records: Sequence[Customer], rows: Mapping[UUID, WrittenRow]) -> None:
        """Delete customers, and the households that the import formed and nobody is left in."""
        super().delete(records, rows)
        households = {customer.household_id for customer in records if customer.household_id}
        _delete_empty(households, {row.written_at for row in rows.values()})

    def restore(
        self, changed: Sequence[tuple[Customer, Mapping[str, Any]]], stamps: Mapping[UUID, datetime]
    ) -> Iterable[Event]:
        """Give customers back what they said, and take the contacts away that the row had added."""
        fields: dict[UUID, set[str]] = {
            customer.pk: _restore(customer, before) for customer, before in changed
        }
        customers = [customer for customer, _before in changed]
        for customer in customers:
            customer.updated_at = self.context.now
        columns = (
            *KEPT,
            "pinyin",
            "name_tokens",
            "birth_date",
            "identity_sealed",
            "identity_index",
            "custom",
            "origins",
            "updated_at",
        )
        Customer.objects.bulk_update(customers, columns)
        points = ContactPoint.objects.filter(customer__in=customers)
        added = [point for point in points if point.created_at == stamps[point.customer_id]]
        for point in added:
            fields[point.customer_id].add(point.kind)
        ContactPoint.objects.filter(pk__in=[point.pk for point in added]).delete()
        return [
            CustomerChanged(
                customer_id=customer.pk,
                fields=tuple(sorted(fields[customer.pk])),
                is_sample=customer.is_sample,
            )
            for customer in customers
        ]

    def unlink(self, records: Sequence[Customer]) -> None:
        """Let the place forget customers that it knew through the file alone."""
        places = CustomerPlace.objects.filter(org_unit=self.context.org_unit, customer__in=records)
        places.delete()


def _restore(customer: Customer, before: Mapping[str, Any]) -> set[str]:
    """Set what differs and return the names of those fields."""
    changed = {name for name in KEPT if getattr(customer, name) != before[name]}
    for name in changed - {"name"}:
        setattr(customer, name, before[name])
    if "name" in changed:
        set_name(customer, before["name"])
    customer.origins = before.get("origins", customer.origins)
    if customer.custom != before.get("custom", customer.custom):
        customer.custom = before["custom"]
        changed.add("custom")
    born = date.fromisoformat(before["birth_date"]) if before["birth_date"] else None
    if customer.birth_date != born:
        customer.birth_date = born
        changed.add("birth_date")
    sealed = bytes.fromhex(before["identity_sealed"])
    number = Customer.identity_number.open(Customer, customer.pk, sealed) if before["identity_index"] else ""
    index = identity_index(number) if number else None
    if (bytes(customer.identity_index) if customer.identity_index else None) != index:
        customer.identity_sealed = sealed
        customer.identity_index = index
        changed.add("identity_number")
    return changed


def _delete_empty(keys: Collection[UUID], stamps: Collection[datetime]) -> None:
    formed = set(Household.objects.filter(pk__in=keys, created_at__in=stamps).values_list("pk", flat=True))
    Household.objects.filter(pk__in=formed - find_used(Household, formed)).delete()
