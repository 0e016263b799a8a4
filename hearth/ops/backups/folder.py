"""The folder that backups are kept in: one writer, drafts that look like none, and the oldest removed."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hearth.ops.backups.errors import BackupError, disk_explained
from hearth.ops.backups.manifest import FILE_NAME, Kind, Manifest, manifest_text, read_manifest

PREFIX = "hearth-"
DRAFT = ".unfinished-"
LOCK = ".lock"
WAL = "wal"
# The part of a log file's name behind its timeline orders it among all others.
ORDER = slice(8, 24)


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Let no other process write backups here, and remove what a killed one left.

    :raises BackupError: if another one writes
    """
    with disk_explained(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"Another backup is being written to {folder}. Wait for it.") from None
        for left in folder.glob(f"{DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(lock)


@contextmanager
def draft(folder: Path, name: str) -> Iterator[Path]:
    """Give a folder to fill. Whatever ends the filling early removes it; a kill leaves a name that is no backup's."""
    path = folder / f"{DRAFT}{name}"
    if (folder / name).exists():
        raise BackupError(f"{folder / name} exists already.")
    try:
        with disk_explained(folder):
            path.mkdir(mode=0o700)
            yield path
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise


def finish(path: Path, manifest: Manifest) -> Path:
    """Make a filled draft a backup: everything reaches the disk, then one rename shows it."""
    with (path / FILE_NAME).open("w") as file:
        file.write(manifest_text(manifest))
    for written in (*path.rglob("*"), path):
        _sync(written)
    target = path.with_name(manifest.name)
    path.rename(target)
    _sync(target.parent)
    return target


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def list_backups(folder: Path) -> list[tuple[Path, Manifest]]:
    """Return the finished backups, oldest first; damaged descriptions are left out."""
    found = []
    for path in sorted(folder.glob(f"{PREFIX}*")):
        try:
            found.append((path, read_manifest(path)))
        except BackupError:
            continue
    return sorted(found, key=lambda pair: pair[1].finished_at)


def remove_oldest(folder: Path, kind: Kind, keep: int) -> list[str]:
    """Keep so many backups of a kind, and of the server's log what the oldest of them needs; return what went.

    Copies of the rows and of the server are counted apart: a week of the one must not push out the other.
    """
    backups = [(path, manifest) for path, manifest in list_backups(folder) if manifest.kind == kind]
    gone = backups[:-keep] if keep else []
    for path, _manifest in gone:
        # First the name that makes it a backup: a kill in between leaves no half one.
        doomed = path.with_name(f"{DRAFT}{path.name}")
        path.rename(doomed)
        shutil.rmtree(doomed)
    if kind == "base" and gone:
        needed = min((manifest.wal_from for _path, manifest in backups[-keep:]), key=lambda name: name[ORDER])
        _remove_log_before(folder / WAL, needed)
    return [path.name for path, _manifest in gone]


def _remove_log_before(folder: Path, first: str) -> None:
    for path in folder.glob("*.gz"):
        if len(path.name) >= len(first) and path.name[ORDER] < first[ORDER]:
            path.unlink()
