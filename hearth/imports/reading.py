"""The rows of a file as loaders get them, with what is wrong with their cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hearth.imports.cells import full_code, read_cell, reader_of, shown
from hearth.imports.kinds import ImportField, ImportKind, Problem, Row
from hearth.imports.mapping import BadMapping, Source
from hearth.lib.errors import Refusal
from hearth.lib.parse import Cell, is_blank
from hearth.lib.tabular import RowProblem, Table

BATCH = 2_000
MAX_REMEMBERED = 5_000
# The file says so of itself, and nothing of a person's is lost: these keep nothing out.
DOUBTS = frozenset({"repeated_header", "total_row", "merged_cells"})


@dataclass(frozen=True)
class Issue:
    """Something wrong with a row, ready to be stored; `column` is its name in the file."""

    row: int
    column: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    is_warning: bool = False


@dataclass
class Batch:
    """Some rows of the file: those whose cells could be read, and the issues of the rest.

    `cells` holds every row as it stands in the file, `passed_over` those that are no rows of the table at all.
    """

    rows: list[Row] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    cells: dict[int, Sequence[Cell]] = field(default_factory=dict)
    passed_over: list[int] = field(default_factory=list)


class _Column:
    """A column that fills a field. The same words come again and again, so what they mean is remembered."""

    __slots__ = ("field", "place", "read", "remembered")

    def __init__(self, field: ImportField, place: int) -> None:
        self.field, self.place, self.read = field, place, reader_of(field)
        self.remembered: dict[str, Any] | None = {"": None}

    def value(self, cell: Cell) -> Any:
        """Read a cell; None for a blank one.

        :raises Refusal: if it cannot be read as the field
        """
        remembered = self.remembered
        if remembered is None or not isinstance(cell, str):
            return None if is_blank(cell) else self.read(cell)
        if cell in remembered:
            return remembered[cell]
        value = None if is_blank(cell) else self.read(cell)
        if len(remembered) < MAX_REMEMBERED:
            remembered[cell] = value
        else:
            # Nearly every row says something else: a key, a phone. Remembering costs more than it saves.
            self.remembered = None
        return value


class RowReader:
    """Reads the rows of an open table by a mapping; a second pass starts anew."""

    def __init__(self, table: Table, kind: ImportKind, sources: Mapping[str, Source]) -> None:
        """Look up the columns and read the constants.

        :raises BadMapping: if a constant cannot be read as its field
        """
        self.table = table
        self._fields = {field.name: field for field in kind.fields}
        self._constants: dict[str, Any] = {}
        self._columns: list[_Column] = []
        self._row_numbers: list[tuple[ImportField, str]] = []
        places = {name: place for place, name in enumerate(table.columns)}
        for each in kind.fields:
            source = sources.get(each.name)
            if source is None:
                self._constants[each.name] = None
            elif source.kind == "column":
                self._columns.append(_Column(each, places[source.value]))
            elif source.kind == "row_number":
                self._row_numbers.append((each, source.value))
            else:
                self._constants[each.name] = _read_constant(each, source.value)
        self._column_of = {each.field.name: table.columns[each.place] for each in self._columns}

    def batches(self) -> Iterator[Batch]:
        """Yield all rows in order, up to 2,000 at a time."""
        batch, reported = Batch(), 0
        for number, cells in self.table.rows():
            batch.cells[number] = cells
            self._read(number, cells, batch)
            if len(batch.cells) >= BATCH:
                reported = self._add_row_problems(batch, reported)
                yield batch
                batch = Batch()
        self._add_row_problems(batch, reported)
        if batch.cells or batch.issues:
            yield batch

    def issues_of(self, problems: Sequence[Problem], batch: Batch) -> list[Issue]:
        """Turn what a loader found into issues that name the column and show the cell."""
        return [self._issue_of(problem, batch) for problem in problems]

    def _issue_of(self, problem: Problem, batch: Batch) -> Issue:
        column = self._column_of.get(problem.field_name, "")
        params = plain_params(problem.params)
        if column:
            cell = batch.cells[problem.row][self.table.columns.index(column)]
            params.setdefault("value", shown(cell, self._fields[problem.field_name].kind))
        if not column and problem.field_name in self._fields:
            column = str(self._fields[problem.field_name].label)
        return Issue(problem.row, column, problem.code, params, problem.is_warning)

    def _read(self, number: int, cells: Sequence[Cell], batch: Batch) -> None:
        values = dict(self._constants)
        found: list[Issue] = []
        for column in self._columns:
            each, cell = column.field, cells[column.place]
            try:
                value = values[each.name] = column.value(cell)
            except Refusal as error:
                params = plain_params(error.params)
                params.setdefault("value", shown(cell, each.kind))
                found.append(Issue(number, self.table.columns[column.place], full_code(error), params))
                continue
            if value is None and each.is_required:
                found.append(Issue(number, self.table.columns[column.place], "cell.empty"))
        for each, prefix in self._row_numbers:
            values[each.name] = _read_constant(each, f"{prefix}{number}")
        batch.issues.extend(found)
        if not found:
            batch.rows.append(Row(number, values))

    def _add_row_problems(self, batch: Batch, reported: int) -> int:
        """Take over the rows that the table left out since the last batch."""
        for problem in self.table.problems[reported:]:
            batch.issues.append(_row_issue(problem))
            if problem.code != "merged_cells":
                batch.passed_over.append(problem.row)
        return len(self.table.problems)


def _row_issue(problem: RowProblem) -> Issue:
    return Issue(
        problem.row,
        "",
        f"row.{problem.code}",
        plain_params(problem.params),
        is_warning=problem.code in DOUBTS,
    )


def _read_constant(each: ImportField, text: str) -> Any:
    if is_blank(text):
        return None
    try:
        return read_cell(text, each)
    except Refusal as error:
        raise BadMapping(str(each.label), text) from error


def plain_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as JSON can hold them."""
    return {name: _plain(value) for name, value in params.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if isinstance(value, bool | int | float | str | None) else str(value)
