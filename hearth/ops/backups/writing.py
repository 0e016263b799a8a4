"""Writing a backup of an installation that goes on working."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hearth.ops.backups import files
from hearth.ops.backups.database import Facts, dump, one_moment, read_facts
from hearth.ops.backups.errors import BackupError, disk_explained
from hearth.ops.backups.folder import PREFIX, draft, finish, remove_oldest, writing_to
from hearth.ops.backups.keys import Keys
from hearth.ops.backups.manifest import Kind, Manifest, describe_parts
from hearth.ops.backups.programs import Programs, Say, find_on_path
from hearth.ops.stack import Database

DUMP, FILES, WAREHOUSE = "database.dump", "files.tar", "warehouse.tar"
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Installation:
    """Where an installation keeps what is worth keeping."""

    database: Database
    files: Path
    warehouse: Path
    key_ring: Path
    secret_key: Path
    version: str

    def programs_for(self, server_version: int) -> Programs:
        """Return the programs of our own server, or those on the PATH for another one."""
        server = self.database.server
        return Programs(server.binaries.folder) if server else find_on_path(server_version)

    def keys(self) -> Keys | None:
        return Keys.of(self.key_ring, self.secret_key)


@dataclass(frozen=True)
class Wishes:
    """What one call shall do besides the database and the files."""

    to: Path
    with_warehouse: bool = False
    keep: int = 0
    """How many backups of this kind stay; 0 for all."""


def refuse_own_folders(installation: Installation, to: Path) -> None:
    """Check that the backups will not become part of what they contain.

    :raises BackupError: if they would
    """
    for folder in (installation.files, installation.warehouse):
        if to == folder or folder in to.parents:
            raise BackupError(f"{to} lies in {folder}, which is backed up itself. Name another place.")


def write_dump(installation: Installation, wishes: Wishes, *, clock: Clock, say: Say) -> Path:
    """Write database and files to a new folder and return it. Nobody has to stop working.

    Rows, counts and definitions are of one moment. Files come after it: a file is stored before the row that
    names it.

    :raises BackupError: with advice; nothing is left that looks like a backup
    """
    begun, started = clock(), time.perf_counter()
    refuse_own_folders(installation, wishes.to)
    with writing_to(wishes.to), draft(wishes.to, name_for(begun, "dump")) as path:
        with one_moment(installation.database.owner_url) as (connection, snapshot):
            facts = read_facts(connection)
            say(f"  database: {len(facts.rows)} tables, {sum(facts.rows.values()):,} rows")
            programs = installation.programs_for(facts.version)
            url, tables = installation.database.owner_url, len(facts.rows)
            dump(programs, url, snapshot, path / DUMP, tables=tables, say=say)
        say(f"  database: written, {in_words((path / DUMP).stat().st_size)}")
        pack_folders(installation, wishes, path, say=say)
        manifest = describe(installation, facts, path, kind="dump", begun=begun, finished=clock())
        target = finish(path, manifest)
        clean_up(wishes, manifest, say=say)
    say(f"Done in {time.perf_counter() - started:.1f} s, {in_words(manifest.size)}: {target}")
    return target


def name_for(begun: datetime, kind: Kind) -> str:
    return f"{PREFIX}{begun:%Y%m%dT%H%M%SZ}-{kind}"


def pack_folders(installation: Installation, wishes: Wishes, path: Path, *, say: Say) -> None:
    """Write the stored files, and the warehouse where it is wished for."""
    say(f"  files: {files.pack(installation.files, path / FILES):,}")
    if wishes.with_warehouse:
        say(f"  warehouse: {files.pack(installation.warehouse, path / WAREHOUSE):,} files")


def describe(
    installation: Installation,
    facts: Facts,
    path: Path,
    *,
    kind: Kind,
    begun: datetime,
    finished: datetime,
    wal_from: str = "",
) -> Manifest:
    """Sum up an unfinished backup."""
    ring = installation.keys()
    with disk_explained(path):
        return Manifest(
            name=name_for(begun, kind),
            kind=kind,
            begun_at=begun.isoformat(),
            finished_at=finished.isoformat(),
            hearth=installation.version,
            postgresql=facts.version_in_words,
            owner=facts.owner,
            migrations=facts.migrations,
            rows=facts.rows,
            grants=facts.grants,
            transaction=facts.transaction,
            keys=ring.fingerprints() if ring else {},
            wal_from=wal_from,
            parts=describe_parts(path),
        )


def clean_up(wishes: Wishes, manifest: Manifest, *, say: Say) -> None:
    """Remove the oldest backups of the kind, once the new one stands."""
    if wishes.keep:
        for name in remove_oldest(wishes.to, manifest.kind, wishes.keep):
            say(f"  removed {name}")


def in_words(number: float) -> str:
    """Say a size as people do."""
    for unit in ("bytes", "kB", "MB"):
        if number < 1_000:
            return f"{number:,.0f} {unit}" if unit == "bytes" else f"{number:,.1f} {unit}"
        number /= 1_000
    return f"{number:,.1f} GB"
