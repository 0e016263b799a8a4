"""The register as the table that the identity model compares."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING

from hearth.analytics.identity_people import People, Person
from hearth.demo.register.records import Entry
from hearth.lib.addresses import address_keys
from hearth.lib.pinyin import pinyin_key

if TYPE_CHECKING:
    import pyarrow as pa


def people_of(entries: Iterable[Entry]) -> pa.Table:
    """Return the entries with tokens for values; `person_id` is the entry's number."""
    people = People()
    for entry in entries:
        address = address_keys(entry.address)
        people.add(
            Person(
                person_id=entry.number,
                name_key=pinyin_key(entry.name),
                sex=entry.sex,
                birth_date=entry.birth_date,
                identity=_token(entry.identity_number) if entry.identity_number else None,
                household=entry.household,
                phones=[_token(phone) for phone in entry.phones],
                phone_ends=[int(phone[-4:]) for phone in entry.phones],
                emails=[_token(entry.email)] if entry.email else [],
                homes=[_token(address.home)] if address.home else [],
                buildings=[_token(address.building)] if address.building else [],
            )
        )
    return people.to_arrow()


def _token(value: str) -> int:
    return int.from_bytes(blake2b(value.encode(), digest_size=8).digest(), "big", signed=True)
