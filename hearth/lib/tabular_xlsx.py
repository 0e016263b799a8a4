"""XLSX workbooks.

The reader lays a sheet out in memory as a full rectangle, so what is in the archive is measured before it
is handed over: one cell at the far corner of a tiny file would otherwise ask for gigabytes.
"""

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from hearth.lib.parse.cells import Cell
from hearth.lib.tabular_model import (
    MAX_CELL_LENGTH,
    FileProblem,
    RowProblem,
    Table,
    column_letter,
    find_header,
)

MAX_EXPANDED = 1 << 30
MAX_RATIO = 200
MAX_CELLS = 12_000_000
_FREE_EXPANSION = 32 << 20
_BLOCK = 1 << 20
_LONGEST_CELL = 1 << 18
_SMALL_PART = 4 << 20

# Cells that end in /> carry a colour only; the reader passes over them too.
_FILLED = re.compile(rb"""[<:]c\s(?:[^>]*?\s)??r\s?=\s?["']([A-Z]{1,3}+)(\d{1,7}+)["'][^>]*+(?<!/)>""")
_CELL_START = re.compile(rb"<(?:\w+:)?c(?:\s[^>]*[^>/])?>")
_ROW_START = re.compile(rb"<(?:\w+:)?row[\s>]")
_ROW_NUMBER = re.compile(rb"""<(?:\w+:)?row\s(?:[^>]*?\s)??r\s*=\s*["'](\d{1,7})["']""")
_ERROR_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>]*\st\s*=\s*["']e["'])[^>]*?\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["'][^>]*>"""
    rb"""(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]{1,20})<""",
    re.DOTALL,
)
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass
class _Extent:
    """How far a sheet reaches, and which of its cells hold a formula that failed."""

    last_row: int = 0
    columns: set[bytes] = field(default_factory=set)
    cells: int = 0
    widest_row: int = 0
    failed: dict[tuple[int, int], str] = field(default_factory=dict)


class XlsxTable(Table):
    """One sheet of a workbook, in memory."""

    format = "xlsx"

    def __init__(self, path: Path, *, name: str, sha256: str, sheet: str | None) -> None:
        """Measure the archive, then read the sheet.

        :raises FileProblem: if it is no workbook, too large, or has no such sheet
        """
        super().__init__()
        self.path, self.name, self.sha256 = path, name, sha256
        parts = _check_archive(path)
        try:
            with CalamineWorkbook.from_path(str(path)) as workbook:
                self.sheets = _usable_sheets(workbook)
                self.sheet, self._failed, self._sheet = self._choose(workbook, parts, sheet)
        except (CalamineError, OSError) as error:
            raise FileProblem("damaged_file") from error
        merged = self._merged_ranges()
        try:
            self.header_row, self.columns = find_header(self._all_rows())
        except FileProblem as problem:
            # A merged name leaves its neighbour without one: name the cause.
            if problem.code == "blank_column_name":
                _refuse_merged(merged, int(problem.params["row"]))
            raise
        _refuse_merged(merged, self.header_row)
        self._merged = [found for found in merged if found.first > self.header_row]
        last = self._sheet.end[0] + 1 if self._sheet.end else 0
        self.estimated_rows = max(0, last - self.header_row)
        if not self.estimated_rows:
            raise FileProblem("header_only")

    def _choose(
        self, workbook: CalamineWorkbook, parts: dict[str, str], wanted: str | None
    ) -> tuple[str, dict[tuple[int, int], str], CalamineSheet]:
        if wanted is not None and wanted not in self.sheets:
            raise FileProblem("unknown_sheet", sheet=wanted[:100], sheets=list(self.sheets))
        for name in [wanted] if wanted is not None else self.sheets:
            extent = _measure(self.path, parts.get(name, ""))
            if not extent.cells and wanted is None:
                continue
            sheet = workbook.get_sheet_by_name(name)
            if sheet.start is not None:
                return name, extent.failed, sheet
        raise FileProblem("hidden_sheets" if _has_hidden(workbook) else "empty_file")

    def _all_rows(self) -> Iterator[tuple[int, list[Cell]]]:
        left = self._sheet.start[1] if self._sheet.start else 0
        for number, row in enumerate(self._sheet.iter_rows(), start=1):
            yield number, [self._cell(number, left + place, value) for place, value in enumerate(row)]

    def _numbered_rows(self) -> Iterator[tuple[int, list[Cell]]]:
        for found in self._merged:
            self.report(RowProblem(found.first, "merged_cells", cells=found.name))
        width = len(self.columns)
        for number, row in self._all_rows():
            if number > self.header_row:
                # A sheet has no ragged rows: what is missing at its right edge is blank.
                yield number, row + [None] * (width - len(row))

    def _cell(self, row: int, column: int, value: Cell) -> Cell:
        if value == "" and isinstance(value, str):
            return self._failed.get((row, column))
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            return int(value)
        if isinstance(value, str) and len(value) > MAX_CELL_LENGTH:
            raise FileProblem("cell_too_long", row=row, limit=MAX_CELL_LENGTH)
        return value

    def _merged_ranges(self) -> list["_Merged"]:
        found = []
        for (top, left), (bottom, right) in self._sheet.merged_cell_ranges or []:
            name = f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}"
            found.append(_Merged(top + 1, bottom + 1, name))
        return sorted(found)


class _Merged(NamedTuple):
    first: int
    last: int
    name: str


def _refuse_merged(merged: list[_Merged], header_row: int) -> None:
    if any(first <= header_row <= last for first, last, _ in merged):
        raise FileProblem("merged_header", row=header_row)


def _usable_sheets(workbook: CalamineWorkbook) -> list[str]:
    return [
        str(sheet.name)
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _has_hidden(workbook: CalamineWorkbook) -> bool:
    return any(sheet.visible != SheetVisibleEnum.Visible for sheet in workbook.sheets_metadata)


def _check_archive(path: Path) -> dict[str, str]:
    """Refuse archives that expand too far; return where in the archive each sheet is."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            expanded = sum(member.file_size for member in members)
            packed = sum(member.compress_size for member in members)
            limit = min(MAX_EXPANDED, max(_FREE_EXPANSION, packed * MAX_RATIO))
            if expanded > limit:
                raise FileProblem("expands_too_far", limit=limit)
            names = set(archive.namelist())
            if "xl/workbook.xml" not in names:
                raise FileProblem("not_a_table", kind=_kind_of_archive(names))
            return _sheet_parts(archive)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileProblem("damaged_file") from error


