"""From the rows of a SELECT to Parquet files, in memory that does not grow with the table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from hearth.postponed import Postponed

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq
else:
    pa = Postponed("pyarrow")
    pc = Postponed("pyarrow.compute")
    pa_csv = Postponed("pyarrow.csv")
    pq = Postponed("pyarrow.parquet")

BLOCK_BYTES = 8 * 1024 * 1024
ROW_GROUP = 128 * 1024
ROWS_IN_MEMORY = 1024 * 1024
_DECIMAL = re.compile(r"decimal\((\d+), (\d+)\)")


def arrow_schema(columns: Mapping[str, str]) -> pa.Schema:
    """Turn columns by Ibis type into Arrow's, as Ibis does; a snapshot needs nothing else of it.

    :raises ValueError: for a type that Arrow does not know by this name
    """
    return pa.schema([(name, _arrow_type(kind)) for name, kind in columns.items()])


def _arrow_type(kind: str) -> pa.DataType:
    if decimal := _DECIMAL.fullmatch(kind):
        return pa.decimal128(int(decimal[1]), int(decimal[2]))
    if kind == "timestamp('UTC')":
        return pa.timestamp("us", "UTC")
    return pa.date32() if kind == "date" else pa.type_for_alias(kind)


def read_rows(cursor: psycopg.Cursor[Any], sql: str, columns: Mapping[str, str]) -> Iterator[pa.Table]:
    """Yield the rows of a SELECT in blocks of about 8 MB; the names come from `columns`, in order.

    PostgreSQL writes a missing value as nothing and an empty text as two quotes, and so they stay apart.
    """
    schema = arrow_schema(columns)
    with cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)".encode()) as copy:
        buffer = bytearray()
        for row in copy:
            buffer += row
            if len(buffer) >= BLOCK_BYTES:
                yield _parse(buffer, schema)
                buffer = bytearray()
        if buffer:
            yield _parse(buffer, schema)


def _parse(block: bytearray, schema: pa.Schema) -> pa.Table:
    table = pa_csv.read_csv(
        BytesIO(block),
        read_options=pa_csv.ReadOptions(column_names=schema.names, block_size=len(block) + 1),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=pa_csv.ConvertOptions(
            column_types=schema,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )
    return table.cast(schema)


class ParquetFile:
    """A Parquet file being written under a name of its own, renamed when it is whole."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.rows = 0
        self._draft = path.with_suffix(".tmp")
        self._writer = pq.ParquetWriter(self._draft, schema, compression="zstd")
        self._waiting: list[pa.Table] = []
        self.waiting_rows = 0

    def add(self, table: pa.Table) -> None:
        self._waiting.append(table)
        self.waiting_rows += table.num_rows
        if self.waiting_rows >= ROW_GROUP:
            self.flush()

    def flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting), row_group_size=ROW_GROUP)
        self.rows += self.waiting_rows
        self._waiting, self.waiting_rows = [], 0

    def finish(self) -> None:
        self.flush()
        self._writer.close()
        self._draft.replace(self.path)


def write_whole(blocks: Iterable[pa.Table], path: Path, schema: pa.Schema) -> int:
    """Write all rows to one file and return how many there were."""
    file = ParquetFile(path, schema)
    for block in blocks:
        file.add(block)
    file.finish()
    return file.rows


def write_months(
    blocks: Iterable[pa.Table], folder: Path, name: str, schema: pa.Schema, month_column: str
) -> dict[Path, int]:
    """Write rows to `month=YYYY-MM/<name>` by the month (UTC) of a column; return rows by file.

    Months may come in any order: what waits to be written stays below a million rows together.
    """
    files: dict[str, ParquetFile] = {}
    for block in blocks:
        for month, rows in _by_month(block, month_column):
            if month not in files:
                files[month] = ParquetFile(folder / f"month={month}" / name, schema)
            files[month].add(rows)
        if sum(file.waiting_rows for file in files.values()) > ROWS_IN_MEMORY:
            for file in files.values():
                file.flush()
    for file in files.values():
        file.finish()
    return {file.path: file.rows for file in files.values()}


def _by_month(block: pa.Table, month_column: str) -> Iterator[tuple[str, pa.Table]]:
    """Part rows by month. Only Arrow's own values are compared: a Python one would load Pandas."""
    months = pc.floor_temporal(block[month_column], unit="month")
    for month in pc.unique(months):
        rows = block.filter(pc.equal(months, month) if month.is_valid else pc.is_null(months))
        yield (month.cast(pa.string()).as_py()[:7] if month.is_valid else "unknown"), rows
