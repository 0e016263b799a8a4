"""Files with typed columns: what is written is read back by the reader of imports with the same values."""

import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearth.lib import typed_tables
from hearth.lib.parse.cells import Cell
from hearth.lib.tabular import open_table
from hearth.lib.tabular_write import may_start_formula
from hearth.lib.typed_tables import CUT, CellType, TableFormat, TypedColumn, open_writer

SHANGHAI = ZoneInfo("Asia/Shanghai")
COLUMNS = (
    TypedColumn("key", "编号", CellType.TEXT),
    TypedColumn("name", "姓名", CellType.TEXT),
    TypedColumn("area", "面积", CellType.NUMBER),
    TypedColumn("total", "总价", CellType.AMOUNT),
    TypedColumn("signed", "签约", CellType.DAY),
    TypedColumn("changed", "更新", CellType.INSTANT),
)
Row = Sequence[Cell]
# What no column of the database can hold, and the white space that the reader takes off the ends of cells.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)
ROWS = st.lists(
    st.tuples(
        TEXTS,
        st.none() | st.integers(-(10**9), 10**9) | st.decimals(-9_999, 9_999, places=4),
        st.none() | st.decimals(-(10**9), 10**9, places=2),
        st.none() | st.dates(date(1901, 1, 1), date(2199, 12, 31)),
        st.none()
        # Clocks of Shanghai were put back now and then until 1991.
        | st.integers(700_000_000, 7_000_000_000).map(
            lambda seconds: datetime.fromtimestamp(seconds, tz=UTC)
        ),
    ),
    min_size=1,
    max_size=8,
)


def write_file(
    folder: Path, table_format: str, columns: Sequence[TypedColumn], rows: Sequence[Row], *, at_once: int = 3
) -> Path:
    path = folder / f"file.{table_format}"
    with open_writer(path, table_format, columns, zone=SHANGHAI) as writer:
        for start in range(0, len(rows), at_once):
            portion = rows[start : start + at_once]
            writer.write([list(cells) for cells in zip(*portion, strict=True)])
    return path


def read_file(path: Path) -> tuple[list[str], list[list[Cell]]]:
    with open_table(path, name=path.name) as table:
        return list(table.columns), [row for _number, row in table.rows()]


def as_read(cell: Cell, kind: CellType, table_format: str) -> Cell:
    """Bring a cell that was read to what was written: CSV knows texts alone, NDJSON no days, XLSX no decimals."""
    if cell is None or cell == "":
        return None
    text = str(cell)
    if kind == CellType.TEXT:
        is_quoted = table_format.startswith("csv") and text.startswith("'") and may_start_formula(text[1:])
        return text[1:] if is_quoted else text
    if kind in (CellType.NUMBER, CellType.AMOUNT):
        return Decimal(repr(cell)) if isinstance(cell, float) else Decimal(text)
    if kind == CellType.DAY:
        return date.fromisoformat(text)
    instant = cell if isinstance(cell, datetime) else datetime.fromisoformat(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def as_written(row: Row) -> list[Cell]:
    return [None if cell in (None, "") else Decimal(cell) if isinstance(cell, int) else cell for cell in row]


@pytest.mark.parametrize("table_format", list(TableFormat))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_every_value_comes_back_as_it_was_written(
    tmp_path: Path, table_format: TableFormat, rows: list[Row]
) -> None:
    numbered = [(f"K{number}", *row) for number, row in enumerate(rows)]

    _columns, found = read_file(write_file(tmp_path, table_format, COLUMNS, numbered))

    kinds = [column.type for column in COLUMNS]
    read = [
        [as_read(cell, kind, table_format) for cell, kind in zip(row, kinds, strict=True)] for row in found
    ]
    assert read == [as_written(row) for row in numbered]


@pytest.mark.parametrize("table_format", list(TableFormat))
def test_people_read_labels_and_programs_keys(tmp_path: Path, table_format: TableFormat) -> None:
    columns, _rows = read_file(write_file(tmp_path, table_format, COLUMNS[:2], [("K1", "王伟")]))

    is_for_programs = table_format in (TableFormat.NDJSON, TableFormat.PARQUET)
    assert columns == (["key", "name"] if is_for_programs else ["编号", "姓名"])


FORMULAS = [
    ("=1+1", True),
    ('=HYPERLINK("http://x","y")', True),
    ("+cmd|' /C calc'!A0", True),
    ("-2+3", True),
    ("@SUM(1)", True),
    ("\tx", True),
    ("\r=1", True),
    ("＝1+1", True),
    (" =1+1", True),
    ("+86 138-0013-8000", True),
    ("+8613800138000", False),
    ("13800138000", False),
    ("-5", False),
    ("+12.5%", False),
    ("440301199001011234", False),
    ("王伟", False),
    ("3-1-501", False),
]


@pytest.mark.parametrize(("text", "is_escaped"), FORMULAS)
def test_a_csv_quotes_what_a_spreadsheet_would_run_and_nothing_else(
    tmp_path: Path, text: str, is_escaped: bool
) -> None:
    path = write_file(tmp_path, "csv", COLUMNS[:2], [("K1", text)])

    line = path.read_bytes().decode("utf-8-sig").split("\r\n", 1)[1]
    assert line.startswith("K1,'") == is_escaped or line.startswith("K1,\"'") == is_escaped


@pytest.mark.parametrize(("text", "is_escaped"), FORMULAS)
def test_a_workbook_holds_texts_that_are_never_run(tmp_path: Path, text: str, is_escaped: bool) -> None:
    path = write_file(tmp_path, "xlsx", COLUMNS[:2], [("K1", text)])

    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count('t="inlineStr"') == 4
    assert ("quotePrefix" in styles) == is_escaped


def test_long_numbers_stay_texts_in_a_workbook(tmp_path: Path) -> None:
    rows = [("440301199001011234", "13800001234", Decimal("12345678901234567890"), None, None, None)]

    _columns, found = read_file(write_file(tmp_path, "xlsx", COLUMNS, rows))

    assert found[0][:3] == ["440301199001011234", "13800001234", "12345678901234567890"]


def test_markup_of_the_library_is_a_text_like_any_other(tmp_path: Path) -> None:
    hostile = '<r></r></is></c><c r="B9"><f>1+1</f></c><c><is><r><t>x</t></r>'

    path = write_file(tmp_path, "xlsx", COLUMNS[:2], [("K1", hostile)])

    assert read_file(path)[1] == [["K1", f"{hostile} "]]


def test_what_a_workbook_cannot_hold_is_left_out_or_cut_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with open_writer(path, "xlsx", COLUMNS[:2], zone=SHANGHAI) as writer:
        writer.write([["K1", "K2", "K3"], ["a\x01b\x0bc", "字" * 40_000, "第一行\r\n第二行"]])

    _columns, found = read_file(path)
    assert [row[1] for row in found] == ["abc", "字" * 32_766 + CUT, "第一行\n第二行"]
    assert writer.cut_cells == 1


def test_rows_beyond_a_sheet_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed_tables, "MAX_SHEET_ROWS", 4)

    path = write_file(tmp_path, "xlsx", COLUMNS[:1], [(f"K{number}",) for number in range(7)])

    with open_table(path, name="x.xlsx") as table:
        assert table.sheets == ["Sheet1", "Sheet1 (2)", "Sheet1 (3)"]
    found = []
    for sheet in ("Sheet1", "Sheet1 (2)", "Sheet1 (3)"):
        with open_table(path, name="x.xlsx", sheet=sheet) as table:
            assert table.columns == ["编号"]
            found += [row[0] for _number, row in table.rows()]
    assert found == [f"K{number}" for number in range(7)]