def _kind_of_archive(names: set[str]) -> str:
    if "word/document.xml" in names:
        return "document"
    return "binary workbook" if "xl/workbook.bin" in names else "archive"


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    targets = {}
    for relation in _elements(archive, "xl/_rels/workbook.xml.rels", _RELATION):
        target = relation.get("Target", "")
        targets[relation.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    parts = {}
    for sheet in _elements(archive, "xl/workbook.xml", _SHEET):
        relation_id = next((value for key, value in sheet.items() if key.endswith(":id")), "")
        parts[sheet.get("name", "")] = targets.get(relation_id, "")
    return parts


def _elements(archive: zipfile.ZipFile, part: str, shape: re.Pattern[str]) -> Iterator[dict[str, str]]:
    with archive.open(part) as file:
        text = file.read(_SMALL_PART).decode("utf-8", errors="replace")
    for found in shape.finditer(text):
        pairs = _ATTRIBUTE.findall(found.group(1))
        yield {key: html.unescape(double or single) for key, double, single in pairs}


def _measure(path: Path, part: str) -> _Extent:
    """Find how far a sheet reaches, in one pass and flat memory.

    :raises FileProblem: if the rectangle around its cells is too large to lay out
    """
    extent = _Extent()
    try:
        with zipfile.ZipFile(path) as archive, archive.open(part) as file:
            _scan(file, extent)
    except (KeyError, zipfile.BadZipFile, EOFError) as error:
        raise FileProblem("damaged_file") from error
    width = max(extent.widest_row, *(_column_number(letters) for letters in extent.columns), 0)
    if max(extent.last_row * width, extent.cells) > MAX_CELLS:
        raise FileProblem("sheet_too_large", rows=extent.last_row, columns=width, limit=MAX_CELLS)
    return extent


def _scan(file: IO[bytes], extent: _Extent) -> None:
    tail = b""
    while block := file.read(_BLOCK):
        text = tail + block
        # Cut between two cells, so that no cell is seen in halves; a cell is never this long by itself.
        cut = max(text.rfind(b"</c>"), text.rfind(b"</x:c>"), text.rfind(b"<row"), text.rfind(b"<x:row"))
        cut = cut if cut > 0 or len(text) < _LONGEST_CELL + _BLOCK else len(text)
        _scan_text(text[: max(cut, 0)], extent)
        tail = text[max(cut, 0) :]
    _scan_text(tail, extent)


def _scan_text(text: bytes, extent: _Extent) -> None:
    references = _FILLED.findall(text)
    # Counting plain bytes is ten times as fast, and enough where every cell has an address and a value.
    cells = text.count(b"<c ") + text.count(b":c ") + text.count(b"<c>")
    if cells != len(references):
        cells = len(_CELL_START.findall(text))
    rows = [int(number) for _, number in references]
    extent.columns.update({letters for letters, _ in references})
    extent.cells += cells
    if cells > len(references):
        # Cells without an address follow each other in their row.
        rows.extend(int(number) for number in _ROW_NUMBER.findall(text))
        widths = (len(_CELL_START.findall(row)) for row in _ROW_START.split(text))
        extent.widest_row = max(extent.widest_row, *widths, 0)
    extent.last_row = max(extent.last_row, *rows, 0)
    for letters, number, value in _ERROR_CELL.findall(text) if b'"e"' in text or b"'e'" in text else ():
        extent.failed[int(number), _column_number(letters) - 1] = value.decode("utf-8", errors="replace")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
