"""Telling the database who acts and where, for what it notes (`hearth.audit`) and shows (`hearth.core.fence`).

The words are settings of the connection, outside any transaction, so that a rolled back act does not take them away.
Whoever gives them takes them back at the end of the request or job; the pool would hand them on.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from psycopg import Error as PostgresError
from psycopg.pq import TransactionStatus

from hearth.core.actor import Actor
from hearth.core.fence import ALL_PLACES, places_of

Part = TypeVar("Part")
TOLD = "_hearth_told"
DEAF = frozenset({TransactionStatus.INERROR, TransactionStatus.UNKNOWN})
SET = "SELECT set_config('hearth.attribution', %s, false), set_config('hearth.places', %s, false)"


class Told(NamedTuple):
    """Who acts, as user, kind, address and roles, and where, as `hearth.core.fence.places_of` writes it."""

    who: str = ""
    places: str = ""


NOBODY = Told()
_otherwise = NOBODY


def this_process_acts(kind: str) -> None:
    """Say that whatever this process does by itself the installation does, at all places: a command, a measurement."""
    global _otherwise  # noqa: PLW0603  (a process is one thing from its beginning to its end)
    _otherwise = Told(f"|{kind}|", ALL_PLACES)
    connection.close()  # the next one is told


def attribute_to(actor: Actor, *, address: str = "") -> None:
    """Say that this actor does what follows on this connection. One round trip, which is no query of a page."""
    _tell(_words(actor, actor.kind, address))


def attribute_to_nobody() -> None:
    """Take back what was said; nothing is sent where nothing was said."""
    if is_told():
        _tell_back(_otherwise)


@contextmanager
def attributed_to(actor: Actor, *, address: str = "") -> Iterator[None]:
    """Say that this actor does what happens inside, where nobody has signed in: a customer who followed a link."""
    with _saying(_words(actor, actor.kind, address)):
        yield


@contextmanager
def attributed_to_system(kind: str) -> Iterator[None]:
    """Say that the installation itself does what happens inside, at all places: a job, a command."""
    with _saying(Told(f"|{kind}|", ALL_PLACES)):
        yield


@contextmanager
def beyond_places() -> Iterator[None]:
    """Let what happens inside reach the rows of all places; who acts stays said.

    For what the house must know wherever it lies, though the actor may not see it: whether a customer is known
    already, to which record a merged one belongs. What is found is for the code, which decides what of it is shown.
    """
    if told().places == ALL_PLACES:
        yield
        return
    with _saying(told()._replace(places=ALL_PLACES)):
        yield


@contextmanager
def working_for(actor: Actor) -> Iterator[None]:
    """Have a job see what the person sees for whom it works, and no more; what it does is noted as theirs."""
    with _saying(_words(actor, "job")):
        yield


def saying_while(words: Told, parts: Iterable[Part]) -> Iterator[Part]:
    """Give the parts of an answer that is made while it is sent, with the words said that held when it was begun."""
    with _saying(words):
        yield from parts


@contextmanager
def _saying(words: Told) -> Iterator[None]:
    before = told()
    _tell(words)
    try:
        yield
    finally:
        _tell_back(before)


def _words(actor: Actor, kind: str, address: str = "") -> Told:
    return Told(f"{actor.user_id or ''}|{kind}|{address}|{','.join(actor.roles)}", places_of(actor))


def _tell_back(before: Told) -> None:
    """Say again what was said before, where there is anybody to hear it.

    A transaction that has failed takes the words back itself; a connection that is lost has forgotten them, and the
    next one is told what holds then.
    """
    setattr(connection, TOLD, before)
    wrapped = connection.connection
    if wrapped is None or wrapped.info.transaction_status in DEAF:
        return
    try:
        _tell(before)
    except PostgresError:
        connection.close()  # nothing may follow on a connection that may still remember


def told() -> Told:
    """What this connection was told last."""
    return getattr(connection, TOLD, _otherwise)


def is_told() -> bool:
    """Tell whether somebody acts on this connection already."""
    return told() != _otherwise


def tell_other(other: BaseDatabaseWrapper) -> None:
    """Tell a second connection, which ends with its work, what this one was told."""
    other.ensure_connection()
    other.connection.execute(SET, told())


@receiver(connection_created)
def _tell_again(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Tell a connection that was lost and made anew what the lost one had been told."""
    words = getattr(connection, TOLD, _otherwise)
    if words != NOBODY:
        connection.connection.execute(SET, words)


def _tell(words: Told) -> None:
    connection.ensure_connection()
    # Kept before it is sent: should the connection be lost just now, the next one must not be told what held before.
    setattr(connection, TOLD, words)
    connection.connection.execute(SET, words)
