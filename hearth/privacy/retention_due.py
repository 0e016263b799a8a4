"""What is kept no longer by a rule: counted for a dry run, and in portions for the night."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime

from hearth.core.retention import KeptKind, kept_kinds
from hearth.privacy.models import RetentionRule

MOST_SAMPLES = 20
COUNTED_AT_ONCE = 5_000


@dataclass(frozen=True)
class DryRun:
    """What would go: how many, and the first of them by id."""

    number: int
    samples: Sequence[UUID]
    before: datetime


def before_of(rule: RetentionRule, *, now: datetime) -> datetime:
    """Return the instant before which rows are kept no longer."""
    today = localtime(now)
    year, month = divmod(today.year * 12 + today.month - 1 - rule.months, 12)
    return today.replace(year=year, month=month + 1, day=min(today.day, monthrange(year, month + 1)[1]))


def dry_run(rule: RetentionRule, *, now: datetime) -> DryRun:
    """Count what would go tonight; a query or a few for each 5,000 rows, nothing is changed."""
    number, samples = 0, list[UUID]()
    for ids in _portions(kept_kinds[rule.kind], before_of(rule, now=now), COUNTED_AT_ONCE):
        number += len(ids)
        samples += ids[: MOST_SAMPLES - len(samples)]
    return DryRun(number, samples, before_of(rule, now=now))


def portions_due(rule: RetentionRule, *, now: datetime) -> Iterator[Sequence[UUID]]:
    """Yield the keys of what is kept no longer, some at a time, in the order of their keys."""
    kind = kept_kinds[rule.kind]
    yield from _portions(kind, before_of(rule, now=now), kind.portion)


def _portions(kind: KeptKind, before: datetime, size: int) -> Iterator[list[UUID]]:
    last: Any = None
    while True:
        rows = kind.due(before).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        ids: list[UUID] = list(rows.values_list("pk", flat=True)[:size])
        if not ids:
            return
        last = ids[-1]
        kept = kind.keep(ids, before) if kind.keep else set()
        chosen = [key for key in ids if key not in kept]
        if chosen:
            yield chosen
