"""The wizard from the first click to the result, in both languages."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from hearth.imports.jobs import commit
from hearth.imports.models import ImportJob
from hearth.imports.permissions import RUN_IMPORT
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.properties.permissions import CHANGE_PROPERTY
from tests.imports.builders import HEADER, ROWS, make_checked, make_committing, make_file, make_received
from tests.organization.builders import make_member, sign_in

pytestmark = pytest.mark.django_db
State = ImportJob.State
WORDS = {
    "zh-hans": ("检查各行", "外部编号", "立即导入", "第 2 行已有相同的外部编号。", "已新建"),
    "en": (
        "Check the rows",
        "External key",
        "Import now",
        "The same external key stands in row 2 already.",
        "created",
    ),
}


def upload(client: Client, place: OrgUnit, content: bytes, *, encoding: str = "") -> Any:
    file = SimpleUploadedFile("homes.csv", content)
    posted = {"kind": "units", "place": place.pk, "encoding": encoding, "file": file}
    return client.post(reverse("imports:new"), posted)


def mapping_of(job: ImportJob) -> dict[str, str]:
    return {f"source-{name}": f"column:{source['column']}" for name, source in job.mapping.items()}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_wizard_leads_from_the_file_to_its_result(
    language: str, signed_in: Client, company: OrgUnit
) -> None:
    signed_in.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    check, key, import_now, doubled, created = WORDS[language]
    content = "\n".join([HEADER, *ROWS, ROWS[0]]).encode("gb18030")

    uploaded = upload(signed_in, company, content)
    job = ImportJob.objects.get()
    columns = signed_in.get(uploaded["Location"]).content.decode()
    checked = signed_in.post(
        reverse("imports:mapping", args=[job.pk]), {**mapping_of(job), "option-create_projects": "on"}
    )
    problems = signed_in.get(checked["Location"]).content.decode()
    refused = signed_in.post(reverse("imports:commit", args=[job.pk]))
    begun = signed_in.post(reverse("imports:commit", args=[job.pk]), {"good_rows_only": "on"})
    running = signed_in.get(begun["Location"]).content.decode()
    commit(job_id=str(job.pk), user_id=job.created_by_id)
    done = signed_in.get(begun["Location"]).content.decode()
    result = b"".join(signed_in.get(reverse("imports:result", args=[job.pk])))

    assert uploaded.status_code == 303
    assert check in columns
    assert key in columns
    assert import_now in problems
    assert doubled in problems
    assert refused.status_code == 422
    assert 'hx-trigger="every 1s"' in running
    assert created in done
    assert Unit.objects.filter(org_unit=company).count() == 3
    assert len(list(csv.reader(io.StringIO(result.decode("utf-8-sig"))))) == 5


@pytest.mark.requirement("S60")
def test_the_file_and_its_result_are_given_to_who_brought_them_in_alone(
    tmp_path: Path, signed_in: Client, company: OrgUnit
) -> None:
    job = make_received(make_file(tmp_path), company)
    addresses = [reverse(f"imports:{name}", args=[job.pk]) for name in ("source", "result")]

    answers = [signed_in.get(address) for address in addresses]
    page = signed_in.get(reverse("imports:detail", args=[job.pk])).content.decode()

    assert [answer.status_code for answer in answers] == [422] * 2
    assert all("只有导入该文件的人可以保存" in answer.content.decode() for answer in answers)
    assert addresses[0] not in page


def test_a_file_that_cannot_be_used_stays_on_the_upload_page(signed_in: Client, company: OrgUnit) -> None:
    response = upload(signed_in, company, HEADER.encode())

    assert response.status_code == 422
    assert "文件只有列名，没有数据行。" in response.content.decode()


def test_the_wrong_encoding_can_be_changed_on_the_page(
    tmp_path: Path, signed_in: Client, company: OrgUnit
) -> None:
    job = make_received(make_file(tmp_path, encoding="gb18030"), company, encoding="utf-8")

    response = signed_in.post(reverse("imports:reading", args=[job.pk]), {"encoding": "gb18030"})

    job.refresh_from_db()
    assert (response.status_code, job.state, job.columns[0]) == (303, State.UPLOADED, "项目")


def test_a_missing_source_is_said_on_the_page(tmp_path: Path, signed_in: Client, company: OrgUnit) -> None:
    job = make_received(make_file(tmp_path), company)

    response = signed_in.post(
        reverse("imports:mapping", args=[job.pk]), {**mapping_of(job), "source-number": ""}
    )

    assert response.status_code == 422
    assert "请指定这些字段的来源：房号。" in response.content.decode()


def test_progress_sends_on_to_the_result_once_it_is_there(
    tmp_path: Path, signed_in: Client, company: OrgUnit
) -> None:
    job = make_committing(make_file(tmp_path), company)
    address = reverse("imports:detail", args=[job.pk])
    asking = {"HX-Request": "true", "HX-Target": "progress"}

    running = signed_in.get(address, headers=asking)
    commit(job_id=str(job.pk), user_id=None)
    finished = signed_in.get(address, headers=asking)

    assert running.content.decode().lstrip().startswith('<div class="card mb-3" id="progress"')
    assert finished["HX-Redirect"] == address


def test_a_file_can_be_given_up(tmp_path: Path, signed_in: Client, company: OrgUnit) -> None:
    job = make_checked(make_file(tmp_path), company)

    response = signed_in.post(reverse("imports:cancel", args=[job.pk]))

    job.refresh_from_db()
    assert (response["Location"], job.state) == (reverse("imports:list"), State.CANCELLED)


def test_the_list_takes_the_same_queries_for_one_import_and_for_three(
    tmp_path: Path,
    signed_in: Client,
    company: OrgUnit,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_received(make_file(tmp_path), company)
    signed_in.get(reverse("imports:list"))

    with django_assert_num_queries(4):
        signed_in.get(reverse("imports:list"))
    make_received(make_file(tmp_path), company)
    make_received(make_file(tmp_path), company)
    with django_assert_num_queries(4):
        signed_in.get(reverse("imports:list"))


def test_an_empty_list_says_what_the_page_is_for(signed_in: Client) -> None:
    response = signed_in.get(reverse("imports:list"))

    assert "还没有导入过文件" in response.content.decode()


def test_an_import_of_the_neighbour_is_not_there(
    tmp_path: Path, client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    job = make_checked(make_file(tmp_path), company)
    sign_in(client, make_member(neighbour, RUN_IMPORT, CHANGE_PROPERTY))

    found = [
        client.get(reverse(f"imports:{name}", args=[job.pk])).status_code
        for name in ("detail", "source", "result")
    ]

    assert found == [404, 404, 404]
    assert "homes.csv" not in client.get(reverse("imports:list")).content.decode()


def test_rows_are_shown_only_to_those_who_may_change_what_they_hold(
    tmp_path: Path, client: Client, company: OrgUnit
) -> None:
    job = make_checked(make_file(tmp_path), company)
    sign_in(client, make_member(company, RUN_IMPORT))

    found = [
        client.get(reverse("imports:detail", args=[job.pk])).status_code,
        client.post(reverse("imports:commit", args=[job.pk])).status_code,
        client.get(reverse("imports:source", args=[job.pk])).status_code,
    ]

    assert found == [404, 404, 404]


def test_places_of_others_are_not_offered_for_an_upload(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    sign_in(client, make_member(company, RUN_IMPORT, CHANGE_PROPERTY))

    response = upload(client, neighbour, "\n".join([HEADER, *ROWS]).encode())

    assert response.status_code == 422
    assert ImportJob.objects.count() == 0


def test_without_the_right_there_are_no_imports(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_member(company, CHANGE_PROPERTY))

    assert client.get(reverse("imports:list")).status_code == 403


def test_a_template_holds_the_columns_in_the_readers_language(signed_in: Client) -> None:
    signed_in.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    response = signed_in.get(reverse("imports:template", args=["units"]))

    columns = b"".join(response).decode("utf-8-sig").strip().split(",")
    assert columns[:8] == [
        "Project",
        "Project code",
        "City",
        "District",
        "Phase",
        "Building",
        "Entrance",
        "Room",
    ]
