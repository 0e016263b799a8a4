import io
import struct
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearth.lib.parse import Cell
from hearth.lib.tabular import FileProblem, RowProblem, Table, open_table
from hearth.lib.tabular_write import write_csv, write_xlsx

REAL = Path(__file__).parents[3] / "shared" / "data"


def make_file(folder: Path, content: bytes | str, *, name: str = "customers.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def make_workbook(folder: Path, *sheets: list[list[object]], name: str = "customers.xlsx") -> Path:
    path = folder / name
    with xlsxwriter.Workbook(str(path)) as book:
        for rows in sheets:
            page = book.add_worksheet()
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return path


def read(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> Table:
    return open_table(path, name=path.name, encoding=encoding, sheet=sheet)


def refusal_of(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> FileProblem:
    with pytest.raises(FileProblem) as refusal:
        read(path, encoding=encoding, sheet=sheet)
    return refusal.value


def problems_of(table: Table) -> list[tuple[int, str]]:
    list(table.rows())
    return [(problem.row, problem.code) for problem in table.problems]


def test_a_workbook_may_begin_below_and_right_of_its_corner(tmp_path: Path) -> None:
    table = read(
        make_workbook(tmp_path, [[], ["", "客户名单"], ["", "姓名", "电话", "备注"], ["", "张三", 1]])
    )

    assert (table.header_row, table.columns) == (3, ["姓名", "电话", "备注"])
    assert list(table.rows()) == [(4, ["张三", 1, None])]


def test_the_first_sheet_with_rows_is_read_and_another_may_be_chosen(tmp_path: Path) -> None:
    path = make_workbook(tmp_path, [], [["a", "b"], [1, 2]], [["c", "d"], [3, 4]])

    assert read(path).columns == ["a", "b"]
    assert read(path, sheet="Sheet3").columns == ["c", "d"]
    assert refusal_of(path, sheet="Sheet9").params == {
        "sheet": "Sheet9",
        "sheets": ["Sheet1", "Sheet2", "Sheet3"],
    }


def test_cells_that_are_only_coloured_do_not_make_a_sheet_large(tmp_path: Path) -> None:
    path = tmp_path / "coloured.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page, red = book.add_worksheet(), book.add_format({"bg_color": "red"})
        page.write_row(0, 0, ["a", "b"])
        page.write_row(1, 0, [1, 2])
        page.write_blank(1_048_575, 16_383, None, red)

    assert list(read(path).rows()) == [(2, [1, 2])]


def test_merged_cells_among_the_rows_are_told(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "b"])
        page.merge_range(1, 0, 2, 0, "x")
        page.write_column(1, 1, [1, 2])

    table = read(path)

    assert list(table.rows()) == [(2, ["x", 1]), (3, [None, 2])]
    assert [(problem.code, problem.params) for problem in table.problems] == [
        ("merged_cells", {"cells": "A2:A3"})
    ]


def test_a_merged_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.merge_range(0, 0, 1, 0, "a")
        page.merge_range(0, 1, 1, 1, "b")
        page.write_row(2, 0, [1, 2])

    assert refusal_of(path).code == "merged_header"


def test_a_workbook_without_rows_is_refused(tmp_path: Path) -> None:
    assert refusal_of(make_workbook(tmp_path, [])).code == "empty_file"
    assert refusal_of(make_workbook(tmp_path, [["a", "b"]])).code == "header_only"


def test_one_cell_at_the_far_corner_does_not_ask_for_gigabytes(tmp_path: Path) -> None:
    path = make_workbook(tmp_path, [["a", "b"], [1, 2]])
    far = tmp_path / "far.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(far, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            content = source.read(member)
            if member == "xl/worksheets/sheet1.xml":
                content = content.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            target.writestr(member, content)

    assert refusal_of(far).code == "sheet_too_large"


def test_an_archive_that_expands_too_far_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (64 << 20))

    assert refusal_of(path).code == "expands_too_far"


@pytest.mark.parametrize(
    ("member", "kind"),
    [("word/document.xml", "document"), ("xl/workbook.bin", "binary workbook"), ("a/", "archive")],
)
def test_an_archive_that_is_no_workbook_is_named(tmp_path: Path, member: str, kind: str) -> None:
    path = tmp_path / "other.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, b"x")

    assert refusal_of(path).params == {"kind": kind}


def test_a_parquet_file_gives_typed_cells(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    moment = datetime(2024, 3, 5, 2, 20, tzinfo=UTC)
    pq.write_table(
        pa.table({
            "姓名": pa.array(["张三", None]).dictionary_encode(),
            "金额": [Decimal("1.50"), None],
            "时间": pa.array([moment, None], pa.timestamp("ns", "UTC")),
            "数": [1, 2],
        }),
        path,
    )  # fmt: skip

    table = read(path)

    assert (table.columns, table.estimated_rows) == (["姓名", "金额", "时间", "数"], 2)
    assert list(table.rows()) == [(1, ["张三", Decimal("1.50"), moment, 1]), (2, [None, None, None, 2])]


def test_a_parquet_file_that_is_not_flat_is_refused(tmp_path: Path) -> None:
    nested, empty = tmp_path / "nested.parquet", tmp_path / "empty.parquet"
    pq.write_table(pa.table({"a": [[1, 2]]}), nested)
    pq.write_table(pa.table({"a": pa.array([], pa.int64())}), empty)

    assert refusal_of(nested).code == "unreadable_column"
    assert refusal_of(empty).code == "header_only"


def test_a_problem_of_a_row_survives_being_sent_to_another_process() -> None:
    import pickle  # noqa: PLC0415 - nowhere else

    problem = pickle.loads(pickle.dumps(RowProblem(3, "row_too_short", cells=2)))

    assert (problem.row, problem.code, problem.params) == (3, "row_too_short", {"cells": 2})


cell_texts = st.text(st.characters(codec="gb18030", exclude_categories=["Cs", "Cc"]), max_size=30)
tables = st.lists(st.lists(cell_texts, min_size=3, max_size=3), min_size=1, max_size=10)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=tables, codec=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_any_table_written_is_read_back(tmp_path: Path, rows: list[list[str]], codec: str) -> None:
    path = tmp_path / "round.csv"
    # The last column says which encoding it is: rows of a few odd characters may be either.
    rows = [[*row, "北京市朝阳区建国门外大街"] for row in rows]

    write_csv(path, ["甲", "乙", "丙", "丁"], rows, encoding=codec, escape_formulas=False)
    table = read(path, encoding=codec.removesuffix("-sig"))

    assert [row for _, row in table.rows()] == rows
    assert table.problems == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=tables)
def test_any_workbook_written_is_read_back(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "round.xlsx"
    rows = [["x", *row] for row in rows]

    write_xlsx(path, ["甲", "乙", "丙", "丁"], rows)
    found = [[cell or "" for cell in row] for _, row in read(path).rows()]

    assert found == [[cell.replace("\ufffe", "").replace("\uffff", "") for cell in row] for row in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=300)
    | st.text(max_size=200).map(str.encode)
    | st.text('a1,;"\n\t张', max_size=60).map(str.encode)
)
def test_any_file_is_a_table_or_a_refusal(tmp_path: Path, content: bytes) -> None:
    try:
        table = read(make_file(tmp_path, content))
    except FileProblem:
        return
    for _, row in table.rows():
        assert len(row) == len(table.columns)


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1+1", "-", "+张三"]
)
def test_a_text_that_a_spreadsheet_would_run_is_quoted(text: str) -> None:
    file = io.StringIO()

    write_csv(file, ["a"], [[text]])

    assert file.getvalue().split("\r\n", 1)[1].lstrip('"').startswith("'")


