"""A file is written batch by batch: it can be paused, given up, taken back, and goes on where a crash left it."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.customers.loaders import CustomerLoader
from hearth.customers.models import Customer, Household
from hearth.imports import reading
from hearth.imports.errors import WrongImportState
from hearth.imports.jobs import revert
from hearth.imports.kinds import import_kinds
from hearth.imports.models import ImportJob, ImportRow
from hearth.imports.reading import Batch, RowReader
from hearth.imports.results import path_of
from hearth.imports.services import (
    cancel_import,
    commit_file,
    pause_import,
    receive_file,
    resume_import,
    start_check,
    start_commit,
)
from hearth.organization.models import OrgUnit

pytestmark = pytest.mark.django_db
State = ImportJob.State
HEADER = "客户编号,姓名,手机,家庭编号,身份证号"
IDENTITY = "11010519491231002X"
ROWS = [f"K{number},客户{number},1380000000{number},H{number % 2}," for number in range(7)]


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a batch hold two rows."""
    monkeypatch.setattr(reading, "BATCH", 2)


def make_checked(folder: Path, company: OrgUnit, actor: Actor, now: datetime, *rows: str) -> ImportJob:
    path = folder / "customers.csv"
    path.write_text("\n".join([HEADER, *(rows or ROWS)]) + "\n")
    job = receive_file(path, kind="customers", org_unit=company, actor=actor, now=now)
    return start_check(job, actor=actor, now=now)


def make_started(folder: Path, company: OrgUnit, actor: Actor, now: datetime, *rows: str) -> ImportJob:
    job = make_checked(folder, company, actor, now, *rows)
    return start_commit(job, good_rows_only=bool(job.bad_rows), actor=actor, now=now)


def act_before_batch(monkeypatch: pytest.MonkeyPatch, number: int, act: Callable[[], object]) -> None:
    """Do something when the loader is about to write its batch of this number."""
    sound = import_kinds["customers"]
    written = {"batches": 0}

    class Watched(CustomerLoader):
        def write(self, rows):  # type: ignore[no-untyped-def]
            written["batches"] += 1
            if written["batches"] == number:
                act()
            return super().write(rows)

    monkeypatch.setitem(import_kinds._items, "customers", replace(sound, loader=Watched))


class _PowerCut(Exception):
    pass


def cut_power() -> None:
    raise _PowerCut


def read_result(job: ImportJob) -> list[list[str]]:
    assert job.result_file
    with job.result_file.file.open("rb") as opened:
        return list(csv.reader(opened.read().decode("utf-8-sig").splitlines()))


