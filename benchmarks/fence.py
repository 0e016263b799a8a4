"""What the fence of the database costs a page: each page with it and without it, turn by turn in one run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from benchmarks.load import Client, Times, ask
from benchmarks.results import Result
from hearth.core.fence import fences

ALLOWANCE = 15
TURNS = 4


def fence_result(name: str, client: Client, owner: psycopg.Connection[Any], *, seconds: float) -> Result:
    """Ask with the fence and without it, some times by turns; the floor is the page without it."""
    fenced: list[float] = []
    bare: list[float] = []
    for _turn in range(TURNS):
        fenced += ask(client, clients=1, seconds=seconds / TURNS).milliseconds
        with taken_down(owner):
            bare += ask(client, clients=1, seconds=seconds / TURNS).milliseconds
    with_it, without = Times(tuple(sorted(fenced))), Times(tuple(sorted(bare)))
    return Result(
        f"the fence: {name}",
        1,
        with_it.p50,
        with_it.p95,
        len(fenced),
        without.p50,
        without.p95,
        aim=f"p50 ≤ {without.p50 + ALLOWANCE:.0f}",
        is_met=with_it.p50 <= without.p50 + ALLOWANCE,
    )


@contextmanager
def taken_down(owner: psycopg.Connection[Any]) -> Iterator[None]:
    """Switch every fence off, and on again."""
    _switch(owner, "DISABLE")
    try:
        yield
    finally:
        _switch(owner, "ENABLE")


def _switch(owner: psycopg.Connection[Any], act: str) -> None:
    for table in fences:
        owner.execute(f"ALTER TABLE {table} {act} ROW LEVEL SECURITY".encode())
