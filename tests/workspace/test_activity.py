"""The pill in the top bar: what runs in the background for a person, and what ended just now."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.models import User
from hearth.core.permissions import SIGNED_IN
from hearth.exports.models import Export
from hearth.exports.permissions import EXPORT
from hearth.imports.models import ImportJob
from hearth.lists.models import BulkRun
from hearth.organization.models import OrgUnit
from tests.exports.builders import actor_of, make_export
from tests.imports.builders import make_file, make_received
from tests.lists.builders import make_run
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
RIGHTS = (SIGNED_IN, EXPORT, "customers.view", "imports.run", "properties.change", "properties.view")


@pytest.fixture
def reader(client: Client, company: OrgUnit) -> User:
    member = make_member(company, *RIGHTS)
    sign_in(client, member)
    return member


def pill(client: Client) -> str:
    answer = client.get(reverse("accounts:activity"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_nothing_is_shown_and_nothing_asked_again_while_nothing_runs(client: Client, reader: User) -> None:
    shown = pill(client)

    assert "hx-trigger" not in shown
    assert "button" not in shown


def test_a_file_being_written_shows_how_far_it_is_until_it_is_ready(client: Client, reader: User) -> None:
    export = make_export(reader)
    Export.objects.filter(pk=export.pk).update(state="running", total_rows=200, written_rows=124)
    running = pill(client)
    ended = {"state": "done", "size": 1, "expires_at": timezone.now(), "updated_at": timezone.now()}
    Export.objects.filter(pk=export.pk).update(**ended)
    ready = pill(client)
    Export.objects.filter(pk=export.pk).update(updated_at=timezone.now() - timedelta(minutes=16))
    later = pill(client)

    assert "62 %" in running
    assert 'hx-trigger="every 3s"' in running
    assert reverse("exports:detail", args=[export.pk]) in ready
    assert "hx-trigger" not in ready
    assert "button" not in later


def test_imports_and_changes_of_many_rows_stand_in_one_list(
    client: Client, reader: User, company: OrgUnit, tmp_path: Path
) -> None:
    job = make_received(make_file(tmp_path), company, actor=actor_of(reader))
    ImportJob.objects.filter(pk=job.pk).update(state="committing", total_rows=4, processed_rows=1)
    run = make_run(reader)
    failed = make_received(make_file(tmp_path, name="second.csv"), company, actor=actor_of(reader))
    ImportJob.objects.filter(pk=failed.pk).update(state="failed", updated_at=timezone.now())

    shown = pill(client)

    assert "25 %" in shown
    assert reverse("imports:detail", args=[job.pk]) in shown
    assert reverse("lists:run", args=[run.pk]) in shown
    assert shown.index(reverse("imports:detail", args=[failed.pk])) > shown.index(
        reverse("lists:run", args=[run.pk])
    )


def test_what_runs_for_others_is_not_shown(client: Client, reader: User, company: OrgUnit) -> None:
    colleague = make_member(company, *RIGHTS)
    make_export(colleague)
    make_run(colleague)

    assert "button" not in pill(client)


def test_the_bell_brings_the_pill(client: Client, reader: User) -> None:
    make_run(reader)

    bell = client.get(reverse("accounts:bell")).content.decode()
    page = client.get(reverse("workspace:home")).content.decode()

    assert '<div id="activity" class="nav-item dropdown me-3" hx-swap-oob="true"' in bell
    assert '<div id="activity"></div>' in page


def test_the_pill_costs_the_same_whatever_runs(client: Client, reader: User) -> None:
    address = reverse("accounts:activity")

    nothing = count_queries(client, address)
    for _number in range(3):
        make_run(reader)
        make_export(reader)

    assert count_queries(client, address) == nothing
    assert BulkRun.objects.count() == 3
