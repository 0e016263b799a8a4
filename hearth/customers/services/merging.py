"""Making one record of several, so that it can be undone."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import connection, transaction

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError
from hearth.core.events import record_many
from hearth.core.profiling import forget_scores
from hearth.customers.events import CustomersMerged
from hearth.customers.following import followings
from hearth.customers.models import AbsorbedCustomer, Customer, CustomerMerge, DuplicatePair
from hearth.customers.services.merge_memory import Change, Memory
from hearth.customers.services.merge_rows import move_rows
from hearth.customers.services.merge_rules import MergeGroup, Plan, plan_merges
from hearth.customers.services.merge_values import take_values

GROUPS_AT_A_TIME = 250
MERGED = DuplicatePair.State.MERGED
WAITING = (DuplicatePair.State.OPEN, DuplicatePair.State.LATER)
JUDGED = ("state", "merge", "decided_by", "decided_at")


@dataclass(frozen=True)
class GroupResult:
    """What became of one group: the merge, or why it was refused."""

    group: MergeGroup
    merge: CustomerMerge | None
    refusal: DomainError | None = None


@beyond_places()
@transaction.atomic
def merge_customers(
    survivor: Customer,
    absorbed: Sequence[Customer],
    *,
    values: Mapping[str, UUID] | None = None,
    actor: Actor,
    now: datetime,
) -> CustomerMerge:
    """Make one record of two or more; everything of all apps belongs to `survivor` afterwards.

    `values` names for a field the record whose value is kept; otherwise the survivor's stands, and another's where
    it has none. The absorbed records stay as rows that point at the survivor. All are locked in the order of their
    ids.

    :raises NotAllowed: if the actor may not see and merge at a place of each of them
    :raises NothingToMerge: if fewer than two are named
    :raises AlreadyMerged: if one was merged meanwhile
    :raises TwoIdentityNumbers: if they have, or had before earlier merges, two different identity numbers
    :raises SampleAndReal: if some belong to the sample data
    :raises UnknownChoice: if `values` names no field or none of the records
    """
    group = MergeGroup(survivor.pk, [row.pk for row in absorbed], values or {})
    [result] = _merge([group], actor=actor, now=now)
    if result.merge is None:
        raise result.refusal or DomainError
    return result.merge


def merge_groups(groups: Iterable[MergeGroup], *, actor: Actor, now: datetime) -> list[GroupResult]:
    """Merge many groups and tell of each what became of it; a refused group keeps none of the others back.

    Each two hundred and fifty are a transaction of their own. May be repeated: what is merged is refused then.
    """
    given, results = iter(groups), []
    while chunk := list(islice(given, GROUPS_AT_A_TIME)):
        with transaction.atomic():
            results += _merge(chunk, actor=actor, now=now)
    return results


@dataclass
class _Work:
    """One merge under way."""

    plan: Plan
    merge: CustomerMerge
    memory: Memory = field(default_factory=Memory)
    moved: Counter[str] = field(default_factory=Counter)
    stayed: Counter[str] = field(default_factory=Counter)


def _merge(groups: Sequence[MergeGroup], *, actor: Actor, now: datetime) -> list[GroupResult]:
    planned = plan_merges(groups, actor=actor)
    plans = [plan for plan in planned if isinstance(plan, Plan)]
    merges = iter(_carry_out(plans, actor=actor, now=now))
    return [
        GroupResult(group, next(merges)) if isinstance(plan, Plan) else GroupResult(group, None, plan)
        for group, plan in zip(groups, planned, strict=True)
    ]


def _carry_out(plans: Sequence[Plan], *, actor: Actor, now: datetime) -> list[CustomerMerge]:
    """Merge what may be merged; a constant number of queries, and one for each survivor."""
    works = [_Work(plan, _build(plan, actor, now)) for plan in plans]
    if not works:
        return []
    for work in works:
        _note_records(work, now)
    _write_records(works)
    if refusing := [work.plan.survivor.pk for work in works if not work.plan.survivor.may_be_profiled]:
        forget_scores(refusing)
    _move_everything({row.pk: work for work in works for row in work.plan.absorbed})
    pairs = _find_pairs(works)
    for pair, work in pairs:
        work.memory.changed.append(_judge(pair, work.merge, actor, now))
    for work in works:
        work.merge.memory = work.memory.to_text()
        work.merge.outcome = {"moved": dict(work.moved), "stayed": dict(work.stayed)}
    insert_many([work.merge for work in works])
    insert_many(
        [
            AbsorbedCustomer(
                merge=work.merge, customer_id=row.pk, identity_index=work.plan.numbers.get(row.pk)
            )
            for work in works
            for row in work.plan.absorbed
        ]
    )
    DuplicatePair.objects.bulk_update([pair for pair, _ in pairs], JUDGED)
    record_many((_event(work) for work in works), actor=actor, now=now)
    return [work.merge for work in works]


def _build(plan: Plan, actor: Actor, now: datetime) -> CustomerMerge:
    return CustomerMerge(
        survivor_id=plan.survivor.pk,
        merged_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
        is_sample=plan.survivor.is_sample,
    )


def _note_records(work: _Work, now: datetime) -> None:
    """Set the survivor's values and remember those of all records."""
    survivor, remembered = work.plan.survivor, work.memory.changed
    for row in work.plan.absorbed:
        before = {"merged_into_id": None, "identity_index": row.identity_index}
        after = {"merged_into_id": survivor.pk, "identity_index": None}
        remembered.append(Change.of(Customer, row.pk, before, after))
    written_at = survivor.updated_at
    remembered += take_values(work.plan.people, work.plan.group.values)
    survivor.updated_at = now
    remembered.append(Change.of(Customer, survivor.pk, {"updated_at": written_at}, {"updated_at": now}))


