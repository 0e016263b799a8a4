"""A worker that is killed with no warning loses nothing, and nothing comes in twice."""

import csv
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings, settings

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.customers.models import ContactPoint, Customer
from hearth.imports import reading
from hearth.imports.models import ImportJob, ImportRow
from hearth.imports.services import (
    check_file,
    commit_file,
    receive_file,
    revert_file,
    revert_import,
    start_commit,
)
from hearth.imports.services.checking import begin_check
from hearth.organization.models import OrgUnit
from tests.processes import environment_of_test

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROWS, BATCH = 4_000, 100
ACTOR = Actor.system("test")


def kill_when(step: str, job: ImportJob, now: datetime, is_time: Callable[[], bool]) -> None:
    """Run a step in a process of its own and kill that process in the middle.

    A fresh process, as a worker is one: a copy of this one would hold locks and libraries in a state that belonged to
    threads it does not have.
    """
    environment = environment_of_test() | {
        "DJANGO_SETTINGS_MODULE": "hearth.config.settings",
        "HEARTH_VAR": str(Path(settings.MEDIA_ROOT).parent),
    }
    words = [step, str(job.pk), now.isoformat(), str(BATCH)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.imports.one_step", *words], env=environment, cwd=settings.ROOT
    )
    try:
        deadline = time.monotonic() + 60
        while not is_time():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == -signal.SIGKILL


def test_a_killed_import_and_a_killed_reversal_go_on_where_they_were(
    tmp_path: Path,
    company: OrgUnit,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings,
) -> None:
    # Set aloud: the store of files may remember where it was in an earlier test.
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(reading, "BATCH", BATCH)
    monkeypatch.setattr("hearth.imports.services.reverting.BATCH", BATCH)
    path = tmp_path / "many.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("编号", "姓名", "手机"))
        writer.writerows((f"K{number}", f"客户{number}", f"137{number:08}") for number in range(ROWS))
    job = receive_file(path, kind="customers", org_unit=company, actor=ACTOR, now=now)
    job = check_file(begin_check(job, actor=ACTOR, now=now), actor=ACTOR, now=now)
    start_commit(job, good_rows_only=False, actor=ACTOR, now=now, is_queued=False)

    def batches() -> int:
        return ImportJob.objects.values_list("written_batches", flat=True).get(pk=job.pk)

    for pause in (3, 9):
        kill_when("commit", job, now, lambda pause=pause: batches() >= pause)  # type: ignore[misc]
    stopped = batches()
    done = commit_file(job, actor=ACTOR, now=now)
    counts = [Customer.objects.count(), ContactPoint.objects.count(), ImportRow.objects.count()]
    events = EventRecord.objects.filter(type="customer.created").count()
    assert done.result_file
    with done.result_file.file.open("rb") as opened:
        lines = list(csv.reader(opened.read().decode("utf-8-sig").splitlines()))

    revert_import(done, actor=ACTOR, now=now, is_queued=False)
    kill_when("revert", done, now, lambda: ImportRow.objects.filter(reversal="done").count() >= 2 * BATCH)
    left = Customer.objects.count()
    taken = revert_file(done, actor=ACTOR, now=now)

    assert 9 <= stopped < ROWS // BATCH
    assert (done.state, done.created_rows, counts, events) == ("done", ROWS, [ROWS] * 3, ROWS)
    assert [line[0] for line in lines[1:]] == [str(row) for row in range(2, ROWS + 2)]
    assert 0 < left < ROWS
    assert (taken.state, taken.reverted_rows, Customer.objects.count()) == ("reverted", ROWS, 0)
