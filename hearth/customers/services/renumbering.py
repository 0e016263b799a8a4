"""How the indexes of customers are made of their values, for a change of the key that makes them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from hearth.core.crypto import blind_index, index_number, indexing_under, key_ring
from hearth.core.errors import InvalidInput
from hearth.core.index_places import Computed, IndexPlace
from hearth.customers.contacts import identity_index, read_contact
from hearth.customers.models import AbsorbedCustomer, ContactPoint, Customer
from hearth.customers.services.merge_memory import Change, Memory

INDEX, SEALED = "identity_index", "identity_sealed"


def _contact_indexes(rows: Sequence[tuple[Any, ...]]) -> list[Computed]:
    return [_of_contact(row_id, kind, bytes(sealed)) for row_id, kind, sealed in rows]


def _of_contact(row_id: UUID, kind: str, sealed: bytes) -> Computed:
    text = ContactPoint.value.open(ContactPoint, row_id, sealed)
    with suppress(InvalidInput):
        value = read_contact(kind, text)
        return value.index, value.last_four
    # Taken in under rules that were less strict: found by the value as it stands, or by nothing.
    return blind_index(kind, text or str(row_id)), None


def _identity_indexes(rows: Sequence[tuple[Any, ...]]) -> list[Computed]:
    return [
        (identity_index(Customer.identity_number.open(Customer, row_id, bytes(sealed)) or str(row_id)),)
        for row_id, sealed in rows
    ]


def _absorbed_indexes(rows: Sequence[tuple[Any, ...]]) -> list[Computed]:
    """Find the number that an absorbed record stood for: its own, or one of the records it had absorbed itself."""
    merges = {merge_id for _row, merge_id, _customer, _index in rows}
    survivors = AbsorbedCustomer.objects.filter(merge__in=merges).values_list("merge_id", "merge__survivor")
    survivor_of = dict(survivors)
    owners = {customer_id for _row, _merge, customer_id, _index in rows} | set(survivor_of.values())
    further = AbsorbedCustomer.objects.filter(merge__survivor__in=owners)
    owners |= set(further.values_list("customer_id", flat=True))
    known = Renumbering(_numbers_of(owners))
    return [(known.of(bytes(index)),) for _row, _merge, _customer, index in rows]


def _numbers_of(ids: Iterable[UUID]) -> Iterator[str]:
    people = Customer.objects.filter(pk__in=list(ids)).exclude(identity_sealed=b"")
    for customer in people.only("pk", SEALED).order_by("pk"):
        yield customer.identity_number


class Renumbering:
    """Indexes of known identity numbers under any key of the file, and what each is under the key that counts."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self._serving = index_number(identity_index(""))
        self._became: dict[bytes, bytes] = {}
        for number in numbers:
            became = identity_index(number)
            for key in key_ring().index_keys:
                with indexing_under(key):
                    self._became[identity_index(number)] = became

    def of(self, index: bytes) -> bytes:
        """Return the index under the key that counts.

        One whose number is not known any more becomes another that equals its own kind alone.
        """
        if index_number(index) == self._serving:
            return index
        return self._became.get(index) or blind_index("number that is gone", index.hex())


CUSTOMERS = IndexPlace(Customer, (INDEX,), (SEALED,), _identity_indexes)
CONTACTS = IndexPlace(
    ContactPoint, ("value_index", "last_four_index"), ("kind", "value_sealed"), _contact_indexes
)
ABSORBED = IndexPlace(AbsorbedCustomer, (INDEX,), ("merge_id", "customer_id", INDEX), _absorbed_indexes)


def renumber_before(text: str, record_id: UUID) -> str:
    """Return what an import remembers of a customer, its index under the key that counts."""
    before = json.loads(text)
    if not before.get(INDEX) or not before.get(SEALED):
        return text
    number = Customer.identity_number.open(Customer, record_id, bytes.fromhex(before[SEALED]))
    index = identity_index(number).hex()
    return text if index == before[INDEX] else json.dumps({**before, INDEX: index}, ensure_ascii=False)


def renumber_memory(text: str, merge_id: UUID) -> str:
    """Return what a merge remembers, its indexes under the key that counts; one query where there are others."""
    if not text:
        return text
    memory = Memory.from_text(text)
    serving = index_number(identity_index(""))
    if all(index_number(index) == serving for change in memory.changed for index in _indexes_in(change)):
        return text
    changes = [change for change in memory.changed if change.model is Customer]
    numbers = {*_numbers_of({UUID(change.row_id) for change in changes}), *_numbers_before(changes)}
    known = Renumbering(numbers)
    changed = [
        replace(change, before=_renumbered(change.before, known), after=_renumbered(change.after, known))
        if change.model is Customer
        else change
        for change in memory.changed
    ]
    return Memory(memory.moved, changed, memory.stayed).to_text()


def _indexes_in(change: Change) -> Iterator[bytes]:
    if change.model is Customer:
        for values in (change.before, change.after):
            if values.get(INDEX):
                yield bytes.fromhex(values[INDEX])


def _numbers_before(changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        if sealed := change.before.get(SEALED):
            yield Customer.identity_number.open(Customer, UUID(change.row_id), bytes.fromhex(sealed))


def _renumbered(values: dict[str, Any], known: Renumbering) -> dict[str, Any]:
    if not values.get(INDEX):
        return values
    return {**values, INDEX: known.of(bytes.fromhex(values[INDEX])).hex()}
