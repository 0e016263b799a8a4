"""A person's judgement of two records that may be one."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.customers.events import DuplicateJudged
from hearth.customers.models import Customer, CustomerMerge, DuplicatePair
from hearth.customers.selectors.presentation import places_of
from hearth.customers.services.merge_rules import AlreadyMerged, require_merge
from hearth.customers.services.merging import merge_customers
from hearth.customers.services.suggestions import SuggestedDuplicate, suggest_duplicates
from hearth.customers.services.unmerging import undo_merge

State = DuplicatePair.State
BY_HAND = "by_hand"


class NotJudged(DomainError):
    """There is no judgement to take back."""

    code = "not_judged"
    message = _("This pair was not judged yet.")


class SameRecord(InvalidInput):
    """A record cannot be compared with itself."""

    code = "same_record"
    message = _("This is the same record. Choose another.")


@beyond_places()
@transaction.atomic
def merge_pair(
    pair: DuplicatePair, *, survivor_id: UUID, values: Mapping[str, UUID], actor: Actor, now: datetime
) -> CustomerMerge:
    """Merge the two records of a pair into the one that is named.

    :raises DomainError: as `merge_customers`
    """
    people = _records(pair)
    if survivor_id not in people:
        raise AlreadyMerged
    survivor = people.pop(survivor_id)
    return merge_customers(survivor, list(people.values()), values=values, actor=actor, now=now)


@beyond_places()
@transaction.atomic
def judge_pair(pair: DuplicatePair, *, state: str, actor: Actor, now: datetime) -> DuplicatePair:
    """Say that two records are different people, or put the pair off; the row is locked.

    What is different is never suggested again.

    :raises NotAllowed: if the actor may not see and merge at a place of each of them
    :raises AlreadyMerged: if they are one record by now
    """
    kept = DuplicatePair.objects.select_for_update().get(pk=pair.pk)
    people = _records(kept)
    require_merge(actor, places_of(list(people)).values())
    kept.state, kept.decided_by_id, kept.decided_at, kept.updated_at = State(state), actor.user_id, now, now
    kept.save(update_fields=["state", "decided_by", "decided_at", "updated_at"])
    _tell(kept, actor, now)
    return kept


@beyond_places()
@transaction.atomic
def take_back_judgement(pair: DuplicatePair, *, actor: Actor, now: datetime) -> DuplicatePair:
    """Undo what was last said of a pair: part the records again, or ask once more whether they are one.

    :raises NotJudged: if the pair waits
    :raises DomainError: as `undo_merge`
    """
    kept = DuplicatePair.objects.select_for_update(of=("self",)).select_related("merge").get(pk=pair.pk)
    if kept.state == State.MERGED and kept.merge:
        undo_merge(kept.merge, actor=actor, now=now)
        kept.refresh_from_db()
        return kept
    if kept.state == State.OPEN:
        raise NotJudged
    require_merge(actor, places_of(list(_records(kept))).values())
    kept.state, kept.decided_by, kept.decided_at, kept.updated_at = State.OPEN, None, None, now
    kept.save(update_fields=["state", "decided_by", "decided_at", "updated_at"])
    _tell(kept, actor, now)
    return kept


@beyond_places()
@transaction.atomic
def compare_by_hand(customer: Customer, other: Customer, *, actor: Actor, now: datetime) -> DuplicatePair:
    """Put two records side by side that somebody holds to be one; a pair that is known is returned.

    :raises NotAllowed: if the actor may not see and merge at a place of each of them
    :raises SameRecord: if they are one
    :raises DomainError: if they can never be one
    """
    first, second = sorted([customer.pk, other.pk])
    if first == second:
        raise SameRecord("other")
    require_merge(actor, places_of([first, second]).values())
    known = DuplicatePair.objects.filter(first=first, second=second)
    if not known.exists():
        suggest_duplicates([SuggestedDuplicate(first, second, 0.0, (BY_HAND,))], actor=actor, now=now)
    pair = known.first()
    if pair is None:
        raise NeverOne("other")
    return pair


class NeverOne(InvalidInput):
    """Two records that are known to be different."""

    code = "never_one"
    message = _("These two were judged different, have two identity numbers, or one of them is sample data.")


def _records(pair: DuplicatePair) -> dict[UUID, Customer]:
    """Return the two records that a pair means by now.

    :raises AlreadyMerged: if they are one
    """
    rows = Customer.objects.filter(pk__in=[pair.first_id, pair.second_id]).select_related("merged_into")
    records = {(row.merged_into or row).pk: row.merged_into or row for row in rows}
    if len(records) < 2:
        raise AlreadyMerged
    return records


def _tell(pair: DuplicatePair, actor: Actor, now: datetime) -> None:
    event = DuplicateJudged(
        customer_id=pair.first_id,
        subject_id=pair.pk,
        other_id=pair.second_id,
        verdict=pair.state,
        is_sample=pair.is_sample,
    )
    record(event, actor=actor, now=now)
