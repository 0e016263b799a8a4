"""Taking snapshots and letting go of old ones."""

import shutil
import time
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.warehouse.copying import LockTaken, copy_tables, one_moment, remove_files_of
from hearth.warehouse.events import SnapshotTaken
from hearth.warehouse.manifests import (
    Manifest,
    ManifestMissing,
    kept_folder,
    list_manifests,
    manifest_path,
    read_manifest,
    warehouse_folder,
    write_manifest,
)
from hearth.warehouse.models import Snapshot
from hearth.warehouse.permissions import TAKE_SNAPSHOT
from hearth.warehouse.selectors import latest_snapshot

INTERRUPTED = "interrupted"


class SnapshotRunning(DomainError):
    """Another snapshot is being taken or waits for its turn."""

    code = "snapshot_running"
    message = _("A snapshot is already being taken.")


@transaction.atomic
def start_snapshot(*, actor: Actor, now: datetime) -> Snapshot:
    """Queue a snapshot and return it at once.

    :raises NotAllowed: if the actor may not take snapshots
    :raises SnapshotRunning: if one waits or runs
    """
    from hearth.warehouse.jobs import run_snapshot  # noqa: PLC0415  (the job calls these services)

    actor.require(TAKE_SNAPSHOT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('hearth.warehouse.start'))")
    if Snapshot.objects.unfinished().exists():
        raise SnapshotRunning
    snapshot = _write_row(Snapshot.State.QUEUED, now)
    run_snapshot.defer(snapshot_id=str(snapshot.id))
    return snapshot


def take_snapshot(*, actor: Actor, now: datetime, is_full: bool = False) -> Snapshot:
    """Copy every registered table as of one moment and return the finished snapshot.

    Runs for as long as the copy takes; call it from a job and outside of a transaction. It reads over a connection
    of its own, which sees committed rows only. `is_full` writes growing tables anew instead of adding to them.

    :raises NotAllowed: if the actor may not take snapshots
    :raises SnapshotRunning: if another one is being taken
    """
    actor.require(TAKE_SNAPSHOT)
    return fill_snapshot(_write_row(Snapshot.State.QUEUED, now), actor=actor, now=now, is_full=is_full)


def fill_snapshot(snapshot: Snapshot, *, actor: Actor, now: datetime, is_full: bool = False) -> Snapshot:
    """Copy the tables for a snapshot that is written down; may be repeated after a crash.

    A failure removes the files it wrote and leaves the snapshots before as they are.

    :raises SnapshotRunning: if another one is being taken; this one is then marked as failed
    """
    started = time.perf_counter()
    try:
        with one_moment() as cursor:
            _begin(snapshot, now)
            previous = None if is_full else _previous_manifest()

            def note_progress(table: str, rows: int) -> None:
                snapshot.tables[table] = rows
                snapshot.save(update_fields=["tables"])

            manifest = copy_tables(cursor, snapshot.id, previous=previous, now=now, progress=note_progress)
        write_manifest(manifest)
    except LockTaken:
        _fail(snapshot, str(SnapshotRunning.code), now)
        raise SnapshotRunning from None
    except Exception as error:
        remove_files_of(snapshot.id)
        _fail(snapshot, f"{type(error).__name__}: {error}"[:2_000], now)
        raise
    return _finish(snapshot, manifest, actor=actor, now=now, seconds=time.perf_counter() - started)


def prune_snapshots(*, keep: int, actor: Actor, now: datetime) -> int:
    """Remove the files of all but the newest `keep` snapshots and return how many lost theirs; may be repeated.

    Rows stay, because counts refer to them. A file that a kept snapshot shares stays too.
    """
    actor.require(TAKE_SNAPSHOT)
    old = list(Snapshot.objects.done().newest_first()[keep:])
    for snapshot in old:
        snapshot.state, snapshot.updated_at = Snapshot.State.PRUNED, now
        snapshot.save(update_fields=["state", "updated_at"])
        manifest_path(snapshot.id).unlink(missing_ok=True)
        shutil.rmtree(kept_folder(snapshot.id), ignore_errors=True)
    if Snapshot.objects.unfinished().exists():
        return len(old)
    wanted = {file for manifest in list_manifests() for file in manifest.list_files()}
    root = warehouse_folder()
    for path in root.glob("tables/**/*.*"):
        if path.is_file() and path.relative_to(root).as_posix() not in wanted:
            path.unlink()
    return len(old)


def _write_row(state: Snapshot.State, now: datetime) -> Snapshot:
    return Snapshot.objects.create(state=state, taken_at=now, created_at=now, updated_at=now)


def _begin(snapshot: Snapshot, now: datetime) -> None:
    """Mark it as running, and as failed what a killed process left; the lock proves that nobody else runs."""
    left = Snapshot.objects.filter(state=Snapshot.State.RUNNING).exclude(pk=snapshot.pk)
    left.update(state=Snapshot.State.FAILED, error=INTERRUPTED, updated_at=now)
    snapshot.state, snapshot.taken_at, snapshot.tables = Snapshot.State.RUNNING, now, {}
    snapshot.save(update_fields=["state", "taken_at", "tables"])


def _previous_manifest() -> Manifest | None:
    latest = latest_snapshot()
    try:
        return read_manifest(latest.id) if latest else None
    except ManifestMissing:
        return None


def _fail(snapshot: Snapshot, error: str, now: datetime) -> None:
    snapshot.state, snapshot.error, snapshot.updated_at = Snapshot.State.FAILED, error, now
    snapshot.save(update_fields=["state", "error", "updated_at"])


@transaction.atomic
def _finish(
    snapshot: Snapshot, manifest: Manifest, *, actor: Actor, now: datetime, seconds: float
) -> Snapshot:
    snapshot.state, snapshot.error, snapshot.updated_at = Snapshot.State.DONE, "", now
    snapshot.tables = {name: table.rows for name, table in manifest.tables.items()}
    snapshot.event_position = manifest.feed.mark_position
    snapshot.seconds = seconds
    snapshot.save()
    record(SnapshotTaken(subject_id=snapshot.id, rows=snapshot.rows), actor=actor, now=now)
    return snapshot