def test_parquet_has_types_and_groups_of_bounded_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed_tables, "ROWS_OF_A_GROUP", 4)
    instant = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
    rows = [(f"K{number}", "", number, Decimal("1.005"), instant.date(), instant) for number in range(10)]

    path = write_file(tmp_path, "parquet", COLUMNS, rows, at_once=2)

    with pq.ParquetFile(path) as file:
        assert [str(field.type) for field in file.schema_arrow] == [
            "string",
            "string",
            "decimal128(38, 9)",
            "decimal128(18, 2)",
            "date32[day]",
            "timestamp[us, tz=UTC]",
        ]
        assert [file.metadata.row_group(each).num_rows for each in range(file.num_row_groups)] == [4, 4, 2]
    assert read_file(path)[1][0][3] == Decimal("1.01")


def test_labels_that_come_twice_are_numbered(tmp_path: Path) -> None:
    doubled = [COLUMNS[0], TypedColumn("other", "编号", CellType.TEXT)]

    assert read_file(write_file(tmp_path, "csv", doubled, [("K1", "K2")]))[0] == ["编号", "编号 (2)"]


@pytest.mark.parametrize("table_format", list(TableFormat))
def test_an_abandoned_file_leaves_nothing_beside_it(tmp_path: Path, table_format: TableFormat) -> None:
    path = tmp_path / "file"

    def write_half() -> None:
        with open_writer(path, table_format, COLUMNS[:1], zone=SHANGHAI) as writer:
            writer.write([["K1"]])
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        write_half()

    assert [found for found in tmp_path.iterdir() if found != path] == []


def test_instants_are_told_by_the_clock_of_the_place(tmp_path: Path) -> None:
    instant = datetime(2026, 3, 18, 6, 30, 15, 400, tzinfo=UTC) + timedelta(hours=12)
    columns = [COLUMNS[0], COLUMNS[5]]

    told = {
        table_format: read_file(write_file(tmp_path, table_format, columns, [("K1", instant)]))[1][0][1]
        for table_format in ("csv", "xlsx", "ndjson")
    }

    assert told["csv"] == "2026-03-19 02:30:15"
    assert told["xlsx"] == datetime(2026, 3, 19, 2, 30, 15)  # noqa: DTZ001  (a workbook knows no zone)
    assert told["ndjson"] == "2026-03-19T02:30:15.000400+08:00"
