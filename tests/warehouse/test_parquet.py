"""From PostgreSQL's rows to files."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection

from hearth.core.extracts import extracts
from hearth.warehouse import parquet
from hearth.warehouse.parquet import arrow_schema, read_rows, write_months, write_whole

COLUMNS = {
    "name": "string",
    "n": "int64",
    "amount": "decimal(16, 2)",
    "day": "date",
    "at": "timestamp('UTC')",
    "is_new": "boolean",
}
MOMENT = datetime(2026, 3, 1, 0, 30, 0, 123456, tzinfo=UTC)


def read_all(sql: str, columns: dict[str, str]) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        rows: list[dict[str, object]] = pa.concat_tables(read_rows(cursor.cursor, sql, columns)).to_pylist()
    return rows


@pytest.mark.django_db
def test_every_type_arrives_as_it_left() -> None:
    sql = (
        "SELECT 'a'::text, 7::bigint, 12.50::numeric, '2026-03-01'::date,"
        " '2026-03-01 08:30:00.123456+08'::timestamptz, true"
    )

    rows = read_all(sql, COLUMNS)

    assert rows == [
        {
            "name": "a",
            "n": 7,
            "amount": Decimal("12.50"),
            "day": date(2026, 3, 1),
            "at": MOMENT,
            "is_new": True,
        }
    ]


@pytest.mark.django_db
def test_a_missing_value_and_an_empty_text_stay_apart() -> None:
    sql = "SELECT * FROM (VALUES (NULL::text), (''), ('NULL'), ('\"a\",' || chr(10) || '客户')) t"

    rows = read_all(sql, {"name": "string"})

    assert [row["name"] for row in rows] == [None, "", "NULL", '"a",\n客户']


@pytest.mark.django_db
def test_a_row_of_missing_values_only_is_a_row() -> None:
    rows = read_all("SELECT NULL::text FROM generate_series(1, 3)", {"name": "string"})

    assert rows == [{"name": None}] * 3


@pytest.mark.django_db
def test_large_tables_come_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "BLOCK_BYTES", 1_000)

    with connection.cursor() as cursor:
        blocks = list(read_rows(cursor.cursor, "SELECT generate_series(1, 1000)", {"n": "int64"}))

    assert len(blocks) > 3
    assert [value for block in blocks for value in block["n"].to_pylist()] == list(range(1, 1001))


def test_a_table_without_rows_is_a_file_with_columns(tmp_path: Path) -> None:
    rows = write_whole([], tmp_path / "t" / "a.parquet", arrow_schema(COLUMNS))

    assert rows == 0
    assert pq.read_table(tmp_path / "t" / "a.parquet").column_names == list(COLUMNS)


def test_months_are_split_by_utc_in_any_order(tmp_path: Path) -> None:
    schema = arrow_schema({"n": "int64", "at": "timestamp('UTC')"})
    moments = [MOMENT, datetime(2026, 2, 28, 23, tzinfo=UTC), None, datetime(2026, 3, 31, 23, 59, tzinfo=UTC)]
    block = pa.table({"n": [1, 2, 3, 4], "at": moments}, schema)

    written = write_months([block], tmp_path, "a.parquet", schema, "at")

    assert {path.relative_to(tmp_path).as_posix(): rows for path, rows in written.items()} == {
        "month=2026-03/a.parquet": 2,
        "month=2026-02/a.parquet": 1,
        "month=unknown/a.parquet": 1,
    }
    assert pq.read_table(tmp_path / "month=2026-03/a.parquet", partitioning=None)["n"].to_pylist() == [1, 4]


def test_what_waits_to_be_written_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS_IN_MEMORY", 2)
    schema = arrow_schema({"at": "timestamp('UTC')"})
    blocks = [pa.table({"at": [datetime(2026, month, 1, tzinfo=UTC)] * 2}, schema) for month in (1, 2, 1, 2)]

    written = write_months(blocks, tmp_path, "a.parquet", schema, "at")

    assert sorted(written.values()) == [4, 4]
    assert pq.ParquetFile(tmp_path / "month=2026-01/a.parquet").num_row_groups == 2


def test_the_columns_of_every_extract_are_arrows_as_ibis_would_make_them() -> None:
    for extract in extracts.values():
        made = arrow_schema(extract.columns)

        assert made == ibis.schema(dict(extract.columns)).to_pyarrow(), extract.name
