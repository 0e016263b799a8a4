"""Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hearth.lib.parse.cells import Cell
from hearth.lib.tabular_model import MAX_CELL_LENGTH, FileProblem, Table, find_header
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq
else:
    pa = Postponed("pyarrow")
    pq = Postponed("pyarrow.parquet")

MAX_GROUP_BYTES = 2 << 30
_BATCH_ROWS = 4_096


class ParquetTable(Table):
    """A Parquet file; it has no header row, so its first row is number 1."""

    format = "parquet"

    def __init__(self, path: Path, *, name: str, sha256: str) -> None:
        """Read the footer only.

        :raises FileProblem: if it is damaged, too large for memory in one piece, or not flat
        """
        super().__init__()
        self.path, self.name, self.sha256 = path, name, sha256
        try:
            with pq.ParquetFile(path) as file:
                metadata, schema = file.metadata, file.schema_arrow
        except (pa.ArrowException, OSError) as error:
            raise FileProblem("damaged_file") from error
        for group in range(metadata.num_row_groups):
            if metadata.row_group(group).total_byte_size > MAX_GROUP_BYTES:
                raise FileProblem("expands_too_far", limit=MAX_GROUP_BYTES)
        for field in schema:
            if (
                pa.types.is_nested(field.type)
                or pa.types.is_binary(field.type)
                or pa.types.is_large_binary(field.type)
            ):
                raise FileProblem("unreadable_column", name=str(field.name)[:100], kind=str(field.type)[:100])
        self.header_row = 0
        self.columns = find_header(iter([(0, [str(column) for column in schema.names])])).columns
        self.estimated_rows = int(metadata.num_rows)
        if not self.estimated_rows:
            raise FileProblem("header_only")

    def _numbered_rows(self) -> Iterator[tuple[int, list[Cell]]]:
        number = 0
        try:
            with pq.ParquetFile(self.path) as file:
                for batch in file.iter_batches(batch_size=_BATCH_ROWS):
                    columns = [_cells(column) for column in batch.columns]
                    for row in zip(*columns, strict=True):
                        number += 1
                        _check_lengths(number, row)
                        yield number, list(row)
        except (pa.ArrowException, OSError) as error:
            raise FileProblem("damaged_file", row=number + 1) from error


def _cells(column: Any) -> list[Cell]:
    """Return the values as Python's own, instants with their zone."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type):
        # Python's datetime knows no nanoseconds.
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    if pa.types.is_duration(column.type):
        column = column.cast(pa.duration("us"), safe=False)
    values: list[Cell] = column.to_pylist()
    return values


def _check_lengths(number: int, row: tuple[Cell, ...]) -> None:
    for cell in row:
        if isinstance(cell, str) and len(cell) > MAX_CELL_LENGTH:
            raise FileProblem("cell_too_long", row=number, limit=MAX_CELL_LENGTH)
