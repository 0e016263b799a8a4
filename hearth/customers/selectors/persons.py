"""Who a person is: every record of theirs, and the words by which others find them."""

from collections.abc import Iterator, Sequence

from hearth.core.attribution import beyond_places
from hearth.core.personal_data import Person, legal_holds
from hearth.customers.models import ContactPoint, Customer

SHORTEST_NAME, SHORTEST_VALUE = 2, 5


def person_of(customer: Customer) -> Person:
    """Return the person behind a record, with all records that were merged with it, wherever they are known.

    A name that somebody else bears too points at nobody: it is no word of the person.
    """
    with beyond_places():
        return _person_of(customer)


def _person_of(customer: Customer) -> Person:
    root = customer.merged_into_id or customer.pk
    records = list(Customer.objects.filter(pk=root) | Customer.objects.filter(merged_into=root))
    ids = frozenset(record.pk for record in records)
    names = frozenset(record.name for record in records if record.erased_at is None)
    shared = set(Customer.objects.filter(name__in=names).exclude(pk__in=ids).values_list("name", flat=True))
    words = {word for word in _values_of(records) if len(word) >= SHORTEST_VALUE}
    words |= {name for name in names - shared if len(name) >= SHORTEST_NAME}
    kept = [hold.find(ids) for hold in legal_holds.values()]
    return Person(
        ids=ids,
        names=names,
        words=frozenset(words),
        known_since=min(record.created_at for record in records),
        unit_ids=frozenset().union(*(found.unit_ids for found in kept)),
    )


def _values_of(records: Sequence[Customer]) -> Iterator[str]:
    """Yield identity numbers, phones in the ways people write them, addresses."""
    for record in records:
        yield record.identity_number
    for point in ContactPoint.objects.filter(customer__in=records):
        yield point.value
        if point.kind == ContactPoint.Kind.PHONE:
            yield from _ways_to_write(point.value)


def _ways_to_write(phone: str) -> Iterator[str]:
    """Yield a mobile number without its country and in the usual groups of digits."""
    national = phone.removeprefix("+86").strip()
    yield national
    if len(national) == 11 and national.isdigit():
        for separator in (" ", "-"):
            yield separator.join([national[:3], national[3:7], national[7:]])
