"""What the log of changes says of a person: given out as what was changed when, and emptied."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.audit.models import AuditEntry, AuditEntryQuerySet, AuditSeal
from hearth.audit.sealing import COLUMN
from hearth.core.crypto import open_sealed
from hearth.core.personal_data import Person, holds_none, register_personal_data, sealed_texts

AT_ONCE = 1_000
Key = tuple[datetime, int]


def erase_values(person: Person, now: datetime) -> int:
    """Empty the values of entries that speak of the person; that there was a change, when and by whom, stays.

    These are the entries of every row the erasure itself touched, what it wrote included, and entries whose values
    name the person or were a removed row of theirs. All values since the person became known are read once.
    """
    keys = {*_of_touched_rows(), *_of_words(person)}
    chosen = sorted(keys)
    for start in range(0, len(chosen), AT_ONCE):
        _empty(chosen[start : start + AT_ONCE])
    return len(chosen)


def forget_touched_rows() -> int:
    """Empty the values of the entries of every row that this transaction changed or removed so far."""
    chosen = sorted(set(_of_touched_rows()))
    for start in range(0, len(chosen), AT_ONCE):
        _empty(chosen[start : start + AT_ONCE])
    return len(chosen)


def _of_touched_rows() -> Iterator[Key]:
    """Yield the entries of rows that this transaction changed or removed."""
    with connection.cursor() as cursor:
        cursor.execute("""
            WITH touched AS (
                SELECT DISTINCT table_name, unnest(row_ids) AS key FROM audit_auditentry
                WHERE noted_at >= transaction_timestamp() AND operation <> 'I'
                    AND transaction = pg_current_xact_id()::text::bigint
            )
            SELECT DISTINCT entry.noted_at, entry.id FROM touched
            JOIN audit_auditentry entry
                ON entry.row_ids @> ARRAY[touched.key] AND entry.table_name = touched.table_name
            WHERE entry.values IS NOT NULL OR entry.values_sealed IS NOT NULL
        """)
        yield from cursor.fetchall()


def _of_words(person: Person) -> Iterator[Key]:
    since = person.known_since - timedelta(days=1)
    for entry in _with_values().filter(noted_at__gte=since).iterator():
        text = _text_of(entry)
        is_own = entry.operation == AuditEntry.Operation.DELETE and person.is_meant_in(text)
        if is_own or person.is_named_in(text):
            yield entry.noted_at, entry.id


def _with_values() -> AuditEntryQuerySet:
    return AuditEntry.objects.filter(Q(values__isnull=False) | Q(values_sealed__isnull=False))


def _text_of(entry: AuditEntry) -> str:
    if entry.values_sealed:
        return open_sealed(bytes(entry.values_sealed), column=COLUMN, row_id=UUID(int=entry.id))
    return json.dumps(entry.values, ensure_ascii=False)


def _empty(keys: Sequence[Key]) -> None:
    instants, ids = zip(*keys, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_erase_values(%s::timestamptz[], %s::bigint[])", [list(instants), list(ids)]
        )


def _texts() -> Iterator[str]:
    return map(_text_of, _with_values().filter(values_sealed__isnull=False).iterator())


register_personal_data("audit.entries", _("Log of changes"), AuditEntry, erase=erase_values, is_last=True)
holds_none(AuditSeal, because="Digests and signatures of blocks of the log.")
sealed_texts.register(COLUMN, _texts)
