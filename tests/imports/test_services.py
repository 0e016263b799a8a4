"""A file comes in once, and no row of it by halves."""

import csv
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import DjangoAssertNumQueries

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.imports.errors import AlreadyImported, NothingToImport, RowsHaveProblems, WrongImportState
from hearth.imports.jobs import commit
from hearth.imports.kinds import import_kinds
from hearth.imports.mapping import BadMapping, FieldsNotMapped
from hearth.imports.models import ImportJob
from hearth.imports.permissions import RUN_IMPORT
from hearth.imports.services import (
    cancel_import,
    change_mapping,
    change_reading,
    commit_file,
    receive_file,
    resume_import,
    start_check,
    start_commit,
)
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project, Unit
from hearth.properties.permissions import CHANGE_PROPERTY
from hearth.properties.unit_loader import UnitLoader
from tests.imports.builders import ROWS, make_checked, make_committing, make_file, make_received
from tests.organization.builders import make_actor
from tests.properties.builders import make_project

pytestmark = pytest.mark.django_db
State = ImportJob.State


def test_columns_are_recognised_and_nothing_but_the_import_is_written(
    tmp_path: Path, company: OrgUnit
) -> None:
    path = make_file(tmp_path)

    job = make_received(path, company)

    columns = {name: source["column"] for name, source in job.mapping.items()}
    assert columns == {
        "project": "项目",
        "building": "楼栋",
        "entrance": "单元",
        "number": "房号",
        "floor": "楼层",
        "layout": "户型",
        "floor_area": "建筑面积",
        "list_price": "标价",
        "state": "状态",
        "external_key": "外部编号",
    }
    assert (job.state, job.total_rows, job.encoding) == (State.UPLOADED, 3, "utf-8")
    assert Path(job.source_file.file.path).stat().st_mode & 0o777 == 0o600
    assert (Unit.objects.count(), Project.objects.count()) == (0, 0)


