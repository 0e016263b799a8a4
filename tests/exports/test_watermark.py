"""Every file says whose it is, in words and hidden; a fragment leads back to its export."""

import random
import zipfile
from pathlib import Path

import pytest

from hearth.exports.commands import trace
from hearth.exports.files import path_of
from hearth.exports.models import Export
from hearth.exports.watermark import trace_file
from hearth.exports.wording import download_name
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.exports.builders import REASON, make_export, make_exporter, read_back, write

pytestmark = pytest.mark.django_db
ROWS = 60
HIDDEN = ("csv", "csv_gb18030", "ndjson", "xlsx")


def make_file(company: OrgUnit, table_format: str) -> Export:
    return write(make_export(make_exporter(company), "name", "phone", table_format=table_format))


def make_customers(company: OrgUnit, rows: int = ROWS) -> None:
    for number in range(rows):
        make_customer(company, name=f"客户 {number}", phone=f"138{number:08}")


@pytest.mark.parametrize("table_format", [*HIDDEN, "parquet"])
def test_each_row_says_who_took_it_when_and_why(company: OrgUnit, table_format: str) -> None:
    make_customers(company, 1)

    export = make_file(company, table_format)

    said = read_back(path_of(export), export.name)[1][0][-1]
    assert said == f"{export.created_by} · 2026-03-18 14:30 · {REASON} · {export.code}"
    assert export.code in download_name(export)


@pytest.mark.parametrize("table_format", HIDDEN)
def test_the_hidden_mark_tells_the_export_among_others(company: OrgUnit, table_format: str) -> None:
    make_customers(company)
    files = [make_file(company, table_format) for _each in range(3)]

    for export in files:
        found = trace_file(path_of(export))
        assert [each.export.pk for each in found] == [export.pk]


def test_lines_shuffled_cut_and_without_the_visible_column_are_enough(
    company: OrgUnit, tmp_path: Path
) -> None:
    make_customers(company)
    export = make_file(company, "csv")
    lines = path_of(export).read_text(encoding="utf-8-sig").splitlines()[1:]
    chosen = random.Random(7).sample(lines, 40)
    leaked = tmp_path / "leaked.csv"
    leaked.write_text("\n".join(line.rsplit(",", 1)[0] for line in chosen), encoding="utf-8")

    assert [each.export.pk for each in trace_file(leaked)] == [export.pk]


def test_values_are_the_same_with_and_without_the_mark(company: OrgUnit) -> None:
    make_customers(company)

    rows = read_back(path_of(make_file(company, "csv")), "x")[1]

    assert {row[0] for row in rows} == {f"客户 {number}" for number in range(ROWS)}


def test_a_strange_file_and_too_few_rows_lead_nowhere(company: OrgUnit, tmp_path: Path) -> None:
    make_customers(company)
    export = make_file(company, "csv")
    few, strange = tmp_path / "few.csv", tmp_path / "strange.csv"
    few.write_text("\n".join(path_of(export).read_text("utf-8-sig").splitlines()[1:6]), encoding="utf-8")
    strange.write_text("\n".join(f"客户 {number},x" for number in range(ROWS)), encoding="utf-8")
    said: list[object] = []

    assert trace_file(few) == []
    assert trace_file(strange) == []
    assert trace(strange, echo=said.append) == 1
    assert trace(tmp_path / "none.csv", echo=said.append) == 2
    assert trace(path_of(export), echo=said.append) == 0
    assert export.code in str(said[-1])


def test_a_shade_that_tells_rows_apart_is_black_to_the_eye(company: OrgUnit) -> None:
    make_customers(company)

    with zipfile.ZipFile(path_of(make_file(company, "xlsx"))) as book:
        assert b"FF010101" in book.read("xl/styles.xml")
