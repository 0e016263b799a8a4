"""Measuring records anew, portion by portion."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import connection, transaction

from hearth.customers.models import CustomerPlace

PORTION = 5_000


@transaction.atomic
def weigh_portion(path: str, *, after: str, go_on: Callable[[str], object], portion: int = PORTION) -> None:
    """Measure the next records, by id, of those that places below `path` know; two queries.

    `go_on` is called with the last id in the same transaction, unless no record is left. May be repeated.
    """
    known = CustomerPlace.objects.filter(org_unit__path__startswith=path)
    if after:
        known = known.filter(customer_id__gt=after)
    ids = known.order_by("customer_id").values_list("customer_id", flat=True).distinct()[:portion]
    if found := list(ids):
        measure_again(found)
        go_on(str(found[-1]))


def measure_again(customer_ids: Sequence[UUID]) -> None:
    """Have the database measure some records by the rules of now; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT families_measure(%s::uuid[])", [list(customer_ids)])