def test_a_checked_file_is_written_with_its_event_and_its_result(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = make_committing(make_file(tmp_path), company)

    done = commit_file(job, actor=actor, now=now)

    assert (done.state, done.created_rows, done.bad_rows) == (State.DONE, 3, 0)
    assert sorted(unit.address for unit in Unit.objects.with_place()) == [
        "云锦府 A座 1203",
        "金色家园 1栋 1单元 101",
        "金色家园 1栋 1单元 201",
    ]
    event = EventRecord.objects.get(type="imports.file_imported")
    counts = {"created_rows": 3, "updated_rows": 0, "linked_rows": 0, "skipped_rows": 0}
    assert event.payload == {"kind": "units", **counts}
    assert done.result_file is not None
    with done.result_file.file.open("rb") as opened:
        lines = list(csv.reader(opened.read().decode("utf-8-sig").splitlines()))
    assert [line[:2] for line in lines[1:]] == [["2", "已新建"], ["3", "已新建"], ["4", "已新建"]]


def test_a_check_writes_issues_and_counts_only(tmp_path: Path, company: OrgUnit) -> None:
    path = make_file(tmp_path, ROWS[0], "金色家园,1栋,1单元,301,三层,,0,-5,卖了,", ROWS[2])

    job = make_checked(path, company)

    assert (job.state, job.total_rows, job.bad_rows, job.issue_count) == (State.CHECKED, 3, 1, 4)
    assert list(job.issues.order_by("id").values_list("row", "column", "code")) == [
        (3, "楼层", "cell.not_a_number"),
        (3, "建筑面积", "cell.not_positive"),
        (3, "标价", "cell.negative"),
        (3, "状态", "cell.unknown_choice"),
    ]
    assert (Unit.objects.count(), Project.objects.count(), EventRecord.objects.count()) == (0, 0, 0)


def test_a_check_takes_the_same_queries_for_one_row_and_for_three(
    tmp_path: Path, company: OrgUnit, actor: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one = make_received(make_file(tmp_path, ROWS[0], name="one.csv"), company)
    three = make_received(make_file(tmp_path, name="three.csv"), company)
    for job in (one, three):
        change_mapping(job, job.mapping, {"create_projects": True}, actor=actor, now=job.created_at)

    for job in (one, three):
        with django_assert_num_queries(16):
            start_check(job, actor=actor, now=job.created_at)


def test_bad_rows_stop_the_file_unless_the_good_ones_alone_are_wanted(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = make_checked(make_file(tmp_path, ROWS[0], "金色家园,1栋,1单元,,3,,,,,"), company)

    with pytest.raises(RowsHaveProblems):
        start_commit(job, good_rows_only=False, actor=actor, now=now)

    start_commit(job, good_rows_only=True, actor=actor, now=now)
    done = commit_file(job, actor=actor, now=now)
    assert (done.created_rows, done.bad_rows, Unit.objects.count()) == (1, 1, 1)


def test_a_file_without_a_good_row_is_refused(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = make_checked(make_file(tmp_path, "金色家园,1栋,1单元,,3,,,,,"), company)

    with pytest.raises(NothingToImport):
        start_commit(job, good_rows_only=True, actor=actor, now=now)


def test_the_same_file_is_imported_once_at_a_place(
    tmp_path: Path, company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    path = make_file(tmp_path)
    commit_file(make_committing(path, company), actor=actor, now=now)
    again = make_checked(path, company, options=["create_projects", "update_existing"])
    elsewhere = make_checked(path, neighbour)

    with pytest.raises(AlreadyImported) as refusal, translation.override("en"):
        start_commit(again, good_rows_only=False, actor=actor, now=now)

    with translation.override("en"):
        assert str(refusal.value) == (
            "This very file was already imported on 2026-03-18 14:30 by the system. Nothing was written again."
        )
    assert start_commit(elsewhere, good_rows_only=False, actor=actor, now=now).state == State.COMMITTING


def test_what_turns_bad_between_check_and_commit_takes_everything_back(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    first = make_committing(make_file(tmp_path, name="first.csv"), company)
    second = make_committing(
        make_file(tmp_path, *ROWS, "云锦府,A座,,1303,13,,,,,", name="second.csv"), company
    )
    commit_file(first, actor=actor, now=now)

    returned = commit_file(second, actor=actor, now=now)

    assert (returned.state, returned.error_code, returned.bad_rows) == (State.CHECKED, "rows_turned_bad", 3)
    assert set(returned.issues.values_list("code", flat=True)) == {"unit_exists"}
    assert Unit.objects.count() == 3


class _PowerCut(Exception):
    pass


def test_a_crash_in_the_middle_leaves_nothing_and_the_file_can_be_written_again(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(UnitLoader):
        def write(self, rows):  # type: ignore[no-untyped-def]
            super().write(rows)
            raise _PowerCut

    job = make_committing(make_file(tmp_path), company)
    sound = import_kinds["units"]
    monkeypatch.setitem(import_kinds._items, "units", replace(sound, loader=Failing))

    with pytest.raises(_PowerCut):
        commit_file(job, actor=actor, now=now)

    job.refresh_from_db()
    assert (job.state, job.error_code, job.result_file) == (State.PAUSED, "interrupted", None)
    assert (Unit.objects.count(), Project.objects.count(), EventRecord.objects.count()) == (0, 0, 0)
    monkeypatch.setitem(import_kinds._items, "units", sound)
    resume_import(job, actor=actor, now=now)
    assert commit_file(job, actor=actor, now=now).created_rows == 3


def test_a_worker_that_died_is_repeated_by_its_job_and_a_second_repetition_does_nothing(
    tmp_path: Path, company: OrgUnit
) -> None:
    job = make_committing(make_file(tmp_path), company)
    queued = ProcrastinateJob.objects.get(task_name="imports.commit")

    commit(**queued.args)
    commit(**queued.args)

    job.refresh_from_db()
    assert (job.state, job.created_rows, Unit.objects.count()) == (State.DONE, 3, 3)


def test_an_import_needs_its_own_right_and_the_right_of_its_kind_at_the_place(
    tmp_path: Path, company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    path = make_file(tmp_path)
    importer = make_actor(company, RUN_IMPORT)
    changer = make_actor(company, CHANGE_PROPERTY)
    both = make_actor(company, RUN_IMPORT, CHANGE_PROPERTY)

    for actor, place in ((importer, company), (changer, company), (both, neighbour)):
        with pytest.raises(NotAllowed):
            receive_file(path, kind="units", org_unit=place, actor=actor, now=now)

    assert make_received(path, company, actor=both).created_by_id == both.user_id


def test_required_fields_need_a_source(tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime) -> None:
    job = make_received(make_file(tmp_path), company)
    mapping = {name: source for name, source in job.mapping.items() if name != "number"}
    job = change_mapping(job, mapping, {}, actor=actor, now=now)

    with pytest.raises(FieldsNotMapped) as refusal:
        start_check(job, actor=actor, now=now)

    assert refusal.value.params == {"fields": "房号"}


def test_a_column_that_is_not_there_cannot_be_mapped(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = make_received(make_file(tmp_path), company)

    with pytest.raises(BadMapping):
        change_mapping(job, {"number": {"column": "门牌"}}, {}, actor=actor, now=now)


def test_constants_and_row_numbers_fill_what_a_file_does_not_say(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    path = make_file(tmp_path, "101,90", "102,91", header="房号,面积")
    job = make_received(path, company)
    mapping = {
        **job.mapping,
        "project": {"constant": "云锦府"},
        "state": {"constant": "在售"},
        "external_key": {"row_number": "H-"},
    }
    change_mapping(job, mapping, {"create_projects": True}, actor=actor, now=now)
    job = start_check(job, actor=actor, now=now)
    start_commit(job, good_rows_only=False, actor=actor, now=now)

    commit_file(job, actor=actor, now=now)

    found = Unit.objects.order_by("number").values_list("project__name", "number", "state", "external_key")
    assert list(found) == [("云锦府", "101", "available", "H-2"), ("云锦府", "102", "available", "H-3")]


def test_another_encoding_can_be_tried_for_a_file_that_was_refused(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = make_received(make_file(tmp_path, encoding="gb18030"), company, encoding="utf-8")

    refused = (job.state, job.error_code)
    job = change_reading(job, encoding="gb18030", sheet="", actor=actor, now=now)

    assert refused == (State.FAILED, "file.wrong_encoding")
    assert (job.state, job.error_code, job.columns[0]) == (State.UPLOADED, "", "项目")


def test_a_file_that_is_written_can_no_longer_be_given_up(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = commit_file(make_committing(make_file(tmp_path), company), actor=actor, now=now)

    with pytest.raises(WrongImportState):
        cancel_import(job, actor=actor, now=now)


def test_a_file_given_up_cannot_be_checked(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = cancel_import(make_received(make_file(tmp_path), company), actor=actor, now=now)

    with pytest.raises(WrongImportState):
        start_check(job, actor=actor, now=now)


def test_a_project_of_the_neighbour_is_not_found(
    tmp_path: Path, company: OrgUnit, neighbour: OrgUnit
) -> None:
    make_project(neighbour, name="金色家园")

    job = make_checked(make_file(tmp_path, ROWS[0]), company, options=[])

    assert list(job.issues.values_list("code", flat=True)) == ["unknown_project"]
