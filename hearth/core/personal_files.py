"""Whether files speak of a person: the words are sought as bytes, in whatever a file is packed or encoded."""

from __future__ import annotations

import gzip
import io
import zipfile
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

BLOCK = 1 << 20
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


def names_in_file(path: Path, words: Collection[str]) -> bool:
    """Tell whether a file holds one of the words: text in the usual encodings, XLSX, ZIP, gzip, Parquet or a mail."""
    if not words or not path.is_file():
        return False
    needles = {form for word in words for form in _forms_of(word)}
    with path.open("rb") as file:
        return _names(file, words, needles)


def _names(file: IO[bytes], words: Collection[str], needles: Collection[bytes]) -> bool:
    """Tell the same of an open file; what a mail holds is opened in turn."""
    if any(_is_in(stream, needles) for stream in _streams(file)) or _is_in_parquet(file, words):
        return True
    file.seek(0)
    if not may_be_mail(file.read(100)):
        return False
    file.seek(0)
    raw = file.read(MOST_BYTES + 1)
    return len(raw) <= MOST_BYTES and any(
        _names(io.BytesIO(piece), words, needles) for piece in pieces_of_mail(raw)
    )


def _forms_of(word: str) -> Iterator[bytes]:
    for encoding in ENCODINGS:
        yield word.encode(encoding)
    yield word.encode("unicode_escape")


def _streams(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Return a file from its beginning, or open each file it packs, one after the other."""
    head = _head(file)
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
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


def _is_in(stream: IO[bytes], needles: Collection[bytes]) -> bool:
    overlap = max(map(len, needles))
    kept = b""
    while block := stream.read(BLOCK):
        kept += block
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
