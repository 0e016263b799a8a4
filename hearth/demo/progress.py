"""How far a loading or a removal is, told while its transaction still runs.

Nobody sees the rows of an open transaction. The progress is therefore written over a connection of its own, into the
cache's table, where it is forgotten after an hour.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Protocol

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

KEY = "hearth.demo.progress"
WRITE = """
    INSERT INTO core_cache (cache_key, value, expires) VALUES (%s, %s, now() + interval '1 hour')
    ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires
"""
READ = "SELECT value FROM core_cache WHERE cache_key = %s AND expires > now()"


@dataclass(frozen=True)
class Progress:
    """`act` is `load` or `clear`; `problem` is the code of a refusal, or the kind of failure."""

    act: str
    done: int = 0
    total: int = 0
    problem: str = ""

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class Show(Protocol):
    """Stores a state, at once and for all to see."""

    def __call__(self, state: Progress | None) -> None: ...


@contextmanager
def showing_progress() -> Iterator[Show]:
    """Give the function that stores progress; None forgets it."""
    separate = connections["default"].copy()

    def show(state: Progress | None) -> None:
        _write(separate, state)

    try:
        yield show
    finally:
        separate.close()


def note_queued(act: str) -> None:
    """Say that a job waits, in the current transaction."""
    _write(connection, Progress(act))


def _write(wrapper: BaseDatabaseWrapper, state: Progress | None) -> None:
    with wrapper.cursor() as cursor:
        if state is None:
            cursor.execute("DELETE FROM core_cache WHERE cache_key = %s", [KEY])
        else:
            cursor.execute(WRITE, [KEY, json.dumps(asdict(state))])


def read_progress() -> Progress | None:
    """Return what runs or has failed within the last hour."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [KEY])
        row = cursor.fetchone()
    return Progress(**json.loads(row[0])) if row else None
