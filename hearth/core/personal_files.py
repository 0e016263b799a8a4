"""Whether files speak of a person: the words are sought as bytes, in whatever a file is packed or encoded."""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from hearth.core.models import StoredFile
from hearth.lib.mail import MOST_BYTES, may_be_mail, pieces_of_mail
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import pyarrow.parquet as pq
else:
    pq = Postponed("pyarrow.parquet")

BLOCK, DEPTH = 1 << 20, 2
MOST_UNPACKED = 256 << 20
UNREADABLE = (OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


def names_in_file(path: Path, words: Collection[str]) -> bool:
    """Tell whether a file holds one of the words: text in the usual encodings, XLSX, ZIP, gzip, Parquet or a mail."""
    if not words or not path.is_file():
        return False
    needles = {form for word in words for form in _forms_of(word)}
    with path.open("rb") as file:
        return _names(file, words, needles)


def _names(
    file: IO[bytes], words: Collection[str], needles: Collection[bytes], *, depth: int = DEPTH
) -> bool:
    """Tell the same of an open file; what a mail holds is opened in turn, so many mails in each other at most.

    What others sent may be locked, broken, or fill the disk when it is unpacked: of that the bytes alone are searched.
    """
    most = None if depth == DEPTH else MOST_UNPACKED
    try:
        if any(_is_in(stream, needles, most) for stream in _streams(file, most)) or _is_in_parquet(
            file, words
        ):
            return True
    except UNREADABLE:
        file.seek(0)
        if _is_in(file, needles):
            return True
    file.seek(0)
    if not depth or not may_be_mail(file.read(100)):
        return False
    file.seek(0)
    raw = file.read(MOST_BYTES + 1)
    return len(raw) <= MOST_BYTES and any(
        _names(io.BytesIO(piece), words, needles, depth=depth - 1) for piece in pieces_of_mail(raw)
    )


def _forms_of(word: str) -> Iterator[bytes]:
    for encoding in ENCODINGS:
        yield word.encode(encoding)
    yield word.encode("unicode_escape")


def _streams(file: IO[bytes], most: int | None) -> Iterator[IO[bytes]]:
    """Return a file from its beginning, or open each file it packs, one after the other.

    :raises ValueError: if it would be more than `most` bytes
    """
    head = _head(file)
    if head[:2] == b"PK" and zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            if most is not None and sum(member.file_size for member in archive.infolist()) > most:
                raise ValueError(most)
            for member in archive.infolist():
                with archive.open(member) as stream:
                    yield stream
        return
    file.seek(0)
    if head[:2] == b"\x1f\x8b":
        with gzip.open(file) as stream:
            yield stream  # type: ignore[misc]
    else:
        yield file


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    return head


def _is_in(stream: IO[bytes], needles: Collection[bytes], most: int | None = None) -> bool:
    overlap = max(map(len, needles))
    kept, number = b"", 0
    while block := stream.read(BLOCK):
        kept, number = kept + block, number + len(block)
        if most is not None and number > most:
            raise ValueError(most)
        if any(needle in kept for needle in needles):
            return True
        kept = kept[-overlap:]
    return False


def _is_in_parquet(file: IO[bytes], words: Collection[str]) -> bool:
    if _head(file) != b"PAR1":
        return False
    with pq.ParquetFile(file) as table:
        return any(
            word in line
            for batch in table.iter_batches()
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
