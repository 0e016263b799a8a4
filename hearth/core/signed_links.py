"""Links that stand for one row until a moment, and need no row of their own: signed, not kept."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing

AT_ONCE = timedelta()


class LinkNotGood(Exception):
    """The link is not ours, was changed, or is too old."""


def sign_link(purpose: str, row_id: UUID, *, ends_at: datetime) -> str:
    """Return what stands for a row in a link of a purpose, good until a moment; it names nobody."""
    return signing.dumps([row_id.hex, int(ends_at.timestamp())], salt=purpose)


def row_of_link(purpose: str, token: str, *, now: datetime, grace: timedelta = AT_ONCE) -> UUID:
    """Return for which row a link of a purpose is, also for a time of grace after its end.

    :raises LinkNotGood: if it is not ours, or too old
    """
    try:
        hexadecimal, ends_at = signing.loads(token, salt=purpose)
    except signing.BadSignature as error:
        raise LinkNotGood from error
    if ends_at + grace.total_seconds() < now.timestamp():
        raise LinkNotGood
    return UUID(hexadecimal)
