"""The queue of pairs to judge, and the history of merges."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.pages import Page, keyset_page
from hearth.customers.models import Customer, CustomerMerge, DuplicatePair
from hearth.customers.selectors.comparison import Comparison, compare_records
from hearth.customers.selectors.duplicates import REASONS
from hearth.customers.words import words_of_fields

ROWS = 30
MOST_COUNTED = 1_000


@dataclass(frozen=True)
class QueuedPair:
    """A pair with the records it means by now, the older first."""

    pair: DuplicatePair
    left: Customer
    right: Customer

    @property
    def words(self) -> list[str | Promise]:
        return [REASONS.get(code, code) for code in self.pair.reasons]

    @property
    def percent(self) -> int:
        return round(self.pair.score * 100)


@dataclass(frozen=True)
class Queue:
    """The likeliest pairs of a state, the one that is looked at, and how many there are (at most a thousand)."""

    rows: Sequence[QueuedPair]
    current: QueuedPair | None
    comparison: Comparison | None
    size: int
    previous_id: UUID | None
    next_id: UUID | None

    @property
    def is_more(self) -> bool:
        return self.size > MOST_COUNTED


def duplicate_queue(
    actor: Actor, *, state: str = DuplicatePair.State.OPEN, pair_id: UUID | None = None
) -> Queue:
    """Return the queue with one pair compared: the one asked for, else the likeliest; at most fourteen queries.

    A pair of which the reader may not merge both is not in it.
    """
    pairs = DuplicatePair.objects.visible_to(actor).apart()
    waiting = pairs.filter(state=state)
    rows = _with_records(list(waiting.order_by("-score", "-id")[:ROWS]))
    current = next((row for row in rows if row.pair.pk == pair_id), None)
    if current is None and pair_id:
        current = next(iter(_with_records(list(pairs.filter(pk=pair_id)))), None)
    if current is None and rows:
        current = rows[0]
    ids = [row.pair.pk for row in rows]
    place = ids.index(current.pair.pk) if current and current.pair.pk in ids else -1
    return Queue(
        rows,
        current,
        compare_records(current.left, current.right, actor) if current else None,
        waiting[: MOST_COUNTED + 1].count(),
        ids[place - 1] if place > 0 else None,
        ids[place + 1] if place + 1 < len(ids) else None,
    )


def count_waiting(actor: Actor) -> int:
    """Count the pairs that the actor may judge, up to a thousand; one query."""
    waiting = DuplicatePair.objects.visible_to(actor).apart().filter(state=DuplicatePair.State.OPEN)
    return waiting[:MOST_COUNTED].count()


def _with_records(pairs: Sequence[DuplicatePair]) -> list[QueuedPair]:
    """Load the records of pairs, each two of them once; one query."""
    ends = {pair.pk: sorted([pair.left_id, pair.right_id]) for pair in pairs}  # type: ignore[attr-defined]
    wanted = {pk for ids in ends.values() for pk in ids}
    related = Customer.objects.select_related("household", "responsible")
    people = related.in_bulk(list(wanted)) if wanted else {}
    found: dict[tuple[UUID, ...], QueuedPair] = {}
    for pair in pairs:
        left, right = ends[pair.pk]
        found.setdefault((left, right), QueuedPair(pair, people[left], people[right]))
    return list(found.values())


@dataclass(frozen=True)
class MergeRow:
    """A merge of the history, with the records it took in, those the reader may see; `hidden` counts the others."""

    merge: CustomerMerge
    survivor: Customer
    absorbed: Sequence[Customer]
    hidden: int
    moved: int
    stayed: int
    followed: int
    kept_words: str

    @property
    def is_undone(self) -> bool:
        return self.merge.undone_at is not None


def merge_history(actor: Actor, *, customer_id: UUID | None = None, cursor: str = "") -> Page[CustomerMerge]:
    """Return a page of merges, newest first, of one customer if given; one query."""
    rows = CustomerMerge.objects.visible_to(actor)
    if customer_id:
        rows = rows.filter(survivor=customer_id)
    related = rows.select_related("survivor", "merged_by", "undone_by").prefetch_related("absorbed__customer")
    # A record that was parted again may lie elsewhere now; `merge_rows` tells which of them the actor sees.
    with beyond_places():
        return keyset_page(related, order="-created_at", cursor=cursor)


def merge_rows(merges: Sequence[CustomerMerge], actor: Actor) -> list[MergeRow]:
    """Tell of merges what they moved and what an undo did; one query for rows of `merge_history`.

    Once a merge is undone the records are apart, and each is seen at its own places again, or where the record is
    that it was merged into since.
    """
    parted = [row.customer for merge in merges if merge.undone_at for row in merge.absorbed.all()]
    ends = {row.pk: row.merged_into_id or row.pk for row in parted}
    rows = Customer.objects.visible_to(actor).filter(pk__in=list(ends.values()))
    seen = set(rows.values_list("pk", flat=True))
    return [_merge_row(merge, {pk for pk, end in ends.items() if end not in seen}) for merge in merges]


def _merge_row(merge: CustomerMerge, unseen: Collection[UUID]) -> MergeRow:
    outcome = merge.outcome
    absorbed = [row.customer for row in merge.absorbed.all()]
    shown = [row for row in absorbed if not merge.undone_at or row.pk not in unseen]
    followed = outcome.get("followed", {}).values()
    return MergeRow(
        merge,
        merge.survivor,
        shown,
        len(absorbed) - len(shown),
        moved=sum(outcome.get("moved", {}).values()),
        stayed=sum(outcome.get("stayed", {}).values()),
        followed=sum(number for counts in followed for number in counts.values()),
        kept_words=words_of_fields(outcome.get("kept_values", [])),
    )
