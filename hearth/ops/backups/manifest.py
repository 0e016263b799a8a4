"""What a backup says about itself, and whether that is still true."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from hearth.ops.backups.errors import BackupError

FORMAT = 1
FILE_NAME = "manifest.json"
BLOCK = 1024 * 1024
Kind = Literal["dump", "base"]


@dataclass(frozen=True)
class Part:
    """One file of the backup."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The backup as a whole. `dump` is a copy of the rows, `base` one of the server's files with its log after it."""

    name: str
    kind: Kind
    begun_at: str
    finished_at: str
    hearth: str
    postgresql: str
    owner: str
    migrations: list[str]
    rows: dict[str, int]
    """Rows of each table; of a `base` they are counted shortly before it."""
    grants: str
    """A sum over the rights of the application's role."""
    transaction: int
    """The number of the newest transaction: restored rows must not seem to lie in the future."""
    keys: dict[str, str]
    """Fingerprints of the keys that open the sealed values."""
    wal_from: str = ""
    """The first file of the server's log that a `base` needs."""
    parts: list[Part] = field(default_factory=list)
    format: int = FORMAT

    @property
    def finished(self) -> datetime:
        return datetime.fromisoformat(self.finished_at)

    @property
    def size(self) -> int:
        return sum(part.bytes for part in self.parts)

    def has(self, path: str) -> bool:
        return any(part.path == path for part in self.parts)


def describe_parts(folder: Path) -> list[Part]:
    """Sum up every file of an unfinished backup."""
    return [
        Part(path.relative_to(folder).as_posix(), path.stat().st_size, sum_of(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sum_of_lines(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def manifest_text(manifest: Manifest) -> str:
    return json.dumps(asdict(manifest), indent=1)


def read_manifest(folder: Path) -> Manifest:
    """Read a backup's own description.

    :raises BackupError: if the folder is no backup, or one of a later form
    """
    path = folder / FILE_NAME
    try:
        content: dict[str, Any] = json.loads(path.read_text())
        if content["format"] != FORMAT:
            raise BackupError(
                f"{folder} was made by a newer version of Hearth. Restore it with that version."
            )
        content["parts"] = [Part(**part) for part in content["parts"]]
        return Manifest(**content)
    except FileNotFoundError:
        raise BackupError(f"{folder} is no finished backup: it has no {FILE_NAME}.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{path} is damaged. Take another backup.") from error


def check_parts(folder: Path, manifest: Manifest) -> None:
    """Read every file again and compare.

    :raises BackupError: naming the first that is missing or changed
    """
    for part in manifest.parts:
        path = folder / part.path
        if not path.is_file():
            raise BackupError(f"{path} is missing: the backup is damaged. Take another one.")
        if path.stat().st_size != part.bytes or sum_of(path) != part.sha256:
            raise BackupError(f"{path} is damaged: its checksum is another. Take another backup.")
