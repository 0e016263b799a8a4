"""Closing the audit log into signed blocks, and looking whether all of them still hold, as the command does it."""

import subprocess
import sys
from typing import TYPE_CHECKING

from django.conf import settings

from benchmarks.load import Times, timed
from hearth.audit.sealing import seal_entries

if TYPE_CHECKING:
    from benchmarks.works import Stage

CHANGES = 200_000


class ChainBroken(Exception):
    """The command says that the chain does not hold, or cannot look."""


def close_blocks(stage: "Stage") -> Times:
    """Change rows, an entry each, and close what was noted into blocks."""
    stage.owner.execute(
        "UPDATE customers_contactpoint SET label = label || '.' WHERE id IN"
        " (SELECT id FROM customers_contactpoint ORDER BY id LIMIT %s)",
        [CHANGES],
    )
    closed = list[int]()
    times = timed(lambda: closed.append(seal_entries()))
    stage.notes["entries closed into blocks"] = sum(closed)
    stage.notes["entries closed a second"] = round(sum(closed) / times.p50 * 1000)
    return times


def verify_chain(stage: "Stage") -> Times:
    """Run `hearth audit verify` once over the whole log."""
    times = timed(_verify)
    found = stage.owner.execute("SELECT count(*) FROM audit_auditentry WHERE seal IS NOT NULL").fetchone()
    entries = int(found[0]) if found else 0
    stage.notes["entries verified"] = entries
    stage.notes["entries verified a second"] = round(entries / times.p50 * 1000)
    return times


def _verify() -> None:
    command = [sys.executable, "-m", "hearth", "audit", "verify"]
    ended = subprocess.run(command, check=False, cwd=settings.ROOT, capture_output=True, text=True)
    if ended.returncode:
        raise ChainBroken(ended.stdout + ended.stderr)


def read_values(stage: "Stage") -> Times:
    """Compute the digest of each value of the log in one statement."""
    return timed(
        lambda: stage.owner.execute(
            "SELECT count(*) FILTER (WHERE values_digest <> sha256(values_sealed)) FROM audit_auditentry"
        ).fetchall()
    )


def rewrite_waiting(stage: "Stage") -> Times:
    """UPDATE as many entries in one statement, and take it back."""
    return timed(lambda: _rewrite(stage))


def _rewrite(stage: "Stage") -> None:
    with stage.owner.transaction(force_rollback=True):
        stage.owner.execute(
            "UPDATE audit_auditentry SET seal = seal WHERE id IN (SELECT id FROM audit_auditentry LIMIT %s)",
            [CHANGES],
        )