@pytest.mark.parametrize(
    "cell", ["-5", "-1,234.50", "+8613800138000", -5, Decimal("-0.50"), "张三", "a=b", "1-2", "-12%"]
)
def test_plain_numbers_and_texts_are_written_as_they_are(cell: Cell) -> None:
    file = io.StringIO()

    count = write_csv(file, ["a", "b"], [[cell, "x"]])

    assert file.getvalue().strip().split("\r\n")[1].replace('"', "") == f"{cell},x"
    assert count == 1


def test_a_written_file_opens_in_excel_as_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"

    write_csv(path, ["姓名"], [["张三"], [None], [True], [datetime(2024, 3, 5, 10, 20, tzinfo=UTC)]])

    assert path.read_bytes() == '\ufeff姓名\r\n张三\r\n""\r\nTRUE\r\n2024-03-05 10:20:00+00:00\r\n'.encode()


def test_a_written_workbook_keeps_long_numbers_and_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"

    write_xlsx(
        path,
        ["证件", "公式", "链接"],
        [["11010519491231002X", "=1+1", "http://a.cn"], [110105194912310021, "@x", "a\x07b"]],
    )

    assert [row for _, row in read(path).rows()] == [
        ["11010519491231002X", "=1+1", "http://a.cn"],
        ["110105194912310021", "@x", "ab"],
    ]


def test_a_cell_a_workbook_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem) as refusal:
        write_xlsx(tmp_path / "out.xlsx", ["a"], [["x" * 32_768]])

    assert (refusal.value.code, refusal.value.params) == ("cell_too_long", {"row": 2, "limit": 32_767})


def test_a_length_that_lies_in_the_archive_is_a_damaged_file(tmp_path: Path) -> None:
    path = make_workbook(tmp_path, [["a", "b"], [1, 2]])
    content = bytearray(path.read_bytes())
    place = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[place + 24 : place + 28] = struct.pack("<I", 5)

    assert refusal_of(make_file(tmp_path, bytes(content), name="lie.xlsx")).code == "damaged_file"


@pytest.mark.real
def test_real_listings_and_messages_open() -> None:
    homes, messages = (
        REAL / "beijing_homes" / "homes.csv",
        REAL / "citizen_messages" / "messages_with_replies.parquet",
    )
    if not homes.exists() or not messages.exists():
        pytest.skip("no real data beside the project")

    listings, letters = read(homes), read(messages)

    assert (listings.estimated_rows, sum(1 for _ in listings.rows())) == (34_020, 34_019)
    assert [problem.code for problem in listings.problems] == ["repeated_header"]
    assert letters.columns[:3] == ["留言编号", "留言用户", "留言主题"]
    assert sum(1 for _ in letters.rows()) == 2_816
