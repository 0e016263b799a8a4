"""Merging records: one at a time, and five thousand groups; everything is taken back afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from django.db import transaction
from django.utils import timezone

from benchmarks.load import Times, timed
from hearth.core.actor import Actor
from hearth.customers.following import followings
from hearth.customers.models import Customer
from hearth.customers.services import MergeGroup, merge_groups

if TYPE_CHECKING:
    from benchmarks.works import Stage

GROUPS, SINGLE = 5_000, 60
SYSTEM = Actor.system("bench")


class MergesRefused(Exception):
    """Some of the groups were refused: the figure would not be of merges."""


def _pairs(owner: psycopg.Connection[Any], number: int) -> list[tuple[UUID, UUID]]:
    """Choose pairs of customers without an identity number, the same in each run."""
    rows = owner.execute(
        "SELECT id FROM customers_customer WHERE identity_index IS NULL AND merged_into_id IS NULL"
        " AND NOT is_sample ORDER BY md5(id::text) LIMIT %s",
        [number * 2],
    ).fetchall()
    ids = [row[0] for row in rows]
    return list(zip(ids[::2], ids[1::2], strict=False))


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _merge(pairs: list[tuple[UUID, UUID]]) -> None:
    groups = [MergeGroup(one, [other]) for one, other in pairs]
    results = merge_groups(groups, actor=SYSTEM, now=timezone.now())
    if refused := [result.refusal for result in results if result.refusal]:
        raise MergesRefused(str(refused[0]))


def merge_one(stage: "Stage") -> Times:
    """Merge two records, again and again."""
    waiting = iter(_pairs(stage.owner, SINGLE))
    with _taken_back():
        return timed(lambda: _merge([next(waiting)]), times=SINGLE)


def merge_many(stage: "Stage") -> Times:
    """Merge five thousand groups of two."""
    pairs = _pairs(stage.owner, min(GROUPS, stage.customers // 2))
    stage.notes["groups merged"] = len(pairs)
    with _taken_back():
        return timed(lambda: _merge(pairs))


def repoint_one(stage: "Stage") -> Times:
    """UPDATE each column that follows, for one pair at a time, and nothing else."""
    return _repoint(stage, [[pair] for pair in _pairs(stage.owner, SINGLE)])


def repoint_many(stage: "Stage") -> Times:
    """UPDATE each column that follows, once for all pairs."""
    return _repoint(stage, [_pairs(stage.owner, min(GROUPS, stage.customers // 2))])


def _repoint(stage: "Stage", rounds: list[list[tuple[UUID, UUID]]]) -> Times:
    waiting = iter(rounds)
    statements = [
        f"UPDATE {item.model._meta.db_table} AS kept SET {item.attname} = move.target"
        f" FROM unnest(%s::uuid[], %s::uuid[]) AS move (target, origin) WHERE kept.{item.attname} = move.origin"
        for item in followings.values()
        if item.moves and not item.unique_constraints() and item.model is not Customer
    ]

    def work() -> None:
        targets, origins = zip(*next(waiting), strict=True)
        for statement in statements:
            stage.owner.execute(statement.encode(), [list(targets), list(origins)])

    with stage.owner.transaction(force_rollback=True):
        return timed(work, times=len(rounds))
