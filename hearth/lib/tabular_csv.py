"""CSV and its kin: which encoding, which delimiter, and every row in flat memory."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from hearth.lib.parse.cells import Cell
from hearth.lib.tabular_model import MAX_CELL_LENGTH, FileProblem, Table, find_header

# The limit belongs to the csv module as a whole; its own default is a little higher.
csv.field_size_limit(MAX_CELL_LENGTH)

MAX_LINE_BYTES = 16 << 20
_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_CHARACTERS = 1 << 16
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_HAN = re.compile("[\u4e00-\u9fff]")
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "utf-16": "utf-16",
    "utf16": "utf-16",
}


class CsvTable(Table):
    """A text file of rows between delimiters."""

    format = "csv"

    def __init__(
        self, path: Path, *, name: str, sha256: str, encoding: str | None, is_proven: bool = False
    ) -> None:
        """Look through the whole file once for its encoding and once for its quotes, unless that is done already.

        :raises FileProblem: if it is no table, or not in one encoding
        """
        super().__init__()
        self.path, self.name, self.sha256 = path, name, sha256
        self.encoding = encoding if is_proven and encoding else find_encoding(path, encoding)
        self._codec = {"utf-8": "utf-8-sig"}.get(self.encoding, self.encoding)
        self._skips_line, found = self._sniff()
        self.delimiter = found or ","
        self.header_row, self.columns = find_header(self._records(), may_have_title=found is not None)
        self.estimated_rows = 0
        if not is_proven:
            self.estimated_rows = sum(1 for _, row in self._numbered_rows() if any(row))
            if not self.estimated_rows:
                raise FileProblem("header_only")

    def _numbered_rows(self) -> Iterator[tuple[int, list[Cell]]]:
        return islice(self._records(), self.header_row, None)

    def _records(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the records with their numbers; blank lines count, as a spreadsheet counts them."""
        with self._open() as file:
            if self._skips_line:
                file.readline()
            reader = csv.reader(file, delimiter=self.delimiter, strict=True)
            number, line = 0, 0
            try:
                for number, record in enumerate(reader, start=1):
                    line = reader.line_num
                    yield number, list(record)
            except csv.Error as error:
                swallowed = reader.line_num - line
                code = _quote_code(str(error), swallowed)
                limits = {"limit": MAX_CELL_LENGTH} if code == "cell_too_long" else {}
                raise FileProblem(code, row=number + 1, **limits) from error

    def _open(self) -> io.TextIOWrapper:
        return self.path.open(encoding=self._codec, newline="")

    def _sniff(self) -> tuple[bool, str | None]:
        with self._open() as file:
            sample = file.read(_SAMPLE_CHARACTERS)
        if named := _SEPARATOR_LINE.match(sample):
            return True, named.group(1)
        scores = {mark: _fit(sample, mark) for mark in _DELIMITERS}
        best = max(_DELIMITERS, key=lambda mark: scores[mark])
        return False, best if scores[best] > (0, 0) else None


def find_encoding(path: Path, override: str | None) -> str:
    """Return utf-8, gb18030 or utf-16, having checked every line.

    :raises FileProblem: unknown_encoding_name, wrong_encoding, mixed_encodings, unknown_encoding or
        not_a_table
    """
    wanted = None
    if override:
        wanted = _ENCODINGS.get(override.strip().lower())
        if wanted is None:
            raise FileProblem("unknown_encoding_name", encoding=override[:40])
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if wanted not in (None, "utf-16"):
            raise FileProblem("wrong_encoding", encoding=wanted, line=1)
        return _check_utf16(path)
    if wanted == "utf-16":
        raise FileProblem("wrong_encoding", encoding=wanted, line=1)
    return _judge(_survey(path), wanted, has_mark=start.startswith(codecs.BOM_UTF8))


@dataclass
class _Survey:
    """How many lines can only be one encoding, and where each first fails."""

    utf8_lines: int = 0
    not_utf8_lines: int = 0
    first_not_utf8: int = 0
    first_not_gb18030: int = 0
    clearly_utf8_lines: int = 0
    first_clearly_utf8: int = 0


