"""A hidden mark in a table that says from which run a fragment of it comes, without changing one value.

Each row carries one bit: a keyed hash of the text of its first cell. In CSV the bit is whether all cells of the line
are quoted, in NDJSON whether separators have a blank, in a workbook a shade of black that no eye tells from black. A
file of another run agrees in half of its rows, a file of the run in all, in whatever order and however many were cut
away. Lost when a program writes the table anew; Parquet has no room for it.
"""

import csv
import hmac
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from math import comb
from pathlib import Path

MARKED_FONT = "#010101"
_ARGB = b"FF010101"
_ROW, _CELL = (
    re.compile(rb"<row [^>]*>(.*?)</row>", re.S),
    re.compile(rb'<c r="A\d+"[^>]*?s="(\d+)"[^>]*>(.*?)</c>', re.S),
)
_TEXT = re.compile(rb"<t(?: [^>]*)?>(.*?)</t>", re.S)
_ENTITIES = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&amp;", b"&"))
MOST_BYTES_OF_SHEET = 500_000_000


def is_marked(key: bytes, text: str) -> bool:
    """Tell the bit of a row by the text of its first cell."""
    plain = " ".join(text.lstrip("'").split())
    return bool(hmac.digest(key, plain.encode(), "sha256")[0] & 1)


def read_marks(path: Path) -> Mapping[str, bool]:
    """Return the bits of a file or a fragment of one by the text of the first cell; rows without one are left out."""
    start = path.read_bytes()[:4]
    if start == b"PK\x03\x04":
        return dict(_of_workbook(path))
    lines = _text_of(path).splitlines()
    return dict(_of_json_lines(lines) if lines and lines[0].startswith("{") else _of_csv(lines))


def agreement(key: bytes, found: Mapping[str, bool]) -> int:
    """Return in how many rows a key gives the bits that were found."""
    return sum(is_marked(key, text) == bit for text, bit in found.items())


def chance(rows: int, agreeing: int) -> float:
    """Return how likely at least so many of the rows agree with a run they do not come from."""
    return sum(comb(rows, number) for number in range(agreeing, rows + 1)) / 2**rows if rows else 1.0


def _text_of(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _of_json_lines(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    for line in lines:
        try:
            cells = json.loads(line)
        except ValueError:
            continue
        if isinstance(cells, dict) and cells:
            first = next(iter(cells.values()))
            yield str(first or ""), not re.match(r'\{"(?:[^"\\]|\\.)*": ', line)


def _of_csv(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    for line in lines:
        cells = next(csv.reader([line]), [])
        plain, quoted = (_written(cells, is_quoted=bit) for bit in (False, True))
        if plain != quoted and line in (plain, quoted):
            yield cells[0], line == quoted


def _written(cells: list[str], *, is_quoted: bool) -> str:
    file = io.StringIO()
    rows = csv.writer(file, quoting=csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL, lineterminator="")
    rows.writerow(cells)
    return file.getvalue()


def _of_workbook(path: Path) -> Iterator[tuple[str, bool]]:
    with zipfile.ZipFile(path) as book:
        names = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        if sum(book.getinfo(name).file_size for name in names) > MOST_BYTES_OF_SHEET:
            return
        marked = _marked_formats(book.read("xl/styles.xml"))
        shared = _shared_texts(book)
        for name in names:
            for row in _ROW.finditer(book.read(name)):
                first = _CELL.search(row[1])
                text = _cell_text(first[0], first[2], shared) if first else None
                if first and text is not None:
                    yield text, int(first[1]) in marked


def _marked_formats(styles: bytes) -> set[int]:
    """Return the numbers of the cell formats in the shade."""
    fonts = re.findall(rb"<font>.*?</font>|<font/>", _between(styles, b"fonts"), re.S)
    shaded = {number for number, font in enumerate(fonts) if _ARGB in font}
    formats = re.findall(rb'<xf [^>]*fontId="(\d+)"', _between(styles, b"cellXfs"))
    return {number for number, font in enumerate(formats) if int(font) in shaded}


def _between(text: bytes, tag: bytes) -> bytes:
    found = re.search(rb"<%b[ >].*?</%b>" % (tag, tag), text, re.S)
    return found[0] if found else b""


def _shared_texts(book: zipfile.ZipFile) -> list[str]:
    """Return the texts that programs which write a workbook anew keep apart."""
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    items = re.findall(rb"<si>.*?</si>|<si/>", book.read("xl/sharedStrings.xml"), re.S)
    return [_plain(b"".join(_TEXT.findall(item))) for item in items]


def _cell_text(cell: bytes, content: bytes, shared: list[str]) -> str | None:
    """Return the text of a cell, None for numbers."""
    if b't="s"' in cell.split(b">", 1)[0]:
        number = re.search(rb"<v>(\d+)</v>", content)
        return shared[int(number[1])] if number and int(number[1]) < len(shared) else None
    found = _TEXT.findall(content)
    return _plain(b"".join(found)) if found else None


def _plain(text: bytes) -> str:
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text.decode("utf-8", errors="replace")
