"""Rows written for a record in the moment it was merged, by somebody who had read it just before."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from hearth.customers.following import Following, followings
from hearth.customers.models import AbsorbedCustomer, Customer, CustomerMerge
from hearth.customers.services.merge_memory import Memory
from hearth.customers.services.merge_rows import place_rows
from hearth.customers.services.merge_rules import lock_customers

# The longest import holds what it read for less than this.
LOOK_BACK = timedelta(days=2)


@transaction.atomic
def gather_strays(*, now: datetime) -> int:
    """Let rows follow that were written for a record after it was merged, and return how many.

    Looks at the merges of the last two days; two queries for each table, more only where rows are found. They are
    remembered as if they had been there, so that an undo gives them back. May be repeated.
    """
    standing = CustomerMerge.objects.select_for_update().standing().filter(created_at__gte=now - LOOK_BACK)
    found = [(merge, Memory.from_text(merge.memory)) for merge in standing.order_by("id")]
    # The last merge of a survivor is the first to be undone: it remembers.
    merges = {merge.survivor_id: merge for merge, _memory in found}
    memories = {merge.survivor_id: memory for merge, memory in found}
    # Records of older merges are left out: what those merges left in its place is not remembered here.
    absorbed = AbsorbedCustomer.objects.filter(merge__in=[merge.pk for merge, _memory in found])
    aliases = lock_customers(absorbed.values_list("customer_id", flat=True))
    targets = {pk: row.merged_into_id for pk, row in aliases.items() if row.merged_into_id in merges}
    known = _stayed(memory for _merge, memory in found)
    moved: set[UUID] = set()
    count = 0
    for following in followings.values():
        if following.moves and following.model is not Customer and targets:
            survivors = _gather(following, targets, known.get(following.key, set()), memories)
            moved.update(survivors)
            count += len(survivors)
    for survivor_id in moved:
        merges[survivor_id].memory = memories[survivor_id].to_text()
        merges[survivor_id].save(update_fields=["memory_sealed"])
    return count


def _stayed(memories: Iterable[Memory]) -> dict[str, set[str]]:
    """Collect the rows that a rule keeps where they are: they are no strays."""
    found: dict[str, set[str]] = {}
    for memory in memories:
        for key, rows in memory.stayed.items():
            found.setdefault(key, set()).update(rows)
    return found


def _gather(
    following: Following, targets: dict[UUID, UUID], known: set[str], memories: dict[UUID, Memory]
) -> list[UUID]:
    """Move the strays of one table, and return the survivor of each."""
    rows = following.rows.filter(**{f"{following.attname}__in": list(targets)}).order_by("pk")
    origin_of = {
        row_id: origin
        for row_id, origin in rows.values_list("pk", following.attname)
        if str(row_id) not in known
    }
    planned = {row_id: targets[origin] for row_id, origin in origin_of.items()}
    result = place_rows(following, planned, origin_of, targets)
    for row_id, origin in result.rows:
        memories[targets[origin]].note_moved(following.key, [(row_id, origin)])
    for row_id, origin in result.stayed:
        memories[targets[origin]].note_stayed(following.key, row_id)
    for origin, change in result.changes:
        memories[targets[origin]].changed.append(change)
    return [targets[origin] for _row_id, origin in result.rows]