def _survey(path: Path) -> _Survey:
    found = _Survey()
    for number, line in enumerate(_lines(path), start=1):
        if b"\0" in line:
            raise FileProblem("zero_bytes", line=number)
        if line.isascii():
            continue
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            found.not_utf8_lines += 1
            found.first_not_utf8 = found.first_not_utf8 or number
            if not _decodes(line, "gb18030"):
                found.first_not_gb18030 = found.first_not_gb18030 or number
            continue
        found.utf8_lines += 1
        # Four Chinese characters do not come about by reading GB 18030 as UTF-8.
        if len(_HAN.findall(text)) >= 4:
            found.clearly_utf8_lines += 1
            found.first_clearly_utf8 = found.first_clearly_utf8 or number
    return found


def _judge(found: _Survey, wanted: str | None, *, has_mark: bool) -> str:
    if wanted == "utf-8" or has_mark:
        if wanted == "gb18030":
            raise FileProblem("wrong_encoding", encoding=wanted, line=1)
        if found.not_utf8_lines:
            code = "wrong_encoding" if wanted else "mixed_encodings"
            raise FileProblem(code, encoding="utf-8", line=found.first_not_utf8)
        return "utf-8"
    if wanted == "gb18030":
        if line := found.first_not_gb18030 or found.first_clearly_utf8:
            raise FileProblem("wrong_encoding", encoding=wanted, line=line)
        return wanted
    if not found.not_utf8_lines:
        return "utf-8"
    if found.clearly_utf8_lines or (found.first_not_gb18030 and found.utf8_lines):
        mostly_utf8 = found.utf8_lines >= found.not_utf8_lines
        line = found.first_not_utf8 if mostly_utf8 else (found.first_clearly_utf8 or found.first_not_gb18030)
        raise FileProblem("mixed_encodings", line=line)
    if found.first_not_gb18030:
        raise FileProblem("unknown_encoding", line=found.first_not_gb18030)
    return "gb18030"


def _lines(path: Path) -> Iterator[bytes]:
    """Yield the lines as bytes; neither encoding uses the bytes that end a line inside a character."""
    rest = b""
    with path.open("rb") as file:
        while block := file.readline(MAX_LINE_BYTES):
            # Old programs end their lines with a carriage return alone.
            *lines, rest = _split(rest + block)
            yield from lines
            if len(rest) >= MAX_LINE_BYTES:
                raise FileProblem("not_a_table", kind="one line")
    if rest:
        yield rest


def _split(block: bytes) -> list[bytes]:
    """Split after each end of a line; the last piece is the beginning of the next line."""
    if b"\r" not in block[:-2]:
        return [block, b""] if block.endswith(b"\n") else [block]
    lines = block.splitlines(keepends=True)
    return [*lines, b""] if block.endswith(b"\n") else lines


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _check_utf16(path: Path) -> str:
    line = 1
    try:
        with path.open(encoding="utf-16", newline="") as file:
            while block := file.read(1 << 20):
                line += block.count("\n")
                if "\0" in block:
                    raise FileProblem("zero_bytes", line=line)
    except UnicodeError as error:
        raise FileProblem("wrong_encoding", encoding="utf-16", line=line) from error
    return "utf-16"


def _fit(sample: str, delimiter: str) -> tuple[float, int]:
    """Return how well a delimiter explains the sample: rows as wide as the header, and its width."""
    widths: list[int] = []
    try:
        records = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths.extend(len(record) for record in records if any(record))
    except csv.Error:
        return 0, 0
    # The last line of the sample may be cut.
    widths = widths[:-1] if len(sample) == _SAMPLE_CHARACTERS and len(widths) > 1 else widths
    header = max(widths[:3], default=0)
    if header < 2:
        return 0, 0
    alike = sum(1 for width in widths if width == header) / len(widths)
    # A title may stand above the header, but then most rows must bear the delimiter out.
    return (round(alike, 1), header) if widths[0] > 1 or alike > 0.5 else (0, 0)


def _quote_code(message: str, swallowed: int) -> str:
    """Tell a quote left open, which swallows lines, from a cell that is too long by itself."""
    if "field larger" in message:
        return "open_quote" if swallowed > 1 else "cell_too_long"
    return "open_quote" if "unexpected end" in message else "stray_quote"
