"""`hearth import` does what the wizard does and says it in words."""

import argparse
from pathlib import Path

import pytest
from django.utils import translation

from hearth.imports.commands import add_arguments, import_file, run
from hearth.imports.models import ImportJob
from hearth.imports.permissions import RUN_IMPORT
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.properties.permissions import CHANGE_PROPERTY
from tests.imports.builders import ROWS, make_file
from tests.organization.builders import make_member

pytestmark = pytest.mark.django_db


def call(*words: str) -> tuple[int, list[str]]:
    parser, lines = argparse.ArgumentParser(), list[str]()
    add_arguments(parser)
    with translation.override("en"):
        return run(parser.parse_args(words), echo=lines.append), lines


def test_a_sound_file_is_written(tmp_path: Path, company: OrgUnit) -> None:
    code, lines = call("units", str(make_file(tmp_path)), "--place", "SZ", "--option", "create_projects")

    assert code == 0
    assert lines[:2] == ["3 rows checked, 0 with problems.", "3 created, 0 updated, 0 not imported."]
    assert Unit.objects.filter(org_unit=company).count() == 3


def test_problems_are_told_and_nothing_is_written(tmp_path: Path, company: OrgUnit) -> None:
    path = make_file(tmp_path, ROWS[0], ROWS[0])

    code, lines = call("units", str(path), "--place", "SZ", "--option", "create_projects")

    assert code == 1
    assert lines == [
        "2 rows checked, 1 with problems.",
        "  Row 3, column “外部编号”, “A-1”: The same external key stands in row 2 already.",
        "1 rows have problems. Correct the file, or choose to import the good rows only.",
    ]
    assert Unit.objects.count() == 0


def test_the_good_rows_alone_can_be_asked_for(tmp_path: Path, company: OrgUnit) -> None:
    path = make_file(tmp_path, ROWS[0], ROWS[0])

    code, lines = call("units", str(path), "--place", "SZ", "--option", "create_projects", "--good-rows-only")

    assert (code, lines[2]) == (0, "1 created, 0 updated, 1 not imported.")


def test_columns_constants_and_row_numbers_are_given_by_name(tmp_path: Path, company: OrgUnit) -> None:
    path = make_file(tmp_path, "甲,90", header="门,大小")

    code, _lines = call(
        *("units", str(path), "--place", "SZ", "--option", "create_projects"),
        *("--map", "number=门", "--map", "floor_area=大小", "--constant", "project=云锦府"),
        *("--row-number", "external_key=K"),
    )

    assert code == 0
    assert list(Unit.objects.values_list("project__name", "number", "external_key")) == [
        ("云锦府", "甲", "K2")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_both_encodings_of_the_country_are_recognised(
    encoding: str, tmp_path: Path, company: OrgUnit
) -> None:
    path = make_file(tmp_path, encoding=encoding)

    code = import_file("units", path, "SZ", options=["create_projects"], echo=list[str]().append)

    assert code == 0
    assert ImportJob.objects.get().encoding == encoding


def test_a_user_imports_with_their_own_rights(tmp_path: Path, company: OrgUnit, neighbour: OrgUnit) -> None:
    path = make_file(tmp_path)
    make_member(company, RUN_IMPORT, CHANGE_PROPERTY, username="lin")

    there, words = call("units", str(path), "--place", "GZ", "--user", "lin", "--option", "create_projects")
    here, _words = call("units", str(path), "--place", "SZ", "--user", "lin", "--option", "create_projects")

    assert (there, words) == (1, ["You do not have the right to do this here."])
    assert here == 0


def test_a_place_that_does_not_exist_is_a_wrong_call(tmp_path: Path, company: OrgUnit) -> None:
    code, lines = call("units", str(make_file(tmp_path)), "--place", "NOWHERE")

    assert (code, lines) == (2, ["There is no such place, user, kind or file."])


def test_half_a_pair_is_a_wrong_call(tmp_path: Path, company: OrgUnit) -> None:
    code, lines = call("units", str(make_file(tmp_path)), "--place", "SZ", "--map", "number")

    assert (code, lines) == (2, ["Write FIELD=VALUE, not “number”."])


def test_a_file_that_cannot_be_used_is_refused_in_words(tmp_path: Path, company: OrgUnit) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"")

    code, lines = call("units", str(path), "--place", "SZ")

    assert (code, lines) == (1, ["The file is empty."])
