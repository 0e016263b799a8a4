"""What is wrong with the files people and attackers send: each gets an exact sentence, and nothing is written."""

import csv
import gzip
import json
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import translation

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.imports.errors import RowsHaveProblems
from hearth.imports.kinds import import_kinds
from hearth.imports.models import ImportJob
from hearth.imports.services import commit_file, receive_file, start_check, start_commit
from hearth.imports.wording import explain_file, explain_in_place
from hearth.lib.tabular_write import write_csv
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building, Project, Unit
from hearth.sales.models import Contract, Payment
from tests.customers.builders import make_customer
from tests.imports.bad_files import BAD_FILES, archive, book, keep, lines
from tests.imports.bad_rows import BAD_ROWS, CUSTOMER, CUSTOMERS
from tests.properties.builders import make_building, make_project, make_unit
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db
WRITTEN = (Customer, Unit, Project, Building, Contract, Payment, EventRecord)


@pytest.fixture
def town(company: OrgUnit) -> OrgUnit:
    """A company with two customers, three homes and a contract."""
    building = make_building(make_project(company, name="金色家园", code="JS"), name="2栋")
    homes = [make_unit(building, number=f"90{place}", external_key=f"H-{place}") for place in range(3)]
    buyer, _other = (
        make_customer(company, external_key=f"C-{place}", phone=f"1370000000{place}") for place in range(2)
    )
    make_contract(homes[0], buyer, number="HT-0")
    return company


def count_written() -> list[int]:
    return [model.objects.count() for model in WRITTEN]


def test_there_are_more_than_a_hundred_kinds_of_bad_input() -> None:
    assert len(BAD_FILES) + len(BAD_ROWS) >= 100


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_file_that_cannot_be_used_says_why_and_writes_nothing(
    case: str, tmp_path: Path, town: OrgUnit, actor: Actor, now: datetime
) -> None:
    bad, before = BAD_FILES[case], count_written()

    job = receive_file(
        bad.make(tmp_path), kind="customers", org_unit=town, actor=actor, now=now, encoding=bad.encoding
    )

    with translation.override("zh-hans"):
        words = explain_file(job.error_code, job.error_params)
    assert (job.state, words) == (ImportJob.State.FAILED, bad.zh)
    assert in_english(job.error_code, job.error_params) != words
    assert count_written() == before


def in_english(code: str, params: dict[str, object]) -> str:
    with translation.override("en"):
        return explain_file(code, params)


def check(case: str, folder: Path, place: OrgUnit, *, actor: Actor, now: datetime) -> ImportJob:
    """Receive and check the file of a case."""
    bad = BAD_ROWS[case]
    job = receive_file(bad.make(folder), kind=bad.kind, org_unit=place, actor=actor, now=now)
    job.options = dict.fromkeys(job.options, False)
    return start_check(job, actor=actor, now=now)


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_row_is_named_with_its_column_and_kept_out(
    case: str, tmp_path: Path, town: OrgUnit, actor: Actor, now: datetime
) -> None:
    kind, before = import_kinds[BAD_ROWS[case].kind], count_written()

    job = check(case, tmp_path, town, actor=actor, now=now)

    issues = list(job.issues.order_by("row", "id"))
    with translation.override("zh-hans"):
        words = tuple(explain_in_place(issue, kind) for issue in issues)
    with translation.override("en"):
        english = tuple(explain_in_place(issue, kind) for issue in issues)
    assert words == BAD_ROWS[case].zh
    assert all(sentence.startswith("Row ") for sentence in english)
    if job.bad_rows:
        with pytest.raises(RowsHaveProblems):
            start_commit(job, good_rows_only=False, actor=actor, now=now)
    assert count_written() == before