def _write_records(works: Sequence[_Work]) -> None:
    """Point the absorbed records at their survivors, then write these: a number is never held twice."""
    target = {row.pk: work.plan.survivor.pk for work in works for row in work.plan.absorbed}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer AS row SET merged_into_id = move.target, identity_index = NULL"
            " FROM unnest(%s::uuid[], %s::uuid[]) AS move (origin, target) WHERE row.id = move.origin",
            [list(target), list(target.values())],
        )
    for work in works:
        names = {name for change in work.memory.changed for name in change.before}
        work.plan.survivor.save(update_fields=sorted(names - {"merged_into_id"}))


def _move_everything(work_of: Mapping[UUID, _Work]) -> None:
    """Let the rows of every app follow, for all merges at once."""
    targets = {origin: work.plan.survivor.pk for origin, work in work_of.items()}
    for key, following in followings.items():
        if not following.moves:
            continue
        result = move_rows(following, targets)
        for row_id, origin in result.rows:
            work_of[origin].memory.note_moved(key, [(row_id, origin)])
            work_of[origin].moved[key] += 1
        for row_id, origin in result.stayed:
            work_of[origin].memory.note_stayed(key, row_id)
            work_of[origin].stayed[key] += 1
        for origin, change in result.changes:
            work_of[origin].memory.changed.append(change)


def _find_pairs(works: Sequence[_Work]) -> list[tuple[DuplicatePair, _Work]]:
    """Find the waiting pairs that the merges settle; one query."""
    by_survivor = {work.plan.survivor.pk: work for work in works}
    settled = DuplicatePair.objects.filter(state__in=WAITING).joined_in(by_survivor)
    return [(pair, by_survivor[pair.left_id]) for pair in settled.order_by("id")]  # type: ignore[attr-defined]


def _judge(pair: DuplicatePair, merge: CustomerMerge, actor: Actor, now: datetime) -> Change:
    before = {name: getattr(pair, name) for name in ("state", "merge_id", "decided_by_id", "decided_at")}
    pair.state, pair.merge, pair.decided_by_id, pair.decided_at = MERGED, merge, actor.user_id, now
    return Change.of(DuplicatePair, pair.pk, before, {"state": MERGED, "merge_id": merge.pk})


def _event(work: _Work) -> CustomersMerged:
    survivor = work.plan.survivor
    return CustomersMerged(
        customer_id=survivor.pk,
        subject_id=work.merge.pk,
        absorbed_ids=tuple(row.pk for row in work.plan.absorbed),
        is_sample=survivor.is_sample,
    )
