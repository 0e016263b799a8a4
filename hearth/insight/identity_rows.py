"""Reading the customers as records to compare: names in plain, everything sealed as its blind index.

Addresses have no index that two ways of writing share. They are opened here, in the memory of the worker, and leave
this module as keyed indexes of street, number and room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from hearth.analytics.identity_people import People, Person
from hearth.core.crypto import SealBroken, keyed_digest, open_sealed
from hearth.customers.models import Customer
from hearth.lib.addresses import address_keys

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_AT_ONCE = 5_000
COLUMN = "customers_contactpoint.value_sealed"
RECORDS = """
    SELECT customer.number, customer.kind, customer.pinyin, customer.sex, customer.birth_date,
        customer.identity_index, customer.household_id, points.phones, points.ends, points.emails,
        points.address_ids, points.addresses, homes.units
    FROM customers_customer AS customer
    LEFT JOIN (
        SELECT customer_id,
            array_agg(value_index ORDER BY is_primary DESC, id) FILTER (WHERE kind = 'phone') AS phones,
            array_agg(last_four_index ORDER BY id)
                FILTER (WHERE kind = 'phone' AND last_four_index IS NOT NULL) AS ends,
            array_agg(value_index ORDER BY id) FILTER (WHERE kind = 'email') AS emails,
            array_agg(id ORDER BY id) FILTER (WHERE kind = 'address') AS address_ids,
            array_agg(value_sealed ORDER BY id) FILTER (WHERE kind = 'address') AS addresses
        FROM customers_contactpoint WHERE kind IN ('phone', 'email', 'address') GROUP BY customer_id
    ) AS points ON points.customer_id = customer.id
    LEFT JOIN (
        SELECT customer_id, array_agg(DISTINCT unit_id) AS units FROM customers_unitrole
        WHERE role IN ('owner', 'co_owner', 'buyer', 'resident', 'tenant')
            AND (valid_to IS NULL OR valid_to > %(today)s)
        GROUP BY customer_id
    ) AS homes ON homes.customer_id = customer.id
    WHERE customer.merged_into_id IS NULL
"""


def read_people(*, today: date) -> pa.Table:
    """Return all customers that were not merged into another as the table of `identity.COLUMNS`; one query.

    `person_id` is the customer's number. Rows stream, so that memory grows only with the table.
    """
    people = People()
    with connection.cursor() as cursor:
        # One moment for the whole table, and a cursor that outlives a transaction is none of Django's.
        cursor.execute("DECLARE people NO SCROLL CURSOR WITH HOLD FOR " + RECORDS, {"today": today})
        try:
            for row in _fetch(cursor):
                people.add(_person(row))
        finally:
            cursor.execute("CLOSE people")
    return people.to_arrow()


def fresh_numbers(since: datetime) -> list[int]:
    """Return the numbers of the customers that changed since a moment, that moment included; one query."""
    rows = Customer.objects.filter(updated_at__gte=since, merged_into__isnull=True)
    return list(rows.values_list("number", flat=True))


def ids_of(numbers: Iterable[int]) -> dict[int, UUID]:
    """Return the customers with these numbers; one query."""
    rows = Customer.objects.filter(number__any_of=sorted(set(numbers)))
    return dict(rows.values_list("number", "pk"))


def _fetch(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while True:
        cursor.execute(f"FETCH {ROWS_AT_ONCE} FROM people")
        rows = cursor.fetchall()
        if not rows:
            return
        yield from rows


def _person(row: tuple[Any, ...]) -> Person:
    number, kind, key, sex, born, identity, household, phones, ends, emails, address_ids, addresses, units = (
        row
    )
    keys = [_address(*point) for point in zip(address_ids or (), addresses or (), strict=True)]
    return Person(
        person_id=number,
        name_key=key,
        kind=kind,
        sex=sex,
        birth_date=born,
        identity=_token(identity) if identity else None,
        household=_token_of_id(household) if household else None,
        phones=_tokens(phones),
        phone_ends=_tokens(ends),
        emails=_tokens(emails),
        homes=[*(home for home, _building in keys if home), *map(_token_of_id, units or ())],
        buildings=[building for _home, building in keys if building],
    )


def _address(point_id: UUID, sealed: bytes) -> tuple[int, int]:
    """Return the tokens of a home and its building, 0 where the address says too little or cannot be opened."""
    try:
        keys = address_keys(open_sealed(bytes(sealed), column=COLUMN, row_id=point_id))
    except SealBroken:
        return 0, 0
    return (
        _token(keyed_digest("address_home", keys.home)) if keys.home else 0,
        _token(keyed_digest("address_building", keys.building)) if keys.building else 0,
    )


def _tokens(indexes: Iterable[bytes] | None) -> list[int]:
    return [_token(index) for index in indexes or ()]


def _token(index: bytes) -> int:
    return int.from_bytes(bytes(index)[:8], "big", signed=True)


def _token_of_id(row_id: UUID) -> int:
    # The first half of our ids is the time: rows of one file would share it.
    return int.from_bytes(row_id.bytes[8:], "big", signed=True)
