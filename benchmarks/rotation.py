"""Bringing everything that is sealed under a new key, as the command does it."""

import subprocess
import sys
from typing import TYPE_CHECKING

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
    ).fetchone()
    rounds = stage.owner.execute("SELECT count(DISTINCT key_number) FROM core_resealingmark").fetchone()
    moved = int(values[0]) // int(rounds[0]) if values and rounds else 0
    stage.notes["values brought under a new key"] = moved
    stage.notes["values a second"] = round(moved / times.p50 * 1000)
    return times


def _rotate() -> None:
    command = [sys.executable, "-m", "hearth", "keys", "rotate"]
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
