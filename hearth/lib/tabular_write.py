"""Writing tables that people open in a spreadsheet."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, TextIO

from hearth.lib.parse.cells import Cell
from hearth.lib.tabular_model import FileProblem
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = Postponed("xlsxwriter")

MAX_SHEET_ROWS = 1_048_576
MAX_SHEET_CELL = 32_767

_STARTS_FORMULA = frozenset("=+-@\t\r＝＋－＠")
_PLAIN_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?%?")
_FORBIDDEN_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def write_csv(
    target: str | Path | TextIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    encoding: str = "utf-8-sig",
    escape_formulas: bool = True,
) -> int:
    """Write a CSV file and return the number of rows.

    The default encoding carries the mark by which Excel knows UTF-8. With `escape_formulas` a text that
    a spreadsheet would run gets a quote in front; plain numbers such as -5 and +8613800138000 do not.
    A `target` that is already open keeps its own encoding and stays open.
    """
    if isinstance(target, (str, Path)):
        with Path(target).open("w", encoding=encoding, newline="") as file:
            return _write_rows(file, columns, rows, escape=escape_formulas)
    return _write_rows(target, columns, rows, escape=escape_formulas)


def write_xlsx(
    target: str | Path | IO[bytes],
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    sheet: str = "Sheet1",
) -> int:
    """Write a workbook of one sheet in flat memory and return the number of rows.

    Every cell is text, so that long numbers keep their digits and nothing is run.

    :raises FileProblem: too_many_rows or cell_too_long, where a sheet cannot hold them
    """
    destination = str(target) if isinstance(target, Path) else target
    book = xlsxwriter.Workbook(destination, {"constant_memory": True})
    page = book.add_worksheet(sheet)
    count = -1
    try:
        for number, row in enumerate(_with_header(columns, rows)):
            if number >= MAX_SHEET_ROWS:
                raise FileProblem("too_many_rows", limit=MAX_SHEET_ROWS - 1)
            for place, cell in enumerate(row):
                text = for_sheet(as_text(cell))
                if len(text.encode("utf-16-le")) // 2 > MAX_SHEET_CELL:
                    raise FileProblem("cell_too_long", row=number + 1, limit=MAX_SHEET_CELL)
                page.write_string(number, place, text)
            count = number
    finally:
        book.close()
    return count


def as_text(cell: Cell) -> str:
    """Return a cell as it is written: numbers without exponent, instants with a blank between."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat(sep=" ") if isinstance(cell, datetime) else str(cell)


def for_sheet(text: str) -> str:
    """Return a text without what XML forbids, as a workbook can hold it.

    The library takes `<r>…</r>` for markup of its own and writes it as it stands, whatever is in it; a blank behind
    keeps such a text a text.
    """
    text = _FORBIDDEN_IN_XML.sub("", text)
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _with_header(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterable[Sequence[Cell]]:
    yield columns
    yield from rows


def _write_rows(file: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, escape: bool) -> int:
    writer = csv.writer(file, lineterminator="\r\n")
    written = 0
    for row in _with_header(columns, rows):
        writer.writerow([escaped(cell) if escape else as_text(cell) for cell in row])
        written += 1
    return written - 1


def escaped(cell: Cell) -> str:
    """Return a cell as text, with a quote in front of what a spreadsheet would run."""
    text = as_text(cell)
    return f"'{text}" if isinstance(cell, str) and may_start_formula(text) else text


def may_start_formula(text: str) -> bool:
    """Tell whether a spreadsheet would run a text; plain numbers such as -5 and +8613800138000 are none."""
    stripped = text.lstrip(" \n\u00a0\u3000")
    return bool(stripped) and stripped[0] in _STARTS_FORMULA and not _PLAIN_NUMBER.fullmatch(stripped)
