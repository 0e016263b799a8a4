"""Snapshots by the clock and on request."""

from datetime import UTC, datetime

from django.utils import timezone

from hearth.core.actor import Actor
from hearth.core.jobs import job, periodic
from hearth.warehouse.models import Snapshot
from hearth.warehouse.services import fill_snapshot, prune_snapshots, take_snapshot

KEPT_SNAPSHOTS = 7
SUNDAY = 6


@job("warehouse.snapshot", queue="warehouse", retry=False)
def run_snapshot(*, snapshot_id: str) -> None:
    """Fill a snapshot that somebody asked for; nothing is left to do when it was done before."""
    snapshot = Snapshot.objects.unfinished().filter(pk=snapshot_id).first()
    if snapshot:
        fill_snapshot(snapshot, actor=Actor.system("warehouse"), now=timezone.now())


@periodic("warehouse.nightly_snapshot", cron="30 18 * * *", queue="warehouse")
def take_nightly_snapshot(timestamp: int) -> None:
    """Take the night's snapshot (half past two in Shanghai) and let go of old ones.

    On Sundays growing tables are written anew: that joins their small files, and takes in rows that a merge or an
    erasure changed after they were copied.
    """
    now, actor = datetime.fromtimestamp(timestamp, tz=UTC), Actor.system("warehouse")
    take_snapshot(actor=actor, now=timezone.now(), is_full=now.weekday() == SUNDAY)
    prune_snapshots(keep=KEPT_SNAPSHOTS, actor=actor, now=timezone.now())
