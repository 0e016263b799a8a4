"""Keeping everything the embedded server writes, so that any moment can be restored.

A copy of the server's files is the beginning; from then on the server hands each finished piece of its log to a
command that packs it into the folder of backups. See "Continuous Archiving" in PostgreSQL's manual.
"""

import json
import os
import shlex
import time
from pathlib import Path
from typing import Any

import psycopg

from hearth.ops.account import Account
from hearth.ops.backups.database import Connection, one_moment, read_facts, value
from hearth.ops.backups.errors import BackupError, disk_explained
from hearth.ops.backups.folder import WAL, draft, finish, writing_to
from hearth.ops.backups.programs import Programs, Say
from hearth.ops.backups.writing import (
    Clock,
    Installation,
    Wishes,
    clean_up,
    describe,
    in_words,
    name_for,
    pack_folders,
    refuse_own_folders,
)
from hearth.ops.cluster import ARCHIVE_SETTINGS, SUPERUSER, quote_setting
from hearth.ops.postgres import EmbeddedServer

BASE, BASE_LOG = "base.tar.gz", "pg_wal.tar.gz"
# A quiet hour costs twelve small files; a loss of the machine costs at most so much work.
SECONDS_BETWEEN_PIECES = 300
PATIENCE_SECONDS = 60.0
RESTART = "Stop Hearth, start it again with this version, then repeat."


def write_base(installation: Installation, wishes: Wishes, *, clock: Clock, say: Say) -> Path:
    """Copy the running server's files to a new folder, and keep its log beside from now on. May be repeated.

    :raises BackupError: with advice; nothing is left that looks like a backup
    """
    server = installation.database.server
    if server is None:
        raise BackupError(
            "Restoring to a moment is made for the server that comes with Hearth. For your own server, its "
            "administrator sets up continuous archiving or a tool for it."
        )
    begun, started = clock(), time.perf_counter()
    refuse_own_folders(installation, wishes.to)
    with writing_to(wishes.to), draft(wishes.to, name_for(begun, "base")) as path:
        with one_moment(installation.database.owner_url) as (connection, _snapshot):
            facts = read_facts(connection)
        say(f"  database: {len(facts.rows)} tables, {sum(facts.rows.values()):,} rows")
        keep_log(server, wishes.to / WAL)
        wal_from = _copy_server(server, path)
        say(f"  server: copied, {in_words(sum(part.stat().st_size for part in path.iterdir()))}")
        pack_folders(installation, wishes, path, say=say)
        _await_log(server)
        say(f"  log: kept in {wishes.to / WAL}")
        manifest = describe(
            installation, facts, path, kind="base", begun=begun, finished=clock(), wal_from=wal_from
        )
        target = finish(path, manifest)
        clean_up(wishes, manifest, say=say)
    say(f"Done in {time.perf_counter() - started:.1f} s, {in_words(manifest.size)}: {target}")
    return target


def keep_log(server: EmbeddedServer, folder: Path) -> None:
    """Let the server pack each finished piece of its log into a folder, without stopping it. May be repeated.

    :raises BackupError: if the server's account cannot write there
    """
    account = server.home.account
    with disk_explained(folder), _superuser(server) as connection:
        if value(connection, "SHOW archive_mode") != "on":
            raise BackupError(f"The server was started by an older version of Hearth. {RESTART}")
        make_log_folder(account, folder)
        account.write(
            server.home.folder / ARCHIVE_SETTINGS,
            f"archive_command = {quote_setting(archive_command(folder))}\n"
            f"archive_timeout = {SECONDS_BETWEEN_PIECES}\n",
        )
        connection.execute("SELECT pg_reload_conf()")
        # The process that hands the log over learns of its new command a moment later.
        deadline = time.monotonic() + PATIENCE_SECONDS
        while str(folder) not in str(value(connection, "SHOW archive_command")):
            if time.monotonic() > deadline:
                raise BackupError(f"The server did not take up its new settings. {RESTART}")
            time.sleep(0.1)


def make_log_folder(account: Account, folder: Path) -> None:
    """Make the folder of the log, owned by the account that serves.

    :raises BackupError: if that account cannot reach it
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not account.is_current:
        # Others on the machine may pass through to the log, which stays closed, but see nothing of the backups.
        folder.parent.chmod(0o711)
        os.chown(folder, account.uid, account.gid)
    if not account.can_enter(folder):
        raise BackupError(
            f"The account {account.name}, which runs the database, cannot reach {folder}. Name a place that it "
            "can, for example --to /var/backups/hearth."
        )


def archive_command(folder: Path) -> str:
    """Return the command that packs one piece of the log; a piece that is there already must be the same."""
    target = f'{_for_shell(folder)}/"%f.gz"'
    return (
        f"if test -f {target}; then gzip -dc {target} | cmp -s - %p; "
        f"else gzip -1 < %p > {target}.part && mv {target}.part {target}; fi"
    )


def fetch_command(folder: Path) -> str:
    """Return the command that gives the server a piece back."""
    source = f'{_for_shell(folder)}/"%f.gz"'
    return f"test -f {source} && gzip -dc {source} > %p"


def _for_shell(folder: Path) -> str:
    return shlex.quote(str(folder)).replace("%", "%%")


def _copy_server(server: EmbeddedServer, path: Path) -> str:
    """Copy the server's files and return the first piece of the log that they need."""
    url = f"postgres://{SUPERUSER}@/?host={server.home.socket_folder}"
    Programs(server.binaries.folder).run(
        "pg_basebackup",
        url,
        *("--format=tar", "--gzip", "--compress=1", "--wal-method=stream", "--checkpoint=fast"),
        *("--label=hearth", f"--pgdata={path}"),
        folder=path,
    )
    return _first_piece(path)


def _first_piece(path: Path) -> str:
    ranges: list[dict[str, Any]] = json.loads((path / "backup_manifest").read_text())["WAL-Ranges"]
    high, low = ranges[0]["Start-LSN"].split("/")
    return f"{ranges[0]['Timeline']:08X}{int(high, 16):08X}{int(low, 16) >> 24:08X}"


def _await_log(server: EmbeddedServer) -> None:
    """Close the piece of the log being written and wait until it is packed.

    :raises BackupError: if that does not happen
    """
    with _superuser(server) as connection:
        # A piece that nothing was written to is neither closed nor packed.
        connection.execute("SELECT pg_logical_emit_message(true, 'hearth', 'backup')")
        piece = str(value(connection, "SELECT pg_walfile_name(pg_switch_wal())"))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while str(value(connection, "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver")) < piece:
            if time.monotonic() > deadline:
                raise BackupError(
                    f"The server cannot hand over its log; the reason is in {server.home.log}. "
                    "While this lasts, the log fills the disk of the database."
                )
            time.sleep(0.1)


def _superuser(server: EmbeddedServer) -> Connection:
    return psycopg.connect(
        f"postgres://{SUPERUSER}@/{SUPERUSER}?host={server.home.socket_folder}", autocommit=True
    )