@pytest.mark.parametrize("case", BAD_ROWS)
def test_the_good_row_beside_it_is_written_where_the_good_ones_alone_were_chosen(
    case: str, tmp_path: Path, town: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = check(case, tmp_path, town, actor=actor, now=now)
    expected = job.total_rows - job.bad_rows - passed_over(job)

    start_commit(job, good_rows_only=True, actor=actor, now=now)
    done = commit_file(job, actor=actor, now=now)

    assert (done.state, done.created_rows) == (ImportJob.State.DONE, expected)
    assert expected >= 1


def passed_over(job: ImportJob) -> int:
    return job.issues.filter(code__in=["row.repeated_header", "row.total_row"]).count()


RECORD = dict(zip(CUSTOMERS.split(","), CUSTOMER.split(","), strict=True))
SOUND_FILES = {
    "the mark of UTF-8": lines(CUSTOMERS, CUSTOMER, encoding="utf-8-sig"),
    "GB18030": lines(CUSTOMERS, CUSTOMER, encoding="gb18030"),
    "UTF-16 of Excel's “Unicode text”": lines(
        CUSTOMERS.replace(",", "\t"), CUSTOMER.replace(",", "\t"), encoding="utf-16"
    ),
    "line ends of Windows": lines(CUSTOMERS, CUSTOMER, end="\r\n"),
    "line ends of old Macs": lines(CUSTOMERS, CUSTOMER, end="\r"),
    "tabs": lines(CUSTOMERS.replace(",", "\t"), CUSTOMER.replace(",", "\t")),
    "semicolons": lines(CUSTOMERS.replace(",", ";"), CUSTOMER.replace(",", ";")),
    "the separator named in the first line": lines(
        "sep=|", CUSTOMERS.replace(",", "|"), CUSTOMER.replace(",", "|")
    ),
    "a title and a blank line above": lines("客户名单", "", CUSTOMERS, CUSTOMER),
    "blank columns at the end": lines(f"{CUSTOMERS},,", f"{CUSTOMER},,"),
    "one object a line": lines(json.dumps(RECORD, ensure_ascii=False)),
    "one object a line in GB18030": lines(json.dumps(RECORD, ensure_ascii=False), encoding="gb18030"),
    "gzip": keep(gzip.compress(f"{CUSTOMERS}\n{CUSTOMER}\n".encode("gb18030")), "a.csv.gz"),
    "a table alone in an archive": archive(
        {"客户/a.csv": f"{CUSTOMERS}\n{CUSTOMER}\n".encode(), "__MACOSX/._a.csv": b"\0"}
    ),
    "a workbook": book(tuple(CUSTOMERS.split(",")), tuple(CUSTOMER.split(","))),
}


@pytest.mark.parametrize("case", SOUND_FILES)
def test_an_odd_file_that_has_one_reading_is_read(
    case: str, tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = receive_file(SOUND_FILES[case](tmp_path), kind="customers", org_unit=company, actor=actor, now=now)
    start_check(job, actor=actor, now=now)
    start_commit(job, good_rows_only=False, actor=actor, now=now)

    commit_file(job, actor=actor, now=now)

    kept = Customer.objects.get()
    assert (kept.name, kept.external_key, kept.identity_number) == ("林晓", "K1", "11010519491231002X")


NAMES = {
    "a dot of the minorities": "阿卜杜拉·买买提",
    "a character outside the basic plane": "𠮷田𬱖",
    "an emoji": "林晓🌸",
    "a compound surname": "欧阳修远",
    "letters with accents": "Zoë O’Brien",
    "a composed form": "Ren\u00e9",
}


@pytest.mark.parametrize("case", NAMES)
def test_an_odd_name_is_kept_as_it_is(
    case: str, tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    path = lines("编号,姓名", f"K1,{NAMES[case]}", encoding="gb18030")(tmp_path)
    job = receive_file(path, kind="customers", org_unit=company, actor=actor, now=now, encoding="gb18030")
    start_check(job, actor=actor, now=now)
    start_commit(job, good_rows_only=False, actor=actor, now=now)

    commit_file(job, actor=actor, now=now)

    assert Customer.objects.get().name == NAMES[case]


FORMULAS = ("=HYPERLINK(0)", "+SUM(A1)", "-2+3", "@cmd", "\t=1", "＝1+1")


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_in_a_bad_row_is_no_formula_in_the_result(
    formula: str, tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    path = tmp_path / "a.csv"
    rows = [["K1", "林晓", "13800138000"], ["K2", formula, "138"]]
    write_csv(path, ["编号", "姓名", "手机"], rows, encoding="utf-8", escape_formulas=False)
    job = receive_file(path, kind="customers", org_unit=company, actor=actor, now=now)
    start_check(job, actor=actor, now=now)
    start_commit(job, good_rows_only=True, actor=actor, now=now)

    done = commit_file(job, actor=actor, now=now)

    assert done.result_file
    with done.result_file.file.open("rb") as opened:
        *_rest, last = csv.reader(opened.read().decode("utf-8-sig").splitlines())
    assert f"'{formula}" in last
