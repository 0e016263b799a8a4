"""Reading a file of rows, whatever its format, so that a person finds each problem again.

`open_table` looks through the whole file first: a file that cannot be read is refused before its first
row. Row numbers are those a person sees when the file is open in a spreadsheet.
"""

import gzip
import hashlib
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Protocol
from zlib import error as zlib_error

from hearth.lib.tabular_csv import CsvTable
from hearth.lib.tabular_jsonlines import JsonLinesTable
from hearth.lib.tabular_model import FileProblem, RowProblem, Table
from hearth.lib.tabular_parquet import ParquetTable
from hearth.lib.tabular_xlsx import XlsxTable

__all__ = ["FileProblem", "RowProblem", "Table", "open_table", "refuse_what_is_no_table"]

MAX_EXPANDED = 4 << 30
MAX_RATIO = 100
_FREE_EXPANSION = 64 << 20
_BLOCK = 1 << 20
_START = 4096
_PARTS_OF_OFFICE = frozenset(
    {"[Content_Types].xml", "xl/workbook.xml", "xl/workbook.bin", "word/document.xml"}
)

_OTHER_KINDS = {
    b"%PDF": "pdf",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"GIF8": "image",
    b"{\\rtf": "document",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
    b"\x7fELF": "program",
    b"MZ\x90": "program",
    b"SQLite format 3": "database",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_table(
    path: str | Path,
    *,
    name: str,
    encoding: str | None = None,
    sheet: str | None = None,
    is_proven: bool = False,
) -> Table:
    """Open a CSV, XLSX, NDJSON or Parquet file, also packed with gzip or alone in a ZIP archive.

    What it is, its content decides. `name` is the file's name for people. `encoding` (utf-8, gb18030 or utf-16)
    overrides the detection; `sheet` chooses a sheet, else it is the first visible one that is not empty. The file is
    read once in full, text in flat memory; `is_proven` says that this was done before with this very encoding, and
    saves a CSV from being looked through again. Close the table, or use it in a `with`.

    :raises FileProblem: if the file as a whole cannot be used
    """
    source = Path(path)
    digest = _digest(source)
    unpacked = _unpacked(source)
    try:
        table = _open_plain(
            unpacked or source, name.removesuffix(".gz"), digest, encoding, sheet, is_proven=is_proven
        )
    except BaseException:
        if unpacked:
            unpacked.unlink()
        raise
    table.temporary = unpacked
    return table


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _unpacked(source: Path) -> Path | None:
    """Unpack a packed file into a temporary one; None for any other."""
    start = _start_of(source)
    if start.startswith(b"\x1f\x8b"):
        with gzip.open(source) as packed:
            return _unpack(source, packed)
    if start.startswith(b"PK\x03\x04") and (member := _sole_member(source)):
        try:
            with zipfile.ZipFile(source) as archive, archive.open(member) as packed_member:
                return _unpack(source, packed_member)
        except (NotImplementedError, RuntimeError, zipfile.BadZipFile) as error:
            raise FileProblem("damaged_file") from error
    return None


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_START)


def _sole_member(path: Path) -> zipfile.ZipInfo | None:
    """Return the one file of an archive that is no workbook or document itself.

    :raises FileProblem: several_files or encrypted_archive
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                each for each in archive.infolist() if not each.is_dir() and not _is_clutter(each.filename)
            ]
    except (zipfile.BadZipFile, NotImplementedError, EOFError):
        return None
    if any(each.filename in _PARTS_OF_OFFICE for each in members) or not members:
        return None
    if len(members) > 1:
        raise FileProblem("several_files", files=len(members))
    if members[0].flag_bits & 1:
        raise FileProblem("encrypted_archive")
    return members[0]


def _is_clutter(name: str) -> bool:
    """Tell what a Mac puts beside every file."""
    return name.startswith("__MACOSX/") or name.endswith(".DS_Store")


def _open_plain(
    path: Path, name: str, digest: str, encoding: str | None, sheet: str | None, *, is_proven: bool
) -> Table:
    start = _start_of(path)
    if not start:
        raise FileProblem("empty_file")
    if start.startswith(b"PAR1"):
        return ParquetTable(path, name=name, sha256=digest)
    if start.startswith(b"PK\x03\x04"):
        return XlsxTable(path, name=name, sha256=digest, sheet=sheet)
    if start.startswith(_OLE):
        raise FileProblem("encrypted_workbook" if _is_encrypted(path) else "legacy_xls")
    refuse_what_is_no_table(start)
    if _is_json_lines(start):
        return JsonLinesTable(path, name=name, sha256=digest, encoding=encoding)
    return CsvTable(path, name=name, sha256=digest, encoding=encoding, is_proven=is_proven)


def refuse_what_is_no_table(start: bytes) -> None:
    """Look at the first bytes of a file, 4,096 or all there are, and refuse what surely is none that can be opened.

    :raises FileProblem: not_a_table with its kind
    """
    start = start[:_START]
    for magic, kind in _OTHER_KINDS.items():
        if start.startswith(magic):
            raise FileProblem("not_a_table", kind=kind)
    if not _is_json_lines(start) and (text_kind := _kind_of_text(start)):
        raise FileProblem("not_a_table", kind=text_kind)


def _is_json_lines(start: bytes) -> bool:
    """Tell an object that ends in its own line, or is longer than the start, from JSON spread over lines."""
    first = start.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)
    is_object = re.match(rb"\{\s*[\"}]", first[0]) is not None
    return is_object and (first[0].rstrip().endswith(b"}") or (len(first) == 1 and len(start) == _START))


def _kind_of_text(start: bytes) -> str | None:
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        return "web page"
    return "json" if re.match(rb"[\[{]\s*[\[{\"]", text) else None


def _is_encrypted(path: Path) -> bool:
    """Tell a workbook under a password: it is wrapped in the container of the old format."""
    with path.open("rb") as file:
        return "EncryptedPackage".encode("utf-16-le") in file.read(_BLOCK)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack(path: Path, packed: _Readable) -> Path:
    """Write what is packed into a temporary file, up to a hundred times its size."""
    limit = min(MAX_EXPANDED, max(_FREE_EXPANSION, path.stat().st_size * MAX_RATIO))
    written = 0
    with tempfile.NamedTemporaryFile(suffix=".table", delete=False) as target:
        unpacked = Path(target.name)
        try:
            while block := packed.read(_BLOCK):
                written += len(block)
                if written > limit:
                    raise FileProblem("expands_too_far", limit=limit)
                target.write(block)
        except (OSError, EOFError, zlib_error, zipfile.BadZipFile, NotImplementedError) as error:
            unpacked.unlink()
            raise FileProblem("damaged_file") from error
        except FileProblem:
            unpacked.unlink()
            raise
    return unpacked
