"""Bringing everything that is sealed, and every index of the search, under a new key, as the command does it."""

import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import psycopg
from django.conf import settings

from benchmarks.load import Times, timed

if TYPE_CHECKING:
    from benchmarks.works import Stage


class RotationFailed(Exception):
    """The command ended with another code than 0."""


def change_keys(stage: "Stage") -> Times:
    """Run `hearth keys rotate` once; the keys stay changed."""
    times = timed(_rotate)
    values = stage.owner.execute(
        "SELECT sum(rows) FROM core_resealingmark WHERE finished_at IS NOT NULL"
        " AND place NOT LIKE 'search indexes%'"
    ).fetchone()
    rounds = stage.owner.execute(
        "SELECT count(DISTINCT key_number) FROM core_resealingmark WHERE place NOT LIKE 'search indexes%'"
    ).fetchone()
    moved = int(values[0]) // int(rounds[0]) if values and rounds else 0
    stage.notes["values brought under a new key"] = moved
    stage.notes["values a second"] = round(moved / times.p50 * 1000)
    return times


def change_index_key(stage: "Stage") -> Times:
    """Run `hearth keys rotate --index` once, and note the longest that a search by telephone had to wait beside it."""
    is_over, waits = threading.Event(), list[float]()
    searching = threading.Thread(
        target=_search, args=(stage.owner.info.dsn, stage.owner.info.password, is_over, waits)
    )
    searching.start()
    try:
        times = timed(lambda: _rotate("--index"))
    finally:
        is_over.set()
        searching.join()
    looked_at = stage.owner.execute(
        "SELECT rows FROM core_resealingmark WHERE place = 'search indexes: looked through' ORDER BY key_number DESC"
    ).fetchone()
    stage.notes["rows whose indexes came under a new key"] = int(looked_at[0]) if looked_at else 0
    stage.notes["searches beside it"] = len(waits)
    stage.notes["longest wait of a search beside it, ms"] = round(max(waits) * 1000)
    return times


def _search(dsn: str, password: str, is_over: threading.Event, waits: list[float]) -> None:
    """Ask the index of contacts for a value a hundred times a second, and note how long each answer takes."""
    with psycopg.connect(dsn, password=password, autocommit=True) as connection:
        while not is_over.wait(0.01):
            begun = time.perf_counter()
            connection.execute(
                "SELECT id FROM customers_contactpoint WHERE value_index = '\\x00'::bytea"
            ).fetchall()
            waits.append(time.perf_counter() - begun)


def rewrite_indexes(stage: "Stage") -> Times:
    """UPDATE the indexes of all contacts and of all customers in one statement each, and take it back."""
    return timed(lambda: _rewrite_indexes(stage))


def _rewrite_indexes(stage: "Stage") -> None:
    with stage.owner.transaction(force_rollback=True):
        stage.owner.execute(
            "UPDATE customers_contactpoint SET value_index = value_index, last_four_index = last_four_index"
        )
        stage.owner.execute("UPDATE customers_customer SET identity_index = identity_index")


def _rotate(*options: str) -> None:
    command = [sys.executable, "-m", "hearth", "keys", "rotate", *options]
    ended = subprocess.run(command, check=False, cwd=settings.ROOT, capture_output=True, text=True)
    if ended.returncode:
        raise RotationFailed(ended.stderr)


def rewrite_alone(stage: "Stage") -> Times:
    """UPDATE the sealed column of all contacts and of all customers in one statement each, and take it back."""
    return timed(lambda: _rewrite(stage))


def _rewrite(stage: "Stage") -> None:
    with stage.owner.transaction(force_rollback=True):
        stage.owner.execute("UPDATE customers_contactpoint SET value_sealed = value_sealed")
        stage.owner.execute("UPDATE customers_customer SET identity_sealed = identity_sealed")
