"""Objects of JSON, one a line, as a table."""

import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest

from hearth.lib.tabular import FileProblem, open_table


def write(folder: Path, *lines: str) -> Path:
    path = folder / "a.ndjson"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_columns_are_the_keys_of_all_objects_and_rows_bear_the_numbers_of_their_lines(
    tmp_path: Path,
) -> None:
    path = write(
        tmp_path, '{"姓名": "林晓", "手机": ["138", "139"]}', "", '{"年龄": 3, "姓名": null, "已婚": true}'
    )

    with open_table(path, name="a") as table:
        rows = list(table.rows())

    assert (table.format, table.encoding, table.columns) == (
        "ndjson",
        "utf-8",
        ["姓名", "手机", "年龄", "已婚"],
    )
    assert rows == [(1, ["林晓", "138, 139", None, None]), (3, [None, None, 3, True])]
    assert table.estimated_rows == 2


def test_numbers_keep_all_their_digits(tmp_path: Path) -> None:
    path = write(tmp_path, '{"证件": 110105194912310021, "金额": 0.1234567890123456789}')

    with open_table(path, name="a") as table:
        [(_row, cells)] = table.rows()

    assert cells == [110105194912310021, Decimal("0.1234567890123456789")]


def test_a_first_object_longer_than_what_is_looked_at_is_recognised(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps({"a": "x" * 9_000, "b": 1}))

    with open_table(path, name="a") as table:
        assert (table.format, table.columns) == ("ndjson", ["a", "b"])


def test_a_packed_file_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(gzip.compress(b'{"a": 1, "b": 2}\n'))

    with open_table(path, name="a.ndjson.gz") as table:
        unpacked, name = table.temporary, table.name

    assert name == "a.ndjson"
    assert unpacked
    assert not unpacked.exists()


def test_a_cell_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem) as refusal:
        open_table(write(tmp_path, json.dumps({"a": "x" * 100_001, "b": 1})), name="a")

    assert (refusal.value.code, refusal.value.params["row"]) == ("cell_too_long", 1)
