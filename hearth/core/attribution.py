"""Telling the database who acts, for what it notes by itself.

The word is a setting of the connection, outside any transaction, so that a rolled back act does not take it away.
Whoever gives it takes it back at the end of the request or job; the pool would hand it on.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from hearth.core.actor import Actor

TOLD = "_hearth_attributed"
SET = "SELECT set_config('hearth.attribution', %s, false)"


def attribute_to(actor: Actor, *, address: str = "") -> None:
    """Say that this actor does what follows on this connection. One round trip, which is no query of a page."""
    _tell(f"{actor.user_id or ''}|{actor.kind}|{address}")


def attribute_to_nobody() -> None:
    """Take back what was said; nothing is sent where nothing was said."""
    if getattr(connection, TOLD, False) and connection.connection is not None:
        _tell("")


@contextmanager
def attributed_to_system(kind: str) -> Iterator[None]:
    """Say that the installation itself does what happens inside: a job, a command."""
    _tell(f"|{kind}|")
    try:
        yield
    finally:
        attribute_to_nobody()


def _tell(words: str) -> None:
    connection.ensure_connection()
    connection.connection.execute(SET, [words])
    setattr(connection, TOLD, bool(words))
