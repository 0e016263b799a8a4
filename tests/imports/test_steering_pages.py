"""Pausing, going on, giving up, taking back and remembered columns, on the pages."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.core.actor import Actor
from hearth.imports.models import ImportJob, RememberedMapping
from hearth.imports.permissions import REVERT_IMPORT, RUN_IMPORT
from hearth.imports.selectors import progress_of_job
from hearth.imports.services import commit_file, revert_file
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.properties.permissions import CHANGE_PROPERTY
from tests.imports.builders import HEADER, NOW, ROWS, make_committing, make_file, make_received
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
State = ImportJob.State


@pytest.fixture
def importer(company: OrgUnit, client: Client) -> Client:
    """Somebody who may import homes but not take an import back."""
    return sign_in(client, make_member(company, RUN_IMPORT, CHANGE_PROPERTY))


@pytest.fixture
def reverter(company: OrgUnit, client: Client) -> Client:
    """Somebody who may also take an import back."""
    return sign_in(client, make_member(company, RUN_IMPORT, CHANGE_PROPERTY, REVERT_IMPORT))


def page_of(client: Client, job: ImportJob) -> str:
    return client.get(reverse("imports:detail", args=[job.pk])).content.decode()


def test_a_running_file_shows_pace_and_time_left_and_can_be_paused(
    tmp_path: Path, company: OrgUnit, importer: Client
) -> None:
    job = make_committing(make_file(tmp_path), company)
    started = timezone.now() - timedelta(seconds=100)
    ImportJob.objects.filter(pk=job.pk).update(
        total_rows=60_000, processed_rows=20_000, run_started_at=started, run_started_rows=0
    )

    words = page_of(importer, job)
    importer.post(reverse("imports:pause", args=[job.pk]))

    job.refresh_from_db()
    assert "行 · 每秒 " in " ".join(words.split())
    assert "剩余 3:" in words
    assert job.state == State.PAUSED
    assert reverse("imports:resume", args=[job.pk]) in page_of(importer, job)


def test_pace_and_time_left_are_those_of_the_present_run() -> None:
    job = ImportJob(
        total_rows=1_000, processed_rows=400, run_started_rows=200, run_started_at=NOW, state=State.COMMITTING
    )

    progress = progress_of_job(job, now=NOW + timedelta(seconds=10))

    assert (progress.share, progress.rows_a_second, progress.seconds_left, progress.time_left) == (
        40,
        20,
        30,
        "0:30",
    )


def test_a_paused_file_goes_on(tmp_path: Path, company: OrgUnit, importer: Client) -> None:
    job = make_committing(make_file(tmp_path), company)
    importer.post(reverse("imports:pause", args=[job.pk]))

    importer.post(reverse("imports:resume", args=[job.pk]))
    again = importer.post(reverse("imports:resume", args=[job.pk]))

    job.refresh_from_db()
    assert (job.state, again.status_code) == (State.COMMITTING, 422)


def test_an_import_is_taken_back_by_a_button_that_asks_first(
    tmp_path: Path, company: OrgUnit, reverter: Client, actor: Actor
) -> None:
    job = commit_file(make_committing(make_file(tmp_path), company), actor=actor, now=NOW)
    asked = page_of(reverter, job)

    reverter.post(reverse("imports:revert", args=[job.pk]))
    revert_file(job, actor=actor, now=NOW)

    report = reverter.get(reverse("imports:revert-report", args=[job.pk]))
    assert "将删除新建的 3 条记录，" in asked
    assert "已撤销" in page_of(reverter, job)
    assert b"".join(report.streaming_content).decode("utf-8-sig").count("已撤销") == 3  # type: ignore[attr-defined]
    assert Unit.objects.count() == 0


def test_who_may_not_take_back_is_not_offered_it(
    tmp_path: Path, company: OrgUnit, importer: Client, actor: Actor
) -> None:
    job = commit_file(make_committing(make_file(tmp_path), company), actor=actor, now=NOW)

    words, refused = page_of(importer, job), importer.post(reverse("imports:revert", args=[job.pk]))

    assert reverse("imports:revert", args=[job.pk]) not in words
    assert refused.status_code in (403, 404)


def test_the_next_file_with_the_same_columns_is_read_as_the_last_one(
    tmp_path: Path, company: OrgUnit, neighbour: OrgUnit, importer: Client
) -> None:
    first = make_received(make_file(tmp_path, "101,90", header="门,甲"), company)
    posted = {"source-number": "column:门", "source-floor_area": "column:甲", "source-project": "constant"}
    options = {"value-project": "云锦府", "option-create_projects": "on"}
    importer.post(reverse("imports:mapping", args=[first.pk]), posted | options)
    importer.post(reverse("imports:commit", args=[first.pk]))
    path = make_file(tmp_path, "91,102", header="甲,门", name="second.csv")

    second, elsewhere = make_received(path, company), make_received(path, neighbour)

    assert second.mapping == {
        "number": {"column": "门"},
        "floor_area": {"column": "甲"},
        "project": {"constant": "云锦府"},
    }
    assert second.options == {"create_projects": True, "update_existing": False}
    assert (second.is_mapping_remembered, elsewhere.is_mapping_remembered) == (True, False)
    assert "已按上一次相同列的文件读取" in page_of(importer, second)


def test_remembered_columns_are_corrected_and_forgotten(
    tmp_path: Path, company: OrgUnit, importer: Client
) -> None:
    make_committing(make_file(tmp_path), company)
    remembered = RememberedMapping.objects.get()
    address = reverse("imports:mapping-edit", args=[remembered.pk])
    shown = importer.get(address).content.decode()

    importer.post(address, {"source-number": "column:房号", "source-project": "column:项目"})
    remembered.refresh_from_db()
    corrected = remembered.mapping
    wrong = importer.post(address, {"source-number": "column:没有"})
    importer.post(reverse("imports:mapping-forget", args=[remembered.pk]))

    assert '<option value="column:房号" selected>' in shown
    assert corrected == {"number": {"column": "房号"}, "project": {"column": "项目"}}
    assert wrong.status_code == 422
    assert RememberedMapping.objects.count() == 0
    assert make_received(make_file(tmp_path), company).is_mapping_remembered is False


def test_the_list_of_remembered_columns_takes_the_same_queries_for_one_and_for_three(
    tmp_path: Path, company: OrgUnit, importer: Client
) -> None:
    counts = []
    for place in range(3):
        rows, header = [f"{row},x" for row in ROWS], f"{HEADER},列{place}"
        make_committing(make_file(tmp_path, *rows, header=header, name=f"{place}.csv"), company)
        counts.append(count_queries(importer, reverse("imports:mappings")))

    assert RememberedMapping.objects.count() == 3
    assert counts[0] == counts[2]
    assert counts[0] <= count_queries(importer, reverse("imports:list"))
