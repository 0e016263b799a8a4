"""What every table has in common: columns, rows, and the problems of both."""

import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Self

from hearth.lib.errors import Refusal
from hearth.lib.parse.cells import Cell, is_blank
from hearth.lib.pinyin import fold

MAX_COLUMNS = 1_000
MAX_CELL_LENGTH = 100_000
MAX_KEPT_PROBLEMS = 10_000
_TITLE_ROWS = 2
# What people write in front of the sums below a table.
_TOTALS = frozenset(
    {"合计", "总计", "小计", "共计", "总和", "total", "totals", "sum", "subtotal", "grand total"}
)

_VALUE_SHAPES = (
    re.compile(r"(?:\+?86)?1[3-9]\d{9}(?:\.0)?"),
    re.compile(r"\d{17}[\dXx]"),
    re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"),
    re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[ T].*)?"),
)
_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+%?")


class FileProblem(Refusal):
    """A file that cannot be used at all."""


class RowProblem(Refusal):
    """A row that is left out, or a doubt about one; `row` is its number in the file."""

    def __init__(self, row: int, code: str, **params: object) -> None:
        """Keep the number of the row beside the code."""
        super().__init__(code, **params)
        self.row = row

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling together with the number of the row."""
        return _row_problem, (self.row, self.code, self.params)


def _row_problem(row: int, code: str, params: dict[str, object]) -> RowProblem:
    return RowProblem(row, code, **params)


class Header(NamedTuple):
    """The column names, and the number of the row that holds them."""

    row: int
    columns: list[str]


class Table(AbstractContextManager["Table"]):
    """An open file of rows; a subclass per format reads them."""

    format: str
    name: str
    columns: list[str]
    encoding: str | None = None
    sheet: str | None = None
    sheets: Sequence[str] = ()
    header_row: int
    sha256: str
    estimated_rows: int
    temporary: Path | None = None

    def __init__(self) -> None:
        """Begin without problems."""
        self.problems: list[RowProblem] = []
        self.problem_count = 0

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield each row with its number; may be called again, which starts anew.

        Wholly blank rows are passed over. Rows that do not fit the header are left out and collected in
        `problems`, of which the first 10,000 are kept and all are counted.
        """
        self.problems.clear()
        self.problem_count = 0
        for number, row in self._numbered_rows():
            fitted = self._fit(number, row)
            if fitted is not None:
                yield number, fitted

    def close(self) -> None:
        """Let go of the file, and delete what was unpacked for it."""
        if self.temporary:
            self.temporary.unlink(missing_ok=True)
            self.temporary = None

    def __enter__(self) -> Self:
        """Return the table itself."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close the table."""
        self.close()

    def report(self, problem: RowProblem) -> None:
        """Count a problem, and keep it while there are not too many."""
        self.problem_count += 1
        if len(self.problems) < MAX_KEPT_PROBLEMS:
            self.problems.append(problem)

    @abstractmethod
    def _numbered_rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Give the rows as they stand in the file, with their numbers."""

    def _fit(self, number: int, row: list[Cell]) -> list[Cell] | None:
        width = len(self.columns)
        if len(row) > width and all(is_blank(cell) for cell in row[width:]):
            row = row[:width]
        if all(is_blank(cell) for cell in row):
            return None
        if len(row) != width:
            code = "row_too_short" if len(row) < width else "row_too_long"
            self.report(RowProblem(number, code, cells=len(row), expected=width))
            return None
        if column_name(row[0]) == self.columns[0] and [column_name(cell) for cell in row] == self.columns:
            self.report(RowProblem(number, "repeated_header"))
            return None
        if is_total(row):
            self.report(RowProblem(number, "total_row"))
            return None
        return row


def is_total(row: Sequence[Cell]) -> bool:
    """Tell a row of sums below the table from its rows: its first word says so, and cells are missing."""
    for cell in row:
        if not is_blank(cell):
            word = " ".join(cell.split()).rstrip(":：").lower() if isinstance(cell, str) else ""
            return word in _TOTALS and any(is_blank(cell) for cell in row)
    return False


def column_name(cell: Cell) -> str:
    """Return the name of a column as one line."""
    return "" if cell is None else " ".join(str(cell).replace("\ufeff", "").split())


def column_letter(place: int) -> str:
    """Return the letters a spreadsheet shows above the column at `place`, counted from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def find_header(rows: Iterator[tuple[int, list[Cell]]], *, may_have_title: bool = True) -> Header:
    """Return the first row of names, passing over blank rows and titles of one cell above the table.

    :raises FileProblem: empty_file, title_above_header, header_too_short or no_header
    """
    first: tuple[int, list[str]] | None = None
    filled_rows = 0
    for number, row in rows:
        names = [column_name(cell) for cell in row]
        filled = sum(1 for name in names if name)
        if not filled:
            continue
        filled_rows += 1
        if first is not None and filled == 2:
            # A title, or one name above two values: only a person can tell.
            raise FileProblem("title_above_header", row=first[0])
        if first is None or filled >= 3:
            first = (number, names)
        if filled > 1 or filled_rows > _TITLE_ROWS or not may_have_title:
            break
    if first is None:
        raise FileProblem("empty_file")
    names = first[1]
    while not names[-1]:
        names.pop()
    _check_names(names, first[0])
    _check_width(Header(first[0], names), rows)
    return Header(first[0], names)


def _check_width(header: Header, rows: Iterator[tuple[int, list[Cell]]]) -> None:
    """Refuse a header above rows that are all wider: a note stands above it, or columns lack their names."""
    width = len(header.columns)
    below = islice((row for _, row in rows if not all(is_blank(cell) for cell in row)), 2)
    widths = [max(place for place, cell in enumerate(row, start=1) if not is_blank(cell)) for row in below]
    if len(widths) == 2 and min(widths) > width:
        raise FileProblem("header_too_short", row=header.row, names=width, cells=min(widths))


def _check_names(names: list[str], row: int) -> None:
    if len(names) > MAX_COLUMNS:
        raise FileProblem("too_many_columns", columns=len(names), limit=MAX_COLUMNS)
    filled = [name for name in names if name]
    if any(shape.fullmatch(name) for name in filled for shape in _VALUE_SHAPES) or all(
        _NUMBER.fullmatch(name) for name in filled
    ):
        raise FileProblem("no_header", row=row)
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        if not name:
            raise FileProblem("blank_column_name", row=row, column=column_letter(place))
        earlier = seen.setdefault(fold(name), place)
        if earlier != place:
            raise FileProblem(
                "doubled_column_name",
                name=name[:100],
                columns=[column_letter(earlier), column_letter(place)],
            )
