"""Files are picked up from folders and SFTP servers by the clock, each once, with the result beside them."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.customers.models import Customer
from hearth.customers.permissions import CHANGE_CUSTOMER
from hearth.imports.errors import FolderOutside, SecretMissing
from hearth.imports.models import ImportJob, ImportSource
from hearth.imports.permissions import CHANGE_SOURCE, RUN_IMPORT
from hearth.imports.services import commit_file
from hearth.imports.services.sources import (
    SourcePlan,
    pick_up_files,
    queue_due_sources,
    save_source,
)
from hearth.imports.services.steps import State
from hearth.organization.models import Membership, OrgUnit
from tests.imports.sftp import PASSWORD, Served, serve_folder
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
HEADER = "客户编号,姓名,手机"


@pytest.fixture(autouse=True)
def inbox(tmp_path: Path) -> Iterator[Path]:
    """The folder of the company from which files are picked up."""
    before, settings.INBOX = settings.INBOX, tmp_path / "inbox"
    folder = tmp_path / "inbox" / "SZ" / "crm"
    folder.mkdir(parents=True)
    yield folder
    settings.INBOX = before


@pytest.fixture
def setter(company: OrgUnit) -> Actor:
    """Somebody who may set up pick-ups of customers."""
    return make_actor(company, RUN_IMPORT, CHANGE_CUSTOMER, CHANGE_SOURCE)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """An SFTP server with an empty folder `out`, in a network that the installation opened."""
    monkeypatch.setattr(settings, "SFTP_NETWORKS", [ip_network("127.0.0.0/8")])
    root = tmp_path / "remote"
    (root / "out").mkdir(parents=True)
    with serve_folder(root) as server:
        yield server


def put(folder: Path, name: str, *rows: str, now: datetime, age: int = 60) -> Path:
    """Write a file that was changed so many seconds ago."""
    path = folder / name
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    changed = (now - timedelta(seconds=age)).timestamp()
    os.utime(path, (changed, changed))
    return path


def make_source(
    company: OrgUnit, actor: Actor, now: datetime, source: ImportSource | None = None, /, **values: object
) -> ImportSource:
    plan = {"name": "CRM", "kind": "customers", "way": "folder", "path": "SZ/crm"} | values
    stated = SourcePlan(**plan)  # type: ignore[arg-type]
    return save_source(stated, org_unit=company, actor=actor, now=now, source=source)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_files_come_in_and_move_with_their_result(
    company: OrgUnit, setter: Actor, inbox: Path, now: datetime
) -> None:
    put(inbox, "a.csv", "K1,林晓,13800138000", now=now)
    put(inbox, "b.csv", "K2,周宁,138", now=now)
    put(inbox, "c.csv", now=now)
    put(inbox, "young.csv", "K3,陈安,13800138002", now=now, age=5)
    put(inbox, "notes.txt", "K4,吴桐,13800138003", now=now)
    source = make_source(company, setter, now)

    picked = pick_up_files(source.pk, now=now)

    assert picked == 3
    assert names_in(inbox) == ["done", "failed", "notes.txt", "young.csv"]
    assert names_in(inbox / "done") == ["20260318T063000-a.csv", "20260318T063000-a.csv.result.csv"]
    assert names_in(inbox / "failed") == [
        "20260318T063000-b.csv",
        "20260318T063000-b.csv.txt",
        "20260318T063000-c.csv",
        "20260318T063000-c.csv.txt",
    ]
    reasons = [(inbox / "failed" / f"20260318T063000-{name}.csv.txt").read_text() for name in "bc"]
    assert reasons == [
        "文件中没有可以导入的行。请查看下面的问题并改正文件。\n",
        "文件只有列名，没有数据行。\n",
    ]
    assert list(Customer.objects.values_list("external_key", flat=True)) == ["K1"]
    assert ImportJob.objects.filter(source=source, state=State.DONE).get().created_by_id == setter.user_id


def test_good_rows_alone_may_be_wanted(company: OrgUnit, setter: Actor, inbox: Path, now: datetime) -> None:
    put(inbox, "a.csv", "K1,林晓,13800138000", "K2,周宁,138", now=now)
    source = make_source(company, setter, now, good_rows_only=True)

    pick_up_files(source.pk, now=now)

    result = (inbox / "done" / "20260318T063000-a.csv.result.csv").read_text("utf-8-sig")
    assert ("已新建" in result, "电话号码位数不够" in result) == (True, True)
    assert Customer.objects.count() == 1


def test_the_same_file_put_again_changes_nothing_and_gets_its_result(
    company: OrgUnit, setter: Actor, inbox: Path, now: datetime
) -> None:
    source = make_source(company, setter, now)
    later = now + timedelta(hours=1)
    put(inbox, "a.csv", "K1,林晓,13800138000", now=now)
    pick_up_files(source.pk, now=now)
    put(inbox, "a.csv", "K1,林晓,13800138000", now=later)

    pick_up_files(source.pk, now=later)

    assert names_in(inbox) == ["done"]
    assert len(names_in(inbox / "done")) == 4
    assert (Customer.objects.count(), ImportJob.objects.filter(state=State.DONE).count()) == (1, 1)


def test_an_import_that_a_crash_cut_off_goes_on_with_the_next_look(
    company: OrgUnit, setter: Actor, inbox: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class _PowerCut(BaseException):
        """What no code catches, as a power cut."""

    def cut(*_arguments: object, **_named: object) -> None:
        raise _PowerCut

    source = make_source(company, setter, now)
    put(inbox, "a.csv", "K1,林晓,13800138000", now=now)
    with monkeypatch.context() as patch:
        patch.setattr("hearth.imports.services.sources.commit_file", cut)
        with pytest.raises(_PowerCut):
            pick_up_files(source.pk, now=now)
    begun = ImportJob.objects.get()

    pick_up_files(source.pk, now=now)

    begun.refresh_from_db()
    assert (begun.state, begun.created_rows, Customer.objects.count()) == (State.DONE, 1, 1)
    assert names_in(inbox) == ["done"]


def test_a_file_that_breaks_the_import_does_not_hold_up_those_behind_it(
    company: OrgUnit, setter: Actor, inbox: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def commit_all_but_the_first(job: ImportJob, **named: Any) -> ImportJob:
        if job.source_file.name == "a.csv":
            raise IntegrityError
        return commit_file(job, **named)

    source = make_source(company, setter, now)
    put(inbox, "a.csv", "K1,林晓,13800138000", now=now)
    put(inbox, "b.csv", "K2,周宁,13800138001", now=now)
    monkeypatch.setattr("hearth.imports.services.sources.commit_file", commit_all_but_the_first)

    picked = pick_up_files(source.pk, now=now)

    assert (picked, names_in(inbox)) == (2, ["done", "failed"])
    assert (inbox / "failed" / "20260318T063000-a.csv.txt").read_text() == (
        "处理中断，没有写了一半的行。可从中断处继续。\n"
    )
    assert list(Customer.objects.values_list("external_key", flat=True)) == ["K2"]


def test_files_come_in_over_sftp(company: OrgUnit, setter: Actor, served: Served, now: datetime) -> None:
    out = served.root / "out"
    put(out, "a.csv", "K1,林晓,13800138000", now=now)
    known = {"path": "/out", "port": served.port, "secret": PASSWORD, "host_key": served.host_key}
    source = make_source(company, setter, now, way="sftp", host="127.0.0.1", username="hearth", **known)

    picked = [pick_up_files(source.pk, now=now), pick_up_files(source.pk, now=now)]

    source.refresh_from_db()
    assert (picked, source.error_code, source.last_at) == ([1, 0], "", now)
    assert served.met == ["127.0.0.1", "127.0.0.1"]
    assert names_in(out) == ["done"]
    assert names_in(out / "done") == ["20260318T063000-a.csv", "20260318T063000-a.csv.result.csv"]
    assert PASSWORD.encode() not in bytes(source.secret_sealed)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_no_server_inside_is_connected_to_unless_the_installation_opens_its_network(
    host: str, company: OrgUnit, setter: Actor, served: Served, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SFTP_NETWORKS", [])
    known = {"path": "/out", "port": served.port, "secret": PASSWORD, "host_key": served.host_key}
    source = make_source(company, setter, now, way="sftp", host=host, username="hearth", **known)

    picked = pick_up_files(source.pk, now=now)

    source.refresh_from_db()
    assert (picked, source.error_code, served.met) == (0, "server_inside", [])


@pytest.mark.parametrize("wrong", ["secret", "host_key", "path", "port"])
def test_a_server_that_is_not_the_one_meant_or_refuses_is_told(
    wrong: str, company: OrgUnit, setter: Actor, served: Served, now: datetime
) -> None:
    other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJbR2Wm4zFvD3m2hKUfDYHVk1bE3oXyUpCq4yzVjJt5t"
    sound = {"path": "/out", "port": served.port, "secret": PASSWORD, "host_key": served.host_key}
    values = sound | {wrong: {"secret": "x", "host_key": other, "path": "/nowhere", "port": 1}[wrong]}
    source = make_source(company, setter, now, way="sftp", host="127.0.0.1", username="hearth", **values)

    picked = pick_up_files(source.pk, now=now)

    source.refresh_from_db()
    assert (picked, source.error_code) == (0, "place_unreachable")


def test_a_folder_outside_the_inbox_is_refused_also_through_a_link(
    company: OrgUnit, setter: Actor, inbox: Path, now: datetime, tmp_path: Path
) -> None:
    (inbox / "way_out").symlink_to(tmp_path)

    for path in ("../files", "/etc", "SZ/crm/way_out"):
        with pytest.raises(FolderOutside):
            make_source(company, setter, now, path=path)


def test_each_place_is_bound_to_its_own_folder_of_the_inbox(
    group: OrgUnit, company: OrgUnit, setter: Actor, inbox: Path, now: datetime
) -> None:
    theirs = inbox.parent.parent / "GZ" / "crm"
    theirs.mkdir(parents=True)
    (inbox / "shortcut").symlink_to(theirs)
    everywhere = make_actor(group, RUN_IMPORT, CHANGE_CUSTOMER, CHANGE_SOURCE)

    for path in ("GZ/crm", "SZ/../GZ/crm", "SZ/crm/shortcut", "crm", ".", "SZ-A"):
        with pytest.raises(FolderOutside):
            make_source(company, setter, now, path=path)

    assert make_source(company, everywhere, now, path="GZ/crm").path == "GZ/crm"


def test_a_folder_that_was_named_with_more_rights_is_no_longer_read_without_them(
    group: OrgUnit, company: OrgUnit, inbox: Path, now: datetime
) -> None:
    theirs = inbox.parent.parent / "GZ"
    theirs.mkdir()
    put(theirs, "a.csv", "K1,林晓,13800138000", now=now)
    everywhere = make_actor(group, RUN_IMPORT, CHANGE_CUSTOMER, CHANGE_SOURCE)
    source = make_source(company, everywhere, now, path="GZ")
    Membership.objects.filter(user=everywhere.user_id).update(org_unit=company)

    pick_up_files(source.pk, now=now)

    source.refresh_from_db()
    assert (source.error_code, names_in(theirs)) == ("folder_outside", ["a.csv"])


@pytest.mark.parametrize(
    "changed",
    [{"host": "other.example"}, {"port": 2222}, {"username": "root"}, {"host_key": "ssh-ed25519 BBBB"}],
)
def test_a_kept_secret_is_never_sent_to_another_server_or_account(
    changed: dict[str, object], company: OrgUnit, setter: Actor, now: datetime
) -> None:
    known = {"way": "sftp", "host": "files.example", "username": "hearth", "host_key": "ssh-ed25519 AAAA"}
    source = make_source(company, setter, now, **known, secret=PASSWORD)

    with pytest.raises(SecretMissing):
        make_source(company, setter, now, source, **{**known, **changed})
    source.refresh_from_db()
    make_source(company, setter, now, source, **{**known, "minutes": 5})
    kept = source.secret
    make_source(company, setter, now, source, **{**known, **changed}, secret="new")

    assert (kept, source.secret) == (PASSWORD, "new")


def test_a_secret_does_not_outlast_the_way_it_was_for(company: OrgUnit, setter: Actor, now: datetime) -> None:
    known = {"way": "sftp", "host": "files.example", "username": "hearth", "host_key": "ssh-ed25519 AAAA"}
    source = make_source(company, setter, now, **known, secret=PASSWORD)

    make_source(company, setter, now, source)

    assert source.secret == ""


def test_sftp_needs_a_secret_and_the_key_of_the_server(
    company: OrgUnit, setter: Actor, now: datetime
) -> None:
    with pytest.raises(SecretMissing):
        make_source(company, setter, now, way="sftp", host="files.example", username="hearth", secret="x")


def test_setting_up_needs_its_own_right_and_the_rights_of_an_import(company: OrgUnit, now: datetime) -> None:
    for rights in ((RUN_IMPORT, CHANGE_CUSTOMER), (RUN_IMPORT, CHANGE_SOURCE)):
        with pytest.raises(NotAllowed):
            make_source(company, make_actor(company, *rights), now)


def test_who_has_lost_the_right_brings_nothing_in(
    company: OrgUnit, setter: Actor, inbox: Path, now: datetime
) -> None:
    put(inbox, "a.csv", "K1,林晓,13800138000", now=now)
    source = make_source(company, setter, now)
    Membership.objects.filter(user=setter.user_id).delete()

    pick_up_files(source.pk, now=now)

    source.refresh_from_db()
    assert (source.error_code, Customer.objects.count(), names_in(inbox)) == ("not_allowed", 0, ["a.csv"])


def test_the_clock_queues_each_source_once_in_its_time(
    company: OrgUnit, setter: Actor, now: datetime
) -> None:
    make_source(company, setter, now, minutes=30)
    make_source(company, setter, now, name="off", is_active=False)

    queued = [queue_due_sources(now=now + timedelta(minutes=passed)) for passed in (0, 1, 29, 30)]

    assert queued == [1, 0, 0, 1]
    assert ProcrastinateJob.objects.filter(task_name="imports.pick_up").count() == 2


def test_a_source_is_set_up_changed_looked_at_and_deleted_on_the_page(
    company: OrgUnit, client: Client
) -> None:
    browser = sign_in(client, make_member(company, RUN_IMPORT, CHANGE_CUSTOMER, CHANGE_SOURCE))
    entered = {
        "name": "旧系统",
        "kind": "customers",
        "place": company.pk,
        "way": "sftp",
        "path": "/out",
        "pattern": "*.csv",
        "minutes": "15",
        "host": "files.example",
        "port": "22",
        "username": "hearth",
        "secret": PASSWORD,
        "host_key": "ssh-ed25519 AAAA",
        "options": ["update_known"],
        "is_active": "on",
    }

    browser.post(reverse("imports:source-new"), entered)
    source = ImportSource.objects.get()
    shown = browser.get(reverse("imports:source-edit", args=[source.pk])).content.decode()
    browser.post(reverse("imports:source-edit", args=[source.pk]), {**entered, "secret": "", "minutes": "5"})
    refused = browser.post(
        reverse("imports:source-new"), {**entered, "name": "x", "way": "folder", "path": "../.."}
    )
    source.refresh_from_db()
    listed = browser.get(reverse("imports:sources")).content.decode()
    browser.post(reverse("imports:source-look", args=[source.pk]))
    browser.post(reverse("imports:source-forget", args=[source.pk]))

    assert PASSWORD not in shown
    assert (source.minutes, source.secret, source.options["update_known"]) == (5, PASSWORD, True)
    assert refused.status_code == 422
    assert "旧系统" in listed
    assert ProcrastinateJob.objects.filter(task_name="imports.pick_up").count() == 1
    assert ImportSource.objects.count() == 0


def test_the_list_of_sources_takes_the_same_queries_for_one_and_for_three(
    company: OrgUnit, client: Client, now: datetime, actor: Actor
) -> None:
    browser = sign_in(client, make_member(company, RUN_IMPORT, CHANGE_CUSTOMER, CHANGE_SOURCE))
    counts = []
    for number in range(3):
        make_source(company, actor, now, name=str(number))
        counts.append(count_queries(browser, reverse("imports:sources")))

    assert counts[0] == counts[2]
