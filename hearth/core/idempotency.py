"""Requests that a program may repeat: the first answer is kept a day and given again."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.errors import Conflict, DomainError
from hearth.core.models import IdempotencyKey

KEPT_FOR = timedelta(hours=24)


class KeyUsedDifferently(DomainError):
    """The key came before with another request."""

    code = "idempotency_key_reused"
    message = _("This idempotency key was used before for another request.")


class StillRunning(Conflict):
    """The first request with this key has not yet ended."""

    code = "still_running"
    message = _("The first request with this key is still running. Ask again in a moment.")


@dataclass(frozen=True)
class Answer:
    """What a request got; `is_replayed` when it was done before."""

    status: int
    body: str
    headers: Mapping[str, str]
    is_replayed: bool = False


@transaction.atomic
def answer_once(
    act: Callable[[], Answer], *, user_id: int, key: str, request: bytes, now: datetime
) -> Answer:
    """Return what `act` answers, or what it answered when the same user sent the same key before.

    Act and answer commit together: a process that dies leaves neither. A refusal is raised by `act` and not kept,
    so the request may be mended and sent again with its key.

    :raises StillRunning: if another process is at it
    :raises KeyUsedDifferently: if the key came with another request
    """
    if not _lock(f"{user_id}|{key}"):
        raise StillRunning
    fingerprint = hashlib.sha256(request).digest()
    kept = IdempotencyKey.objects.filter(user_id=user_id, key=key).first()
    if kept and kept.created_at > now - KEPT_FOR:
        if bytes(kept.fingerprint) != fingerprint:
            raise KeyUsedDifferently
        return Answer(kept.status, kept.body, kept.headers, is_replayed=True)
    if kept:
        kept.delete()
    answer = act()
    row = IdempotencyKey(
        user_id=user_id,
        key=key,
        fingerprint=fingerprint,
        status=answer.status,
        headers=dict(answer.headers),
        created_at=now,
        updated_at=now,
    )
    row.body = answer.body
    row.save(force_insert=True)
    return answer


def forget_answers(*, now: datetime) -> int:
    """Remove the answers kept long enough and return how many; one query."""
    removed, _by_model = IdempotencyKey.objects.filter(created_at__lte=now - KEPT_FOR).delete()
    return removed


def _lock(name: str) -> bool:
    """Take a lock that ends with the transaction; tell whether it was free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])