def test_a_crash_loses_the_batch_at_hand_and_the_next_run_goes_on_behind_the_last_one(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_started(tmp_path, company, actor, now)
    act_before_batch(monkeypatch, 3, cut_power)
    with pytest.raises(_PowerCut):
        commit_file(job, actor=actor, now=now)
    job.refresh_from_db()
    stopped = (job.state, job.error_code, job.written_batches, Customer.objects.count())
    with path_of(job).open("ab") as file:
        file.write(b"half a li")

    monkeypatch.undo()
    monkeypatch.setattr(reading, "BATCH", 2)
    resume_import(job, actor=actor, now=now)
    done = commit_file(job, actor=actor, now=now)

    assert stopped == (State.PAUSED, "interrupted", 2, 4)
    assert (done.state, done.created_rows, done.processed_rows) == (State.DONE, 7, 7)
    assert sorted(Customer.objects.values_list("external_key", flat=True)) == [f"K{n}" for n in range(7)]
    assert EventRecord.objects.filter(type="customer.created").count() == 7
    assert [line[0] for line in read_result(done)] == [
        "\u884c"[:0] or read_result(done)[0][0],
        *map(str, range(2, 9)),
    ]
    assert not path_of(done).exists()


def test_what_earlier_batches_held_is_known_to_the_run_that_goes_on(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (*ROWS[:4], "K0,同一编号,13900000000,H0,", f"K9,甲,,H0,{IDENTITY}", f"K10,乙,,H1,{IDENTITY}")
    job = make_started(tmp_path, company, actor, now, *rows)
    act_before_batch(monkeypatch, 3, cut_power)
    with pytest.raises(_PowerCut):
        commit_file(job, actor=actor, now=now)

    monkeypatch.undo()
    monkeypatch.setattr(reading, "BATCH", 2)
    resume_import(job, actor=actor, now=now)
    done = commit_file(job, actor=actor, now=now)

    assert (done.created_rows, done.bad_rows) == (5, 2)
    assert Household.objects.count() == 2
    with translation.override("en"):
        bad = [line[0] for line in read_result(done)[1:] if not line[2]]
    assert bad == ["6", "8"]


def test_a_paused_file_stops_after_the_batch_at_hand_and_goes_on_when_told(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_started(tmp_path, company, actor, now)
    sound = RowReader.batches

    def pause_before_the_third(reader: RowReader) -> Iterator[Batch]:
        for number, batch in enumerate(sound(reader)):
            if number == 2:
                pause_import(job, actor=actor, now=now)
            yield batch

    monkeypatch.setattr(RowReader, "batches", pause_before_the_third)
    paused = commit_file(job, actor=actor, now=now)
    written = Customer.objects.count()
    monkeypatch.setattr(RowReader, "batches", sound)

    resume_import(paused, actor=actor, now=now)
    done = commit_file(job, actor=actor, now=now)

    assert (paused.state, paused.processed_rows, written) == (State.PAUSED, 4, 4)
    assert (done.state, Customer.objects.count()) == (State.DONE, 7)


def test_only_a_file_that_is_written_can_be_paused_and_only_a_paused_one_goes_on(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = make_checked(tmp_path, company, actor, now)

    with pytest.raises(WrongImportState):
        pause_import(job, actor=actor, now=now)
    with pytest.raises(WrongImportState):
        resume_import(job, actor=actor, now=now)
    start_commit(job, good_rows_only=False, actor=actor, now=now)

    paused = pause_import(job, actor=actor, now=now)

    assert commit_file(paused, actor=actor, now=now).state == State.PAUSED
    assert Customer.objects.count() == 0


def test_a_file_given_up_half_way_is_taken_back(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_started(tmp_path, company, actor, now)
    act_before_batch(monkeypatch, 3, cut_power)
    with pytest.raises(_PowerCut):
        commit_file(job, actor=actor, now=now)

    cancel_import(job, actor=actor, now=now)
    queued = ProcrastinateJob.objects.get(task_name="imports.revert")
    revert(**queued.args)

    job.refresh_from_db()
    assert (job.state, job.reverted_rows, job.kept_rows) == (State.REVERTED, 4, 0)
    assert (Customer.objects.count(), Household.objects.count()) == (0, 0)
    assert not path_of(job).exists()


def test_rows_that_turn_bad_half_way_take_back_what_was_written_and_the_file_is_checked_anew(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (*ROWS[:4], f"K9,甲,,,{IDENTITY}")
    job = make_started(tmp_path, company, actor, now, *rows)
    other = make_started(tmp_path, company, actor, now, f"X1,先到,,,{IDENTITY}")
    commit_file(other, actor=actor, now=now)

    returned = commit_file(job, actor=actor, now=now)

    assert (returned.state, returned.error_code, returned.bad_rows) == (State.CHECKED, "rows_turned_bad", 1)
    assert list(returned.issues.values_list("row", "code")) == [(6, "identity_known")]
    assert list(Customer.objects.values_list("external_key", flat=True)) == ["X1"]
    assert ImportRow.objects.filter(job=job).count() == 0


def test_each_batch_takes_the_same_queries_whatever_its_size(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for size, rows in ((1, ROWS[:1]), (3, ROWS[1:4])):
        monkeypatch.setattr(reading, "BATCH", size)
        job = make_started(tmp_path, company, actor, now, *rows)
        before = len(connection.queries_log)
        connection.force_debug_cursor = True
        commit_file(job, actor=actor, now=now)
        counts.append(len(connection.queries_log) - before)
        connection.force_debug_cursor = False

    assert counts[0] == counts[1]
