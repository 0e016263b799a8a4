"""Parting records that were merged, with what came since where it belongs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.errors import DomainError
from hearth.core.events import record_many
from hearth.customers.events import CustomerRestored, MergeUndone
from hearth.customers.following import Following, followings
from hearth.customers.models import AbsorbedCustomer, Customer, CustomerMerge, CustomerPlace
from hearth.customers.selectors.presentation import places_of
from hearth.customers.services.customers import CustomerErased
from hearth.customers.services.merge_memory import Change, Memory, decode, encode
from hearth.customers.services.merge_rows import place_rows
from hearth.customers.services.merge_rules import lock_customers, require_merge
from hearth.customers.services.renumbering import renumber_memory

PLACES = "customers.CustomerPlace.customer"


class MergeAlreadyUndone(DomainError):
    """The merge was undone before."""

    code = "merge_already_undone"
    message = _("This merge was already undone.")


class LaterMergeStands(DomainError):
    """The record was merged again since; merges are undone in the reverse order."""

    code = "later_merge_stands"
    message = _("The record was merged again on %(day)s. Undo that merge first.")


class IdentityNumberTaken(DomainError):
    """The identity number that would return to a record belongs to another customer by now."""

    code = "identity_number_taken"
    message = _("The identity number of a record to restore belongs to customer #%(number)s by now.")


@dataclass
class _Return:
    """An undo under way: what went back to which record, and what stayed."""

    merge: CustomerMerge
    memory: Memory
    survivor: Customer
    restored: Sequence[Customer]
    rows: dict[type[models.Model], dict[Any, UUID]] = field(default_factory=dict)
    returned: dict[UUID, Counter[str]] = field(default_factory=dict)
    followed: dict[UUID, Counter[str]] = field(default_factory=dict)
    kept_values: list[str] = field(default_factory=list)
    kept_rows: Counter[str] = field(default_factory=Counter)


@beyond_places()
@transaction.atomic
def undo_merge(merge: CustomerMerge, *, actor: Actor, now: datetime) -> CustomerMerge:
    """Part the records again, days later too; all rows of all apps are as they were before.

    What came since: rows that hang on a restored row (a payment on its contract) go with it, others stay with the
    survivor, and so do values that somebody changed since. `outcome` tells what went where. The merge and its
    records are locked.

    :raises NotAllowed: if the actor may not see and merge at a place of each of the records
    :raises MergeAlreadyUndone: if it was undone before
    :raises CustomerErased: if the person's data were erased since
    :raises LaterMergeStands: if the survivor was merged again since
    :raises IdentityNumberTaken: if a number to return belongs to somebody else by now
    """
    kept = CustomerMerge.objects.select_for_update().get(pk=merge.pk)
    if kept.undone_at:
        raise MergeAlreadyUndone
    absorbed = list(AbsorbedCustomer.objects.filter(merge=kept).order_by("id"))
    people = lock_customers({kept.survivor_id, *(row.customer_id for row in absorbed)})
    _refuse_erased(people[kept.survivor_id])
    _refuse_out_of_order(kept)
    work = _Return(
        kept,
        Memory.from_text(renumber_memory(kept.memory, kept.pk)),
        people[kept.survivor_id],
        [people[row.customer_id] for row in absorbed if row.customer_id in people],
    )
    _require_places(work, actor)
    _refuse_taken_number(work)
    customers = [change for change in work.memory.changed if change.model is Customer]
    others = [change for change in work.memory.changed if change.model is not Customer]
    for change in reversed(customers):
        _restore(change, work)
    _give_back(work)
    _let_hanging_rows_follow(work)
    for change in reversed(others):
        _restore(change, work)
    _mend(work)
    _close(work, actor, now)
    record_many(_events(work), actor=actor, now=now)
    return kept


def _refuse_erased(survivor: Customer) -> None:
    """What an erased record said before is not known any more, so nothing can be put back."""
    if survivor.erased_at:
        raise CustomerErased


def _refuse_out_of_order(merge: CustomerMerge) -> None:
    later = Q(survivor=merge.survivor_id, pk__gt=merge.pk) | Q(absorbed__customer=merge.survivor_id)
    found = CustomerMerge.objects.standing().filter(later).order_by("-id").first()
    if found:
        raise LaterMergeStands(day=localdate(found.created_at).isoformat())


def _require_places(work: _Return, actor: Actor) -> None:
    """Ask for the right at a place of the survivor and at one of each record, as they were known before."""
    ids = [work.survivor.pk, *(row.pk for row in work.restored)]
    places = {pk: set(known) for pk, known in places_of(ids).items()}
    for origin, row_ids in work.memory.moved.get(PLACES, {}).items():
        rows = CustomerPlace.objects.filter(pk__any_of=[int(row_id) for row_id in row_ids])
        places.setdefault(origin, set()).update(rows.values_list("org_unit_id", flat=True))
    require_merge(actor, [places[pk] for pk in ids])


def _refuse_taken_number(work: _Return) -> None:
    restored = {str(row.pk) for row in work.restored}
    indexes = [
        bytes.fromhex(change.before["identity_index"])
        for change in work.memory.changed
        if change.model is Customer and change.row_id in restored and change.before.get("identity_index")
    ]
    holder = Customer.objects.filter(identity_index__in=indexes).exclude(pk=work.survivor.pk).first()
    if holder:
        raise IdentityNumberTaken(number=holder.number)


def _restore(change: Change, work: _Return) -> None:
    """Put the values of a row back, unless somebody changed them since."""
    model, names = change.model, sorted({*change.before, *change.after})
    rows = model._default_manager.filter(pk=change.row_id)
    current = rows.values(*names).first()
    if current is None:
        return
    if any(encode(model, name, current[name]) != value for name, value in change.after.items()):
        if change.row_id == str(work.survivor.pk):
            work.kept_values += sorted(change.after)
        return
    rows.update(**{name: _present(model, name, value) for name, value in change.before.items()})


def _present(model: type[models.Model], name: str, value: Any) -> Any:
    """Read a remembered value; a key whose row is gone by now is empty."""
    decoded = decode(model, name, value)
    column = next(column for column in model._meta.concrete_fields if column.attname == name)
    if decoded is None or not isinstance(column, models.ForeignKey):
        return decoded
    is_there = column.related_model._default_manager.filter(pk=decoded).exists()
    return decoded if is_there else None


def _give_back(work: _Return) -> None:
    """Return the rows that were moved; what would break a rule by now stays with the survivor."""
    for key, origins in work.memory.moved.items():
        following = followings.get(key)
        if following is None:
            continue
        read = following.model._meta.pk.to_python
        planned = {read(row_id): origin for origin, row_ids in origins.items() for row_id in row_ids}
        _give(work, following, planned, work.returned)


def _give(
    work: _Return, following: Following, planned: Mapping[Any, UUID], counts: dict[UUID, Counter[str]]
) -> dict[Any, UUID]:
    survivor_id = work.survivor.pk
    result = place_rows(following, planned, dict.fromkeys(planned, survivor_id))
    given = {row_id: planned[row_id] for row_id, _survivor in result.rows}
    for origin in given.values():
        counts.setdefault(origin, Counter())[following.key] += 1
    if result.stayed:
        work.kept_rows[following.key] += len(result.stayed)
    work.rows.setdefault(following.model, {}).update(given)
    return given


def _let_hanging_rows_follow(work: _Return) -> None:
    """Send rows written since, whose parent went back, after it, and then those that hang on them."""
    is_growing = True
    while is_growing:
        is_growing = False
        for following in list(followings.values()):
            if following.moves:
                is_growing = (
                    bool(_give(work, following, _hanging(work, following), work.followed)) or is_growing
                )


def _hanging(work: _Return, following: Following) -> dict[Any, UUID]:
    found: dict[Any, UUID] = {}
    written = following.written_since(work.merge.pk, work.merge.created_at)
    for column, parent in following.keys_into():
        parents = work.rows.get(parent.model, {})
        if not parents or written is None:
            continue
        rows = written.filter(**{f"{column}__in": list(parents), following.attname: work.survivor.pk})
        found |= {row_id: parents[parent_id] for row_id, parent_id in rows.values_list("pk", column)}
    return found


def _mend(work: _Return) -> None:
    ids = [work.survivor.pk, *(row.pk for row in work.restored)]
    for following in followings.values():
        if following.mend:
            following.mend(ids)


def _close(work: _Return, actor: Actor, now: datetime) -> None:
    """Note what went where, and forget the personal values."""
    merge = work.merge
    if "updated_at" in work.kept_values:
        Customer.objects.filter(pk=work.survivor.pk).update(updated_at=now)
    merge.outcome |= {
        "returned": {str(pk): dict(counts) for pk, counts in work.returned.items()},
        "followed": {str(pk): dict(counts) for pk, counts in work.followed.items()},
        "kept_rows": dict(work.kept_rows),
        "kept_values": sorted({*work.kept_values} - {"updated_at"}),
    }
    merge.memory = ""
    merge.undone_at, merge.undone_by_id, merge.updated_at = now, actor.user_id, now
    merge.save()


def _events(work: _Return) -> list[MergeUndone | CustomerRestored]:
    merge, survivor_id = work.merge, work.survivor.pk
    restored_ids = tuple(row.pk for row in work.restored)
    undone = MergeUndone(
        customer_id=survivor_id,
        subject_id=merge.pk,
        restored_ids=restored_ids,
        is_sample=merge.is_sample,
    )
    restored = [
        CustomerRestored(
            customer_id=pk, subject_id=merge.pk, survivor_id=survivor_id, is_sample=merge.is_sample
        )
        for pk in restored_ids
    ]
    return [undone, *restored]
