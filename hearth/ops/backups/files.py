"""Folders of files as one archive, and back."""

import os
import shutil
import tarfile
from pathlib import Path, PurePosixPath
from typing import IO, cast

from hearth.ops.backups.errors import BackupError, disk_explained


def pack(folder: Path, archive: Path) -> int:
    """Write every file below a folder into an archive and return their number.

    People go on working: a file that is removed meanwhile is left out.
    """
    number = 0
    with disk_explained(archive.parent), tarfile.open(archive, "w") as tar:
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or path.is_symlink():
                continue
            try:
                with path.open("rb") as file:
                    member = tarfile.TarInfo(path.relative_to(folder).as_posix())
                    found = os.fstat(file.fileno())
                    member.size, member.mtime = found.st_size, int(found.st_mtime)
                    tar.addfile(member, file)
            except FileNotFoundError:
                continue
            number += 1
    return number


def unpack(archive: Path, folder: Path, *, keep_existing: bool = False) -> int:
    """Write the files of an archive below a folder and return their number; only their user may read them.

    :raises BackupError: if the archive is none or names a place outside of the folder
    """
    number = 0
    try:
        with disk_explained(folder), tarfile.open(archive) as tar:
            folder.mkdir(parents=True, exist_ok=True)
            for member in tar:
                target = _place(member, folder)
                if keep_existing and target.exists():
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                source = cast("IO[bytes]", tar.extractfile(member))
                opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(opened, "wb") as file:
                    shutil.copyfileobj(source, file, 1024 * 1024)
                os.utime(target, (member.mtime, member.mtime))
                number += 1
    except tarfile.TarError as error:
        raise BackupError(f"{archive} is damaged: {error}.") from error
    return number


def _place(member: tarfile.TarInfo, folder: Path) -> Path:
    path = PurePosixPath(member.name)
    if not member.isfile() or path.is_absolute() or ".." in path.parts:
        raise BackupError(
            f"The archive names {member.name}, which no backup of Hearth does. Nothing was restored."
        )
    return folder / path


def set_aside(path: Path, mark: str) -> Path | None:
    """Move what is there out of the way and return where it is now."""
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return None
    aside = path.with_name(f"{path.name}.before-{mark}")
    path.rename(aside)
    return aside
