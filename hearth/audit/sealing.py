"""Closing entries into signed blocks, each holding on to the one before, and looking whether all still hold."""

import hmac
import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import localdate

from hearth.audit.models import AuditEntry, AuditSeal
from hearth.core.crypto import keyed_digest, open_sealed, seal

logger = logging.getLogger(__name__)
BLOCK = 5_000
COLUMN = "audit_auditentry.values_sealed"


def seal_entries() -> int:
    """Close all entries that are committed and in no block; return how many. May run beside itself."""
    total = 0
    while closed := _close_block():
        total += closed
    return total


@transaction.atomic
def _close_block() -> int:
    """Close one block of entries, their values encrypted, and sign it."""
    waiting = AuditEntry.objects.filter(seal__isnull=True).order_by("id").values_list("id", "values")[:BLOCK]
    sealed = {entry_id: _seal_values(entry_id, values) for entry_id, values in waiting}
    if not sealed:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT block, block_digest FROM audit_close_block(%s::bigint[], %s::bytea[])",
            [list(sealed), list(sealed.values())],
        )
        number, digest = cursor.fetchone()
        if number is None:
            return 0
        cursor.execute("SELECT audit_sign_block(%s, %s)", [number, _sign(number, bytes(digest))])
    # The log is kept elsewhere: a chain that was cut short at its end still shows there.
    logger.info("Audit block %s closed, %s", number, bytes(digest).hex())
    return len(sealed)


def _seal_values(entry_id: int, values: object) -> bytes | None:
    if values is None:
        return None
    return seal(json.dumps(values, ensure_ascii=False), column=COLUMN, row_id=UUID(int=entry_id))


def open_values(entry: AuditEntry) -> dict[str, object]:
    """Return the values of an entry, sealed or not; none of what was added or erased since."""
    if entry.values_sealed:
        text = open_sealed(bytes(entry.values_sealed), column=COLUMN, row_id=UUID(int=entry.id))
        return dict(json.loads(text))
    return dict(entry.values or {})


def _sign(number: int, digest: bytes) -> bytes:
    return keyed_digest(f"audit|{number}", digest)


@dataclass(frozen=True)
class Verdict:
    """What a look through the chain found: the first block that does not hold, or none, and where the chain ends."""

    blocks: int
    entries: int
    waiting: int
    broken: int | None
    reason: str
    head: str


def verify(*, expected_head: str = "") -> Verdict:
    """Compute every block anew, in order, and compare; `expected_head` is a digest noted earlier."""
    previous, entries, heads = b"", 0, {expected_head} if expected_head else set()
    blocks = 0
    for kept in AuditSeal.objects.order_by("number").iterator():
        blocks += 1
        reason = _fault_of(kept, blocks, previous)
        if reason:
            return _verdict(blocks, entries, kept.number, reason, previous)
        previous = bytes(kept.digest)
        heads.discard(previous.hex())
        entries += kept.entries
    if heads:
        return _verdict(blocks, entries, blocks + 1, "head_missing", previous)
    return _verdict(blocks, entries, None, "", previous)


def _fault_of(kept: AuditSeal, number: int, previous: bytes) -> str:
    """Name what is wrong with a block, by the order in which it can be told."""
    if kept.number != number:
        return "block_missing"
    digest = bytes(kept.digest)
    if not hmac.compare_digest(bytes(kept.signature or b""), _sign(kept.number, digest)):
        return "signature"
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT audit_block_digest(%(block)s, %(previous)s), count(*),
                count(*) FILTER (WHERE values_sealed IS NOT NULL AND values_digest <> sha256(values_sealed))
            FROM audit_auditentry WHERE seal = %(block)s
            """,
            {"block": kept.number, "previous": previous},
        )
        found, number_of_entries, altered = cursor.fetchone()
    if number_of_entries != kept.entries:
        return "entries_missing" if number_of_entries < kept.entries else "entries_added"
    if bytes(found) != digest:
        return "entries_changed"
    return "values_changed" if altered else ""


def _verdict(blocks: int, entries: int, broken: int | None, reason: str, head: bytes) -> Verdict:
    waiting = AuditEntry.objects.filter(seal__isnull=True).count()
    return Verdict(blocks, entries, waiting, broken, reason, head.hex())


def ensure_coming_months(now: datetime) -> None:
    """Make the partitions of this month and of the two after it."""
    days = [localdate(now) + timedelta(days=31 * ahead) for ahead in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_ensure_month(day) FROM unnest(%s::date[]) AS day", [days])
