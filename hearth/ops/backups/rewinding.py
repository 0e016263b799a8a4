"""Restoring the embedded server as it was at a moment."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from hearth.ops.backups import files
from hearth.ops.backups.continuous import BASE, BASE_LOG, fetch_command
from hearth.ops.backups.errors import FULL_IN_WORDS, BackupError, disk_full
from hearth.ops.backups.folder import WAL
from hearth.ops.backups.manifest import Manifest
from hearth.ops.backups.programs import Say
from hearth.ops.backups.restoring import Found, Permission, put_keys, tell_end
from hearth.ops.backups.writing import FILES, WAREHOUSE, Installation
from hearth.ops.cluster import Cluster
from hearth.ops.errors import PostgresError
from hearth.ops.postgres import USERS_LOCK, EmbeddedServer

# PostgreSQL's own words, in its log.
NOT_REACHED = "recovery ended before configured recovery target was reached"
SECONDS_BETWEEN_LINES = 5.0


def refuse_other_server(installation: Installation, manifest: Manifest) -> EmbeddedServer:
    """Return the embedded server, if it can read what was copied.

    :raises BackupError: if it is another server or of another major version
    """
    server = installation.database.server
    if server is None:
        raise BackupError("This backup is a copy of the server that comes with Hearth. Unset DATABASE_URL.")
    major = manifest.postgresql.split(".")[0]
    if major != str(server.binaries.major):
        raise BackupError(
            f"The backup is of PostgreSQL {major}, this version of Hearth brings {server.binaries.major}. "
            "Restore it with the version that made it, then write a backup without --continuous."
        )
    return server


def restore_server(
    installation: Installation,
    backup: Path,
    manifest: Manifest,
    permission: Permission,
    *,
    found: Found,
    at: datetime | None,
    now: datetime,
    say: Say,
) -> None:
    """Put the server's files of a checked backup in the place of those that are there, and replay its log.

    The installation's server must have been left by the caller. Files and snapshots that were stored since the
    backup stay: rows of the moment may name them.

    :param at: the moment; None for everything the log holds
    :raises BackupError: with advice; the old files are back in their place then
    """
    server, started = refuse_other_server(installation, manifest), time.perf_counter()
    mark = f"{now:%Y%m%dT%H%M%SZ}"
    with _alone_with(server) as cluster:
        # Stopping the server hands over the last of its log.
        cluster.shut_down()
        aside = _change_places(cluster, _unpack(cluster, backup), mark)
        try:
            say(f"  server: {_replay(cluster, backup.parent / WAL, at, say=say)}")
            cluster.shut_down()
        except BaseException:
            _change_back(cluster, aside)
            raise
        if found.is_empty:
            cluster.home.account.run("/bin/rm", "-rf", aside)
    for archive, place in ((FILES, installation.files), (WAREHOUSE, installation.warehouse)):
        if manifest.has(archive):
            say(f"  {place.name}: {files.unpack(backup / archive, place, keep_existing=True):,} brought back")
    left = [] if found.is_empty else [str(aside)]
    left += put_keys(installation, permission, mark)
    say("  a new beginning of the log: run hearth backup --continuous once Hearth is up again")
    tell_end(left, manifest, say=say, seconds=time.perf_counter() - started)


def check_moment(manifest: Manifest, at: datetime | None, now: datetime) -> None:
    """Check that the moment lies between the end of the backup and now.

    :raises BackupError: if it does not
    """
    if at and at < manifest.finished:
        raise BackupError(
            f"{at.isoformat()} lies before the oldest copy of the server, {manifest.finished_at}."
        )
    if at and at > now:
        raise BackupError(f"{at.isoformat()} has not come yet.")


@contextmanager
def _alone_with(server: EmbeddedServer) -> Iterator[Cluster]:
    """Give the cluster while nobody uses it or can start it.

    :raises BackupError: if somebody uses it
    """
    with server.home.locked():
        alone = server.home.try_lock(USERS_LOCK)
        if alone is None:
            raise BackupError("Hearth is at work with this database. Stop it first.")
        try:
            yield Cluster(server.home, server.binaries)
        finally:
            os.close(alone)


def _unpack(cluster: Cluster, backup: Path) -> Path:
    """Unpack the copy beside the server's files, as the account that serves."""
    account, fresh = cluster.home.account, cluster.folder.with_name("data.restoring")
    account.run("/bin/rm", "-rf", fresh)
    account.run("/bin/mkdir", "-m", "700", fresh)
    for archive, folder in ((BASE, fresh), (BASE_LOG, fresh / "pg_wal")):
        done = account.feed(backup / archive, "tar", "-xzf", "-", "-C", folder)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            account.run("/bin/rm", "-rf", fresh)
            raise disk_full(fresh) if FULL_IN_WORDS in said else BackupError(f"{backup / archive}: {said}")
    account.run("/bin/sh", "-c", '> "$0/recovery.signal"', fresh)
    return fresh


def _change_places(cluster: Cluster, fresh: Path, mark: str) -> Path:
    aside = cluster.folder.with_name(f"data.before-{mark}")
    cluster.folder.rename(aside)
    fresh.rename(cluster.folder)
    return aside


def _change_back(cluster: Cluster, aside: Path) -> None:
    cluster.shut_down()
    cluster.home.account.run("/bin/rm", "-rf", cluster.folder)
    aside.rename(cluster.folder)


def _replay(cluster: Cluster, log: Path, at: datetime | None, *, say: Say) -> str:
    """Start the server on the copy, let it replay its log, and say how far it came.

    A moment after the last change of the log is not found in it; everything is replayed then.
    """
    settings = {"restore_command": fetch_command(log)}
    if at:
        try:
            target = {"recovery_target_time": at.isoformat(), "recovery_target_action": "promote"}
            _run_to_end(cluster, {**settings, **target}, say=say)
        except PostgresError as error:
            if NOT_REACHED not in f"{error}{_end_of_log(cluster)}":
                raise BackupError(str(error)) from error
        else:
            return f"as it was at {at.isoformat()}"
    try:
        _run_to_end(cluster, settings, say=say)
    except PostgresError as error:
        raise BackupError(str(error)) from error
    last = cluster.execute("SELECT pg_last_xact_replay_timestamp()")
    return f"everything in its log was replayed; the last change is of {last or 'before the copy'}"


def _run_to_end(cluster: Cluster, settings: dict[str, str], *, say: Say) -> None:
    """Start and wait until the replay has ended.

    :raises PostgresError: if the server gives up
    """
    cluster.launch(settings)
    told_at = time.monotonic()
    while cluster.execute("SELECT pg_is_in_recovery()") != "f":
        if time.monotonic() - told_at > SECONDS_BETWEEN_LINES:
            told_at = time.monotonic()
            say(f"  server: replayed up to {cluster.execute('SELECT pg_last_xact_replay_timestamp()')}")
        time.sleep(0.1)


def _end_of_log(cluster: Cluster) -> str:
    return cluster.home.account.run("/usr/bin/tail", "-n", "20", cluster.home.log).stdout
