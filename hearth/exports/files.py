"""Where files that go out are kept: below the installation's folder, readable by its user only."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from hearth.exports.models import Export

FOLDER = "exports"
KEYS_AT_ONCE = 10_000
_KEY_BYTES = 16


def folder() -> Path:
    """Return the folder of all exports; it is made when it is missing."""
    found = Path(settings.MEDIA_ROOT) / FOLDER
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def path_of(export: Export) -> Path:
    """Return where a file is written and kept; each attempt has a file of its own."""
    return folder() / f"{export.pk}.{export.attempts}"


class Keys:
    """Ids of rows in their order, on the disk: a million need 16 MB there, and none in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.number = 0

    def add(self, keys: Sequence[UUID]) -> None:
        self._file.write(b"".join(key.bytes for key in keys))
        self.number += len(keys)

    def portions(self, size: int) -> Iterator[list[UUID]]:
        """Yield the ids from the first, some at a time."""
        self._file.seek(0)
        while block := self._file.read(size * _KEY_BYTES):
            yield [
                UUID(bytes=block[start : start + _KEY_BYTES]) for start in range(0, len(block), _KEY_BYTES)
            ]


@contextmanager
def keep_keys(found: QuerySet[Any, UUID]) -> Iterator[Keys]:
    """Read ids by one query and keep them until the block ends."""
    with TemporaryFile(dir=folder()) as file:
        keys, waiting = Keys(file), list[UUID]()
        with transaction.atomic():
            for key in found.iterator(chunk_size=KEYS_AT_ONCE):
                waiting.append(key)
                if len(waiting) == KEYS_AT_ONCE:
                    keys.add(waiting)
                    waiting = []
        keys.add(waiting)
        yield keys
