import gzip
import hashlib
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from hearth.lib.tabular import FileProblem, Table, open_table

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


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("codec", "encoding"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_delimiter_and_encoding_are_found(tmp_path: Path, delimiter: str, codec: str, encoding: str) -> None:
    text = '姓名,电话,备注\r\n张三,13800138000,𠮷\r\n李四,,"一\n二"\r\n'.replace(",", delimiter)

    table = read(make_file(tmp_path, text.encode(codec)))

    assert (table.columns, table.encoding) == (["姓名", "电话", "备注"], encoding)
    assert list(table.rows()) == [(2, ["张三", "13800138000", "𠮷"]), (3, ["李四", "", "一\n二"])]
    assert table.problems == []
    assert table.estimated_rows == 2


def test_a_table_carries_the_checksum_of_the_file_as_it_came(tmp_path: Path) -> None:
    packed = gzip.compress("姓名,电话\n张三,1\n".encode())

    with read(make_file(tmp_path, packed, name="customers.csv.gz")) as table:
        rows = list(table.rows())
        unpacked = table.temporary

    assert table.sha256 == hashlib.sha256(packed).hexdigest()
    assert rows == [(2, ["张三", "1"])]
    assert unpacked is not None
    assert not unpacked.exists()


def test_a_file_may_have_a_single_column(tmp_path: Path) -> None:
    table = read(make_file(tmp_path, "备注\n你好，世界\n再见\n"))

    assert (table.columns, list(table.rows())) == (["备注"], [(2, ["你好，世界"]), (3, ["再见"])])


def test_a_single_column_with_commas_in_later_rows_keeps_its_header(tmp_path: Path) -> None:
    table = read(make_file(tmp_path, "note\nhello\none, two, three\nbye\nnone\n"))

    assert table.columns == ["note"]
    assert problems_of(table) == [(3, "row_too_long")]


def test_the_delimiter_may_be_named_in_the_first_line(tmp_path: Path) -> None:
    table = read(make_file(tmp_path, "sep=;\na,b;c\n1,5;2\n"))

    assert (table.columns, list(table.rows())) == (["a,b", "c"], [(2, ["1,5", "2"])])


def test_a_title_and_blank_lines_above_the_header_are_passed_over(tmp_path: Path) -> None:
    table = read(make_file(tmp_path, "客户名单,,\n\n姓名,电话,备注\n张三,1,2\n"))

    assert (table.header_row, list(table.rows())) == (3, [(4, ["张三", "1", "2"])])


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    table = read(make_file(tmp_path, 'a,b\n"1\n1",2\n\n3,4\n'))

    assert [number for number, _ in table.rows()] == [2, 4]


def test_rows_that_do_not_fit_are_collected_and_the_others_read(tmp_path: Path) -> None:
    table = read(make_file(tmp_path, "a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\na,b,c\n,,\n7,8,9\n"))

    assert [number for number, _ in table.rows()] == [2, 5, 8]
    assert problems_of(table) == [(3, "row_too_short"), (4, "row_too_long"), (6, "repeated_header")]
    assert table.problem_count == 3
    assert table.problems[0].params == {"cells": 2, "expected": 3}


def test_a_table_may_be_read_twice(tmp_path: Path) -> None:
    table = read(make_file(tmp_path, "a,b\n1,2\n1\n"))

    assert list(table.rows()) == list(table.rows())
    assert table.problem_count == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"\n\n ,\n", "empty_file"),
        ("姓名,电话\n", "header_only"),
        ("姓名,电话\n,\n\n", "header_only"),
        ("张三,13800138000\n李四,13900139000\n", "no_header"),
        ("1,2,3\n4,5,6\n", "no_header"),
        ("张三,2024-03-05\n李四,2024-03-06\n", "no_header"),
        ("a@b.com,x\nc@d.com,y\n", "no_header"),
        ("姓名,,电话\n1,2,3\n", "blank_column_name"),
        ("姓名,电话,姓名\n1,2,3\n", "doubled_column_name"),
        ("Name,Ｎame\n1,2\n", "doubled_column_name"),
        (",".join(f"c{number}" for number in range(1_001)) + "\n1\n", "too_many_columns"),
        ('a,b\n"1,2\n3,4\n', "open_quote"),
        ('a,b\n1,"2\n' + "3,4\n" * 40_000, "open_quote"),
        ('a,b\n"1"x,2\n', "stray_quote"),
        ("a,b\n" + "x" * 100_001 + ",2\n", "cell_too_long"),
        (b"a,b\n1,\x00\n", "zero_bytes"),
        (b"%PDF-1.7\n...", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n", "not_a_table"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "legacy_xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"),
            "encrypted_workbook",
        ),
        (b'[{"a": 1}]', "not_a_table"),
        ("客户名单\n姓名,电话\n张三,1\n李四,2\n", "title_above_header"),
        (b"PK\x03\x04 broken", "damaged_file"),
        (b"PAR1 broken", "damaged_file"),
        (b"\x1f\x8b broken", "damaged_file"),
        (gzip.compress(b"", mtime=0), "empty_file"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0)[:-4], "damaged_file"),
        (gzip.compress(b"\0" * (80 << 20), mtime=0), "expands_too_far"),
        ("姓名\n张三李四王五\n".encode() + "赵六钱七\n".encode("gb18030"), "mixed_encodings"),
        ("姓名\n张三\n赵六\n".encode("gb18030") + "钱七孙八李九\n".encode(), "mixed_encodings"),
        ("\ufeff姓名\n张三\n".encode() + "赵六\n".encode("gb18030"), "mixed_encodings"),
        (b"name,b\ncaf\xe9,\xff\xff\n", "unknown_encoding"),
        ("姓名,b\n张三,1\n".encode("utf-16")[:-1], "wrong_encoding"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_before_its_first_row(
    tmp_path: Path, content: bytes | str, code: str
) -> None:
    assert refusal_of(make_file(tmp_path, content)).code == code


@pytest.mark.parametrize(
    ("codec", "override", "code"),
    [
        ("gb18030", "utf-8", "wrong_encoding"),
        ("utf-8", "gbk", "wrong_encoding"),
        ("utf-8", "utf-16", "wrong_encoding"),
        ("utf-16", "utf-8", "wrong_encoding"),
        ("utf-8-sig", "gb18030", "wrong_encoding"),
        ("utf-8", "latin-1", "unknown_encoding_name"),
    ],
)
def test_an_encoding_that_is_not_the_files_is_refused(
    tmp_path: Path, codec: str, override: str, code: str
) -> None:
    path = make_file(tmp_path, "姓名,地址\n张三,北京市朝阳区建国路\n".encode(codec))

    assert refusal_of(path, encoding=override).code == code


def test_an_encoding_may_be_given(tmp_path: Path) -> None:
    table = read(make_file(tmp_path, "姓名,b\n张三,1\n".encode("gb18030")), encoding="GBK")

    assert (table.encoding, table.columns) == ("gb18030", ["姓名", "b"])


def test_the_line_of_another_encoding_is_named(tmp_path: Path) -> None:
    content = "姓名\n张三李四王五\n".encode() + "赵六钱七\n".encode("gb18030") + "孙八李九周十\n".encode()

    assert refusal_of(make_file(tmp_path, content)).params == {"line": 3}


def test_the_row_of_an_open_quote_is_named(tmp_path: Path) -> None:
    assert refusal_of(make_file(tmp_path, 'a,b\n1,2\n"3,4\n5,6\n')).params == {"row": 3}


def test_the_columns_of_a_doubled_name_are_named(tmp_path: Path) -> None:
    assert refusal_of(make_file(tmp_path, "a,b,a\n1,2,3\n")).params == {"name": "a", "columns": ["A", "C"]}


def test_a_workbook_gives_typed_cells(tmp_path: Path) -> None:
    path = tmp_path / "customers.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("客户")
        day, moment = (
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        )
        page.write_row(0, 0, ["姓名", "手机", "生日", "来访", "金额", "会员", "公式", "证件"])
        page.write_row(1, 0, ["张三", 13800138000])
        page.write_datetime(1, 2, date(2024, 3, 5), day)
        page.write_datetime(1, 3, datetime(2024, 3, 5, 10, 20), moment)  # noqa: DTZ001 - cells have no zone
        page.write_row(1, 4, [0.5, True])
        page.write_formula(1, 6, "=NA()", None, "#N/A")
        page.write_number(1, 7, 1.1010119900307e17)

    table = read(path)

    assert (table.sheet, table.encoding, table.estimated_rows) == ("客户", None, 1)
    assert list(table.rows()) == [
        (
            2,
            [
                "张三",
                13800138000,
                date(2024, 3, 5),
                datetime(2024, 3, 5, 10, 20),  # noqa: DTZ001 - cells have no zone
                0.5,
                True,
                "#N/A",
                1.1010119900307e17,
            ],
        )
    ]
    assert isinstance(next(table.rows())[1][1], int)
