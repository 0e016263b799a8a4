"""Looking for records that may be one customer, and handing what is found to those who judge it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.analytics.identity import IdentityModel, model_from_json, model_to_json, starting_model
from hearth.analytics.identity_groups import LEAST_WEIGHT, LikelyPair, group, likely_pairs
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.customers.permissions import MERGE_CUSTOMER
from hearth.customers.services import SuggestedDuplicate, suggest_duplicates
from hearth.insight.events import DuplicatesSought
from hearth.insight.identity_rows import fresh_numbers, ids_of, read_people
from hearth.insight.models import DuplicateSearch
from hearth.postponed import Postponed
from hearth.warehouse.linking import Links, link

if TYPE_CHECKING:
    import pyarrow as pa
else:
    pa = Postponed("pyarrow")

LOCK = "hashtext('hearth.insight.duplicates')"
INTERRUPTED = "interrupted"
# Weights are estimated anew when they are older than this, or more than this share of the records is new to them.
WEIGHTS_LAST = timedelta(days=7)
LARGEST_SHARE = 0.1
# A transaction that began before a search may commit after it: the next search looks back a little further.
OVERLAP = timedelta(minutes=10)
WORST_ERROR = 2_000


class SearchRunning(DomainError):
    """Duplicates are being looked for, or the search waits for its turn."""

    code = "search_running"
    message = _("Duplicates are already being looked for.")


@transaction.atomic
def start_search(*, actor: Actor, now: datetime, is_whole: bool = False) -> DuplicateSearch:
    """Queue a search and return it at once.

    :raises NotAllowed: if the actor may merge customers nowhere
    :raises SearchRunning: if a search waits or runs
    """
    from hearth.insight.jobs import search_duplicates  # noqa: PLC0415  (the job calls these services)

    actor.require(MERGE_CUSTOMER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('hearth.insight.duplicates.start'))")
    if DuplicateSearch.objects.unfinished().exists():
        raise SearchRunning
    search = _write(now, is_whole=is_whole)
    search_duplicates.defer(search_id=str(search.id))
    return search


def find_duplicates(*, actor: Actor, now: datetime, is_whole: bool = False) -> DuplicateSearch:
    """Look for duplicates in this process and return the finished search; outside of a transaction.

    :raises NotAllowed: if the actor may merge customers nowhere
    :raises SearchRunning: if another process searches
    """
    actor.require(MERGE_CUSTOMER)
    return fill_search(_write(now, is_whole=is_whole), actor=actor, now=now)


def fill_search(search: DuplicateSearch, *, actor: Actor, now: datetime) -> DuplicateSearch:
    """Do a search that is written down; may be repeated after a crash.

    Customers who changed since the search before are compared with all; everybody with everybody, with new weights,
    where that was asked for, was never done, or is due. What is found becomes a suggestion for a person to judge:
    nothing is merged here. A failure leaves suggestions as they were, and a search that says why.

    :raises SearchRunning: if another process searches; this search is then marked as failed
    """
    started = time.perf_counter()
    try:
        with _only_search(search, now):
            before = DuplicateSearch.objects.done().exclude(pk=search.pk).order_by("-as_of_at", "-id").first()
            search.as_of_at = now
            _enter(search, DuplicateSearch.State.READING)
            people = read_people(today=localdate(now))
            search.records = people.num_rows
            fresh = _choose(search, before, now)
            _enter(search, DuplicateSearch.State.RUNNING)
            links = _compare(search, before, people, fresh)
            pairs = likely_pairs(people, links.pairs, links.model)
            search.groups = len(group(people, links.pairs, links.model))
            search.new, search.found = _suggest(pairs, actor=actor, now=now), len(pairs)
    except Exception as error:
        search.error = error.code if isinstance(error, DomainError) else f"{type(error).__name__}: {error}"
        search.error = search.error[:WORST_ERROR]
        _enter(search, DuplicateSearch.State.FAILED)
        raise
    return _finish(search, actor=actor, now=now, seconds=time.perf_counter() - started)


def _choose(search: DuplicateSearch, before: DuplicateSearch | None, now: datetime) -> Sequence[int] | None:
    """Return the records to compare with all, None for everybody; decides whether the search is whole."""
    if not search.is_whole and before and before.weights:
        fresh = fresh_numbers(before.as_of_at - OVERLAP)
        is_due = now - _weighed_at(now) > WEIGHTS_LAST
        if not is_due and len(fresh) <= max(1_000, LARGEST_SHARE * search.records):
            search.fresh = len(fresh)
            return fresh
    search.is_whole, search.fresh = True, search.records
    return None


def _weighed_at(now: datetime) -> datetime:
    whole = DuplicateSearch.objects.done().filter(is_whole=True).order_by("-as_of_at", "-id").first()
    return whole.as_of_at if whole else now - 2 * WEIGHTS_LAST


def _compare(
    search: DuplicateSearch, before: DuplicateSearch | None, people: pa.Table, fresh: Sequence[int] | None
) -> Links:
    model: IdentityModel = starting_model(search.records)
    if before and fresh is not None:
        model = model_from_json(before.weights)
    wanted = None if fresh is None else pa.table({"person_id": pa.array(fresh, pa.int64())})
    links = link(
        people,
        model,
        least_weight=LEAST_WEIGHT,
        fresh=wanted,
        is_training=fresh is None,
        engine=settings.WAREHOUSE_ENGINE,
    )
    search.weights, search.compared = model_to_json(links.model), links.compared
    return links


def _suggest(pairs: Sequence[LikelyPair], *, actor: Actor, now: datetime) -> int:
    """Hand pairs to the customers app and return how many were new."""
    ids = ids_of(number for pair in pairs for number in (pair.left, pair.right))
    rows = (
        SuggestedDuplicate(ids[pair.left], ids[pair.right], pair.probability, pair.signs)
        for pair in pairs
        if pair.left in ids and pair.right in ids
    )
    return suggest_duplicates(rows, actor=actor, now=now).new


@contextmanager
def _only_search(search: DuplicateSearch, now: datetime) -> Iterator[None]:
    """Hold the lock of searches in this session, and mark as failed what a killed process left.

    :raises SearchRunning: if another session holds it
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({LOCK})")
        if not cursor.fetchone()[0]:
            raise SearchRunning
        try:
            working = [DuplicateSearch.State.READING, DuplicateSearch.State.RUNNING]
            left = DuplicateSearch.objects.filter(state__in=working).exclude(pk=search.pk)
            left.update(state=DuplicateSearch.State.FAILED, error=INTERRUPTED, updated_at=now)
            yield
        finally:
            cursor.execute(f"SELECT pg_advisory_unlock({LOCK})")


def _write(now: datetime, *, is_whole: bool) -> DuplicateSearch:
    search = DuplicateSearch(as_of_at=now, is_whole=is_whole, created_at=now, updated_at=now)
    _enter(search, DuplicateSearch.State.QUEUED)
    return search


def _enter(search: DuplicateSearch, state: DuplicateSearch.State) -> None:
    search.state = state
    search.save()


@transaction.atomic
def _finish(search: DuplicateSearch, *, actor: Actor, now: datetime, seconds: float) -> DuplicateSearch:
    search.state, search.error, search.seconds, search.updated_at = search.State.DONE, "", seconds, now
    search.save()
    event = DuplicatesSought(subject_id=search.id, records=search.records, found=search.found, new=search.new)
    record(event, actor=actor, now=now)
    return search
