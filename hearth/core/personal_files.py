"""Whether files speak of a person: the words are sought as bytes, in whatever a file is packed."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from hearth.core.models import StoredFile
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import pyarrow.parquet as pq
else:
    pq = Postponed("pyarrow.parquet")

BLOCK = 1 << 20
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


def names_in_file(path: Path, words: Collection[str]) -> bool:
    """Tell whether a file holds one of the words: text in the usual encodings, XLSX, ZIP, gzip or Parquet."""
    if not words or not path.is_file():
        return False
    needles = {form for word in words for form in _forms_of(word)}
    return any(_is_in(stream, needles) for stream in _streams(path)) or _is_in_parquet(path, words)


def _forms_of(word: str) -> Iterator[bytes]:
    for encoding in ENCODINGS:
        yield word.encode(encoding)
    yield word.encode("unicode_escape")


def _streams(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, or each file it packs, one after the other."""
    with path.open("rb") as start:
        head = start.read(4)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as stream:
                    yield stream
    elif head[:2] == b"\x1f\x8b":
        with gzip.open(path) as stream:
            yield stream  # type: ignore[misc]
    else:
        with path.open("rb") as stream:
            yield stream


def _is_in(stream: IO[bytes], needles: Collection[bytes]) -> bool:
    overlap = max(map(len, needles))
    kept = b""
    while block := stream.read(BLOCK):
        kept += block
        if any(needle in kept for needle in needles):
            return True
        kept = kept[-overlap:]
    return False


def _is_in_parquet(path: Path, words: Collection[str]) -> bool:
    with path.open("rb") as start:
        if start.read(4) != b"PAR1":
            return False
    with pq.ParquetFile(path) as file:
        return any(
            word in line
            for batch in file.iter_batches()
            for line in map(str, batch.to_pylist())
            for word in words
        )


def empty_file(stored: StoredFile) -> None:
    """Remove the content and the name of a stored file; that there was one stays known."""
    Path(stored.file.path).write_bytes(b"")
    stored.name, stored.size = f"{stored.pk.hex[-8:]}{Path(stored.name).suffix[:10]}", 0
    stored.save(update_fields=["name", "size"])


def remove_file(stored: StoredFile) -> None:
    """Remove a stored file from the disk, and its row."""
    Path(stored.file.path).unlink(missing_ok=True)
    stored.delete()
