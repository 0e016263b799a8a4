"""Writing tables whose columns have types, portion by portion in flat memory: CSV, XLSX, NDJSON and Parquet.

`hearth.lib.tabular` reads each of them back. Texts stay texts in every format, so that phones and identity numbers
keep their digits; numbers, days and instants are such wherever the format knows them.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hearth.lib.marks import MARKED_FONT, is_marked
from hearth.lib.parse.cells import Cell
from hearth.lib.tabular_write import (
    MAX_SHEET_CELL,
    MAX_SHEET_ROWS,
    as_text,
    escaped,
    for_sheet,
    may_start_formula,
)
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq
    import xlsxwriter
else:
    pa = Postponed("pyarrow")
    pq = Postponed("pyarrow.parquet")
    xlsxwriter = Postponed("xlsxwriter")

ROWS_OF_A_GROUP = 20_000
CUT = "…"
# Of more digits than these a spreadsheet keeps no number.
_SHEET_DIGITS = 15
_FIRST_YEAR_OF_SHEETS = 1900
_CENT = Decimal("0.01")
_RETURNS = re.compile(r"\r\n?")


class CellType(StrEnum):
    """What the cells of a column hold besides nothing: `str`, `int` or `Decimal`, `Decimal`, `date`, `datetime`."""

    TEXT = "text"
    NUMBER = "number"
    AMOUNT = "amount"
    DAY = "day"
    INSTANT = "instant"


class TableFormat(StrEnum):
    """A kind of file; the second CSV is in the encoding that older Chinese programs expect."""

    CSV = "csv"
    CSV_GB18030 = "csv_gb18030"
    XLSX = "xlsx"
    NDJSON = "ndjson"
    PARQUET = "parquet"


ENDINGS = {
    TableFormat.CSV: "csv",
    TableFormat.CSV_GB18030: "csv",
    TableFormat.XLSX: "xlsx",
    TableFormat.NDJSON: "ndjson",
    TableFormat.PARQUET: "parquet",
}
Columns = Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class TypedColumn:
    """A column: CSV and XLSX are headed by its label, for people; NDJSON and Parquet by its key, for programs."""

    key: str
    label: str
    type: CellType


class TableWriter(ABC):
    """Takes the cells of a table portion by portion, column by column; `cut_cells` were too long for the format.

    With a `mark` each row carries a bit of it, see `hearth.lib.marks`.
    """

    def __init__(self, columns: Sequence[TypedColumn], zone: tzinfo) -> None:
        self.columns = columns
        self.zone = zone
        self.mark: bytes | None = None
        self.cut_cells = 0

    def write(self, cells: Columns) -> None:
        """Write some rows, given as one sequence of cells for each column."""
        self._write([_tidy(column.type, found) for column, found in zip(self.columns, cells, strict=True)])

    @abstractmethod
    def _write(self, cells: list[list[Cell]]) -> None: ...

    @abstractmethod
    def close(self) -> None:
        """Bring the file to its end."""

    @abstractmethod
    def abandon(self) -> None:
        """Let go of a file that nobody wants any more."""

    def labels(self) -> list[str]:
        """Return the headings; one that comes again is numbered, as readers refuse a doubled one."""
        seen: dict[str, int] = {}
        found = []
        for column in self.columns:
            seen[column.label] = number = seen.get(column.label, 0) + 1
            found.append(column.label if number == 1 else f"{column.label} ({number})")
        return found

    def bits(self, cells: Sequence[Sequence[Cell]]) -> list[bool]:
        """Return the bit of each row; all are unset without a mark."""
        if self.mark is None:
            return [False] * len(cells[0])
        return [is_marked(self.mark, "" if cell is None else as_text(cell)) for cell in cells[0]]

    def wall_time(self, instant: datetime) -> datetime:
        """Return an instant as the clock of the place shows it, to the second."""
        return instant.astimezone(self.zone).replace(tzinfo=None, microsecond=0)


@contextmanager
def open_writer(
    path: Path,
    table_format: str,
    columns: Sequence[TypedColumn],
    *,
    zone: tzinfo,
    sheet: str = "Sheet1",
    mark: bytes | None = None,
) -> Iterator[TableWriter]:
    """Open a file for the rows of a table; it is whole only when the block ends without an error.

    `zone` is that of the instants people read; `sheet` names the sheets of a workbook; `mark` is a key that rows carry.
    """
    writer = _make(path, TableFormat(table_format), columns, zone, sheet)
    writer.mark = mark
    try:
        yield writer
    except BaseException:
        writer.abandon()
        raise
    writer.close()


def _make(
    path: Path, table_format: TableFormat, columns: Sequence[TypedColumn], zone: tzinfo, sheet: str
) -> TableWriter:
    if table_format == TableFormat.XLSX:
        return XlsxWriter(path, columns, zone, sheet)
    if table_format == TableFormat.NDJSON:
        return JsonLinesWriter(path, columns, zone)
    if table_format == TableFormat.PARQUET:
        return ParquetWriter(path, columns, zone)
    encoding = "gb18030" if table_format == TableFormat.CSV_GB18030 else "utf-8-sig"
    return CsvWriter(path, columns, zone, encoding)


def _tidy(kind: CellType, cells: Sequence[Cell]) -> list[Cell]:
    """Return cells as their type has them, None for nothing; amounts have two decimals."""
    if kind == CellType.TEXT:
        return [None if cell is None or cell == "" else str(cell) for cell in cells]
    if kind == CellType.AMOUNT:
        return [None if cell is None else _amount(cell) for cell in cells]
    return list(cells)


def _amount(cell: Any) -> Decimal:
    return Decimal(cell).quantize(_CENT, ROUND_HALF_UP)


class CsvWriter(TableWriter):
    """Commas and CRLF; a text that a spreadsheet would run gets a quote in front."""

    def __init__(self, path: Path, columns: Sequence[TypedColumn], zone: tzinfo, encoding: str) -> None:
        super().__init__(columns, zone)
        self._file = path.open("w", encoding=encoding, newline="")
        self._rows = csv.writer(self._file, lineterminator="\r\n")
        self._marked_rows = csv.writer(self._file, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
        self._rows.writerow([escaped(label) for label in self.labels()])

    def _write(self, cells: list[list[Cell]]) -> None:
        shown = [self._shown(column.type, found) for column, found in zip(self.columns, cells, strict=True)]
        if self.mark is None:
            self._rows.writerows(zip(*shown, strict=True))
            return
        for row, bit in zip(zip(*shown, strict=True), self.bits(shown), strict=True):
            (self._marked_rows if bit else self._rows).writerow(row)

    def _shown(self, kind: CellType, cells: list[Cell]) -> list[str]:
        if kind == CellType.INSTANT:
            return [self.wall_time(cell).isoformat(sep=" ") if cell else "" for cell in cells]  # type: ignore[arg-type]
        return [escaped(cell) for cell in cells]

    def close(self) -> None:
        self._file.close()

    def abandon(self) -> None:
        self._file.close()


class JsonLinesWriter(TableWriter):
    """An object a line; numbers with all their digits, instants with their offset, nothing as null."""

    def __init__(self, path: Path, columns: Sequence[TypedColumn], zone: tzinfo) -> None:
        super().__init__(columns, zone)
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._keys = [json.dumps(column.key, ensure_ascii=False) for column in columns]

    def _write(self, cells: list[list[Cell]]) -> None:
        shown = [[self._shown(cell) for cell in found] for found in cells]
        for row, bit in zip(zip(*shown, strict=True), self.bits(cells), strict=True):
            colon, comma = (":", ",") if bit else (": ", ", ")
            pairs = (f"{key}{colon}{cell}" for key, cell in zip(self._keys, row, strict=True))
            self._file.write(f"{{{comma.join(pairs)}}}\n")

    def _shown(self, cell: Cell) -> str:
        if cell is None:
            return "null"
        if isinstance(cell, datetime):
            return f'"{cell.astimezone(self.zone).isoformat()}"'
        if isinstance(cell, date):
            return f'"{cell.isoformat()}"'
        return as_text(cell) if isinstance(cell, int | Decimal) else json.dumps(cell, ensure_ascii=False)

    def close(self) -> None:
        self._file.close()

    def abandon(self) -> None:
        self._file.close()


class ParquetWriter(TableWriter):
    """Row groups of 20,000; amounts as decimals, instants in UTC."""

    def __init__(self, path: Path, columns: Sequence[TypedColumn], zone: tzinfo) -> None:
        super().__init__(columns, zone)
        self._schema = pa.schema([(column.key, _arrow_type(column.type)) for column in columns])
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[Any] = []

    def _write(self, cells: list[list[Cell]]) -> None:
        arrays = [pa.array(found, type=field.type) for field, found in zip(self._schema, cells, strict=True)]
        self._waiting.append(pa.record_batch(arrays, schema=self._schema))
        if sum(each.num_rows for each in self._waiting) >= ROWS_OF_A_GROUP:
            self._write_group()

    def _write_group(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting), row_group_size=ROWS_OF_A_GROUP)
        self._waiting = []

    def close(self) -> None:
        self._write_group()
        self._writer.close()

    def abandon(self) -> None:
        self._waiting = []
        self._writer.close()


def _arrow_type(kind: CellType) -> Any:
    if kind == CellType.NUMBER:
        return pa.decimal128(38, 9)
    if kind == CellType.AMOUNT:
        return pa.decimal128(18, 2)
    if kind == CellType.DAY:
        return pa.date32()
    return pa.timestamp("us", tz="UTC") if kind == CellType.INSTANT else pa.string()


class XlsxWriter(TableWriter):
    """A workbook, of as many sheets as its rows need.

    Texts are text cells in a text format, so that nothing is run, not even when a cell is edited: those that begin like
    a formula are also marked as quoted. What XML forbids is left out, what a cell cannot hold is cut.
    """

    def __init__(self, path: Path, columns: Sequence[TypedColumn], zone: tzinfo, sheet: str) -> None:
        super().__init__(columns, zone)
        self._folder = Path(tempfile.mkdtemp(prefix="sheets-", dir=path.parent))
        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "tmpdir": str(self._folder), "strings_to_urls": False}
        )
        self._book.use_zip64()
        self._name = re.sub(r"[\[\]:*?/\\]", " ", sheet).strip("' ")[:25] or "Sheet1"
        self._heading = self._book.add_format({"bold": True, "num_format": "@"})
        self._formats = {
            CellType.TEXT: self._book.add_format({"num_format": "@"}),
            CellType.NUMBER: self._book.add_format({"num_format": "General"}),
            CellType.AMOUNT: self._book.add_format({"num_format": "#,##0.00"}),
            CellType.DAY: self._book.add_format({"num_format": "yyyy-mm-dd"}),
            CellType.INSTANT: self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        self._quoted = self._book.add_format({"num_format": "@", "quote_prefix": True})
        shade = {"num_format": "@", "font_color": MARKED_FONT}
        self._marked = self._book.add_format(shade)
        self._marked_quoted = self._book.add_format({**shade, "quote_prefix": True})
        self._sheets = 0
        self._begin_sheet()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        name = self._name if self._sheets == 1 else f"{self._name} ({self._sheets})"
        self._page = self._book.add_worksheet(name)
        self._page.freeze_panes(1, 0)
        self._page.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_SHEET_ROWS}"})
        for place, column in enumerate(self.columns):
            self._page.set_column(place, place, 20 if column.type == CellType.TEXT else 18)
        for place, label in enumerate(self.labels()):
            self._page.write_string(0, place, self._fitting(label), self._heading)
        self._next_row = 1

    def _write(self, cells: list[list[Cell]]) -> None:
        for row, bit in zip(zip(*cells, strict=True), self.bits(cells), strict=True):
            if self._next_row >= MAX_SHEET_ROWS:
                self._begin_sheet()
            for place, (column, cell) in enumerate(zip(self.columns, row, strict=True)):
                if cell is not None:
                    self._write_cell(place, column.type, cell, is_marked=bit)
            self._next_row += 1

    def _write_cell(self, place: int, kind: CellType, cell: Any, *, is_marked: bool) -> None:
        row, shown = self._next_row, self._formats[kind]
        if kind in (CellType.DAY, CellType.INSTANT) and cell.year >= _FIRST_YEAR_OF_SHEETS:
            when = self.wall_time(cell) if kind == CellType.INSTANT else cell
            self._page.write_datetime(row, place, when, shown)
        elif kind in (CellType.NUMBER, CellType.AMOUNT) and _fits_sheet(cell):
            self._page.write_number(row, place, cell, shown)
        else:
            text = self._fitting(as_text(cell))
            usual = (self._formats[CellType.TEXT], self._quoted)
            formats = (self._marked, self._marked_quoted) if is_marked else usual
            self._page.write_string(row, place, text, formats[may_start_formula(text)])

    def _fitting(self, text: str) -> str:
        """Return a text as a cell can hold it; line ends as a sheet has them."""
        text = for_sheet(_RETURNS.sub("\n", text))
        if len(text) * 2 <= MAX_SHEET_CELL:
            return text
        units = text.encode("utf-16-le")
        if len(units) // 2 <= MAX_SHEET_CELL:
            return text
        self.cut_cells += 1
        return units[: (MAX_SHEET_CELL - 1) * 2].decode("utf-16-le", errors="ignore") + CUT

    def close(self) -> None:
        self._book.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def abandon(self) -> None:
        """Leave the workbook without putting it together, which takes long for a large one."""
        self._book.fileclosed = True
        for page in self._book.worksheets():
            page._opt_close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _fits_sheet(number: int | Decimal) -> bool:
    return len(Decimal(number).as_tuple().digits) <= _SHEET_DIGITS
