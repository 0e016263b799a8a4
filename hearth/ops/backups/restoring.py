"""Restoring a copy of the rows beside what is there, and changing places at the end."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hearth.ops.backups import files
from hearth.ops.backups.beside import Beside
from hearth.ops.backups.database import connect, list_tables, read_transaction, refuse_company
from hearth.ops.backups.errors import BackupError
from hearth.ops.backups.keys import Keys, install_keys
from hearth.ops.backups.manifest import Manifest
from hearth.ops.backups.programs import Say
from hearth.ops.backups.reading_in import read_dump
from hearth.ops.backups.writing import DUMP, FILES, WAREHOUSE, Installation


@dataclass(frozen=True)
class Permission:
    """What the operator allows, and the keys that were given for it."""

    is_forced: bool = False
    keys: Keys | None = None


@dataclass(frozen=True)
class Found:
    """What is in the place where the backup shall go."""

    is_empty: bool
    transaction: int
    """A number above that of its newest transaction."""


def check_target(installation: Installation, manifest: Manifest, permission: Permission) -> Found:
    """Check everything that can be checked before anything is written, and tell what is there.

    :raises BackupError: if the installation is not empty and not forced, is at work, or lacks the keys
    """
    check_keys(installation, manifest, permission)
    with connect(installation.database.owner_url) as connection:
        is_empty = not list_tables(connection)
        if not is_empty and not permission.is_forced:
            raise BackupError(
                "This installation is not empty. With --force it is set aside, not removed, and the backup "
                "takes its place."
            )
        refuse_company(connection)
        return Found(is_empty, read_transaction(connection))


def check_keys(installation: Installation, manifest: Manifest, permission: Permission) -> None:
    """Check that what is sealed in the backup will open.

    :raises BackupError: if a key is missing
    """
    offered = permission.keys or installation.keys()
    known = offered.fingerprints() if offered else {}
    missing = [name for name, mark in manifest.keys.items() if known.get(name) != mark]
    if not missing:
        return
    where = "the file that was given" if permission.keys else str(installation.key_ring)
    raise BackupError(
        f"The keys of this backup (number {', '.join(missing)}) are not in {where}. Without them names and numbers "
        "stay sealed for ever. Give the exported keys with --keys FILE."
    )


def restore_dump(
    installation: Installation,
    backup: Path,
    manifest: Manifest,
    permission: Permission,
    *,
    now: datetime,
    say: Say,
) -> None:
    """Put rows, files and keys of a checked backup in the place of what is there.

    Until the last step what is there stays as it is; a failure before leaves it untouched.

    :raises BackupError: with advice
    """
    started, mark = time.perf_counter(), f"{now:%Y%m%dT%H%M%SZ}"
    check_target(installation, manifest, permission)
    beside = Beside(installation.database.owner_url)
    unpacked = _unpack(installation, backup, manifest, say=say)
    beside.create()
    try:
        with connect(beside.url) as connection:
            programs = installation.programs_for(connection.info.server_version)
        read_dump(beside.url, backup / DUMP, manifest, programs, say=say)
        old = beside.take_place(mark)
    except BaseException:
        beside.drop()
        raise
    left = [f"database {old}"] if old else []
    left += change_folders(unpacked, mark)
    left += put_keys(installation, permission, mark)
    if not manifest.has(WAREHOUSE):
        say("  the warehouse was not part of it: run hearth snapshot once Hearth is up again")
    tell_end(left, manifest, say=say, seconds=time.perf_counter() - started)


def tell_end(left: Sequence[str], manifest: Manifest, *, say: Say, seconds: float) -> None:
    """Say what was done, where the old things are, and what comes next."""
    for place in left:
        say(f"  set aside: {place}")
    say(f"Restored {manifest.name} in {seconds:.1f} s. Next: hearth migrate, or ./run.")


def _unpack(
    installation: Installation, backup: Path, manifest: Manifest, *, say: Say
) -> list[tuple[Path, Path | None]]:
    """Unpack the folders beside those in use; pairs of place and what shall stand there."""
    pairs: list[tuple[Path, Path | None]] = []
    for archive, place in ((FILES, installation.files), (WAREHOUSE, installation.warehouse)):
        if not manifest.has(archive):
            pairs.append((place, None))
            continue
        beside = place.with_name(f"{place.name}.restoring")
        shutil.rmtree(beside, ignore_errors=True)
        say(f"  {place.name}: {files.unpack(backup / archive, beside):,} files")
        pairs.append((place, beside))
    return pairs


def change_folders(pairs: Sequence[tuple[Path, Path | None]], mark: str) -> list[str]:
    """Set aside what stands in each place and put there what was unpacked; return what was set aside."""
    left = []
    for place, beside in pairs:
        aside = files.set_aside(place, mark)
        if aside:
            left.append(str(aside))
        if beside and beside.exists():
            if place.exists():
                place.rmdir()
            beside.rename(place)
    return left


def put_keys(installation: Installation, permission: Permission, mark: str) -> list[str]:
    """Install the given keys where they differ from those that stand there; return what was set aside."""
    if permission.keys is None or installation.keys() == permission.keys:
        return []
    left = []
    for path, content in (
        (installation.key_ring, permission.keys.ring),
        (installation.secret_key, permission.keys.secret_key),
    ):
        aside = files.set_aside(path, mark) if content else None
        left += [str(aside)] if aside else []
    install_keys(permission.keys, installation.key_ring, installation.secret_key)
    return left
