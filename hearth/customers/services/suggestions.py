"""Taking in pairs of records that may be one customer, for a person to judge."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.customers.events import DuplicatesSuggested
from hearth.customers.permissions import MERGE_CUSTOMER
from hearth.lib.identifiers import uuid7

CHUNK = 10_000
# Ends are resolved to the records they belong to by now. Left out: what was judged different, also under an earlier
# record of the same two; two identity numbers, which are never one person; and the demo beside real records.
SUGGEST = """
    WITH records AS NOT MATERIALIZED (
        SELECT given.id, kept.id AS pk, kept.is_sample, kept.identity_index
        FROM customers_customer AS given
        JOIN customers_customer AS kept ON kept.id = coalesce(given.merged_into_id, given.id)
    ), said AS (
        SELECT DISTINCT ON (1, 2)
            least(one.pk, other.pk) AS first_id, greatest(one.pk, other.pk) AS second_id, row.id, row.score,
            row.reasons, one.is_sample
        FROM unnest(%(ids)s::uuid[], %(ones)s::uuid[], %(others)s::uuid[], %(scores)s::float8[],
            %(reasons)s::jsonb[]) AS row (id, one, other, score, reasons)
        JOIN records AS one ON one.id = row.one
        JOIN records AS other ON other.id = row.other
        WHERE one.pk <> other.pk AND one.is_sample = other.is_sample
            AND NOT coalesce(one.identity_index <> other.identity_index, false)
        ORDER BY 1, 2, row.score DESC
    ), different AS (
        SELECT least(one.pk, other.pk) AS first_id, greatest(one.pk, other.pk) AS second_id
        FROM customers_duplicatepair AS pair
        JOIN records AS one ON one.id = pair.first_id
        JOIN records AS other ON other.id = pair.second_id
        WHERE pair.state = 'different'
    )
    INSERT INTO customers_duplicatepair AS kept
        (id, created_at, updated_at, is_sample, first_id, second_id, score, reasons, state)
    SELECT id, %(now)s, %(now)s, is_sample, first_id, second_id, score, reasons, 'open' FROM said
    WHERE (first_id, second_id) NOT IN (SELECT first_id, second_id FROM different)
    ON CONFLICT (first_id, second_id) DO UPDATE
        SET score = excluded.score, reasons = excluded.reasons, updated_at = excluded.updated_at
        WHERE kept.state IN ('open', 'later')
            AND (kept.score, kept.reasons) IS DISTINCT FROM (excluded.score, excluded.reasons)
    RETURNING xmax = 0
"""


class SuggestedDuplicate(NamedTuple):
    """Two records that may be one: a score from 0 to 1 and the codes of the reasons, the strongest first."""

    customer_id: UUID
    other_id: UUID
    score: float
    reasons: Sequence[str] = ()


@dataclass(frozen=True)
class Suggested:
    """How many pairs were new, and how many known ones got another score or other reasons."""

    new: int
    refreshed: int


@transaction.atomic
def suggest_duplicates(
    rows: Iterable[SuggestedDuplicate | tuple[UUID, UUID, float, Sequence[str]]],
    *,
    actor: Actor,
    now: datetime,
) -> Suggested:
    """Put pairs into the queue of those to be judged; one query for ten thousand.

    A pair that waits gets the newer score and reasons; one that was judged stays judged. May be repeated.

    :raises NotAllowed: if the actor may merge customers nowhere
    """
    actor.require(MERGE_CUSTOMER)
    given = iter(rows)
    new = refreshed = 0
    while chunk := [SuggestedDuplicate(*row) for row in islice(given, CHUNK)]:
        is_new = _write(chunk, now)
        new += sum(is_new)
        refreshed += len(is_new) - sum(is_new)
    if new:
        record(DuplicatesSuggested(pairs=new), actor=actor, now=now)
    return Suggested(new, refreshed)


def _write(rows: Sequence[SuggestedDuplicate], now: datetime) -> list[bool]:
    """Write rows and tell of each that changed something whether it was new."""
    parameters: dict[str, Any] = {
        "ids": [uuid7() for _row in rows],
        "ones": [row.customer_id for row in rows],
        "others": [row.other_id for row in rows],
        "scores": [float(row.score) for row in rows],
        "reasons": [json.dumps(list(row.reasons)) for row in rows],
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(SUGGEST, parameters)
        return [is_new for (is_new,) in cursor.fetchall()]
