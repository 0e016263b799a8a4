"""Files are given to who asked and still may, for seven days, whole or not at all."""

import os
from datetime import timedelta

import pytest
from django.test import Client

from hearth.accounts.models import Notification
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.exports.files import folder, path_of
from hearth.exports.models import Export
from hearth.exports.permissions import EXPORT, VIEW_EXPORTS
from hearth.exports.refusals import FileNotThere, ViewChanged
from hearth.exports.services import give_file, remove_old_files
from hearth.exports.services.writing import KEPT
from hearth.exports.subscribers import tell_who_asked
from hearth.organization.models import Membership, OrgUnit
from tests.exports.builders import NOW, actor_of, make_export, make_exporter, write
from tests.organization.builders import make_actor, make_member, sign_in

pytestmark = pytest.mark.django_db


def test_the_file_is_given_to_who_asked_and_that_is_noted(company: OrgUnit) -> None:
    user = make_exporter(company)
    export = write(make_export(user))

    assert give_file(export, actor=actor_of(user), now=NOW) == path_of(export)
    with pytest.raises(NotAllowed):
        give_file(export, actor=actor_of(make_exporter(company)), now=NOW)

    event = EventRecord.objects.get(type="exports.downloaded")
    assert (event.actor_id, event.subject_id) == (user.pk, export.pk)


@pytest.mark.parametrize(
    ("lost", "refusal"),
    [(EXPORT, NotAllowed), ("customers.view", NotAllowed), ("customers.view_contact", ViewChanged)],
)
def test_rights_are_asked_for_again_when_the_file_is_taken(
    company: OrgUnit, lost: str, refusal: type[Exception]
) -> None:
    user = make_exporter(company)
    export = write(make_export(user, "name", "phone"))
    role = Membership.objects.get(user=user).role
    role.permissions = [right for right in role.permissions if right != lost]
    role.save()

    with pytest.raises(refusal):
        give_file(export, actor=actor_of(user), now=NOW)


def test_a_token_of_fewer_rights_does_not_take_what_the_person_wrote(company: OrgUnit) -> None:
    user = make_exporter(company)
    export = write(make_export(user, "name", "phone"))

    with pytest.raises(ViewChanged):
        give_file(export, actor=actor_of(user).narrowed_to({EXPORT, "customers.view"}), now=NOW)


def test_more_rights_than_before_keep_the_file(company: OrgUnit, neighbour: OrgUnit) -> None:
    user = make_exporter(company)
    export = write(make_export(user))
    Membership.objects.filter(user=make_exporter(neighbour)).update(user=user)

    assert give_file(export, actor=actor_of(user), now=NOW).exists()


def test_no_half_file_is_given(company: OrgUnit) -> None:
    user = make_exporter(company)
    export = make_export(user)
    Export.objects.filter(pk=export.pk).update(state="running", attempts=1)
    export.refresh_from_db()
    path_of(export).write_text("half")

    with pytest.raises(FileNotThere):
        give_file(export, actor=actor_of(user), now=NOW)

    written = write(export)
    assert (written.state, written.attempts) == ("done", 2)
    whole = give_file(written, actor=actor_of(user), now=NOW).read_text(encoding="utf-8-sig")
    assert whole == 'Name,"Exported by, on, for"\n'


def test_files_are_removed_after_their_days(company: OrgUnit) -> None:
    user = make_exporter(company)
    old, later = write(make_export(user)), NOW + timedelta(days=1)
    new = write(make_export(user, now=later), now=later)

    with pytest.raises(FileNotThere):
        give_file(old, actor=actor_of(user), now=NOW + KEPT)
    assert remove_old_files(now=NOW + KEPT) == 1
    assert remove_old_files(now=NOW + KEPT) == 0

    old.refresh_from_db()
    assert (old.state, old.reason) == ("expired", "年度回访名单")
    assert [path.name for path in folder().iterdir()] == [path_of(new).name]


def test_what_killed_workers_left_is_removed_after_a_day(company: OrgUnit) -> None:
    kept = write(make_export(make_exporter(company)))
    stray, fresh, sheets = folder() / f"{kept.pk}.0", folder() / "fresh.1", folder() / "sheets-x"
    stray.write_text("half")
    fresh.write_text("half")
    sheets.mkdir()
    (sheets / "rows").write_text("half")
    for path in (stray, sheets, path_of(kept)):
        os.utime(path, (NOW.timestamp() - 90_000, NOW.timestamp() - 90_000))
    os.utime(fresh, (NOW.timestamp() - 60, NOW.timestamp() - 60))

    remove_old_files(now=NOW)

    assert {path.name for path in folder().iterdir()} == {path_of(kept).name, "fresh.1"}


def test_files_are_readable_by_the_installation_alone(company: OrgUnit) -> None:
    export = write(make_export(make_exporter(company), table_format="xlsx"))

    assert path_of(export).stat().st_mode & 0o077 == 0
    assert folder().stat().st_mode & 0o077 == 0


def test_who_asked_is_told_once(company: OrgUnit) -> None:
    user = make_exporter(company)
    export = write(make_export(user))
    event = EventRecord.objects.get(type="exports.list_exported")

    tell_who_asked(event)
    tell_who_asked(event)

    [told] = Notification.objects.filter(user=user)
    assert (told.url, told.params) == (f"/exports/{export.pk}/", {"name": export.name})


def test_the_watcher_of_the_group_sees_all_exports_but_no_file(
    client: Client, company: OrgUnit, group: OrgUnit
) -> None:
    export = write(make_export(make_exporter(company)))
    watcher = make_member(group, "core.signed_in", VIEW_EXPORTS, EXPORT, "customers.view")

    page = sign_in(client, watcher).get("/exports/all/")
    detail, file = client.get(f"/exports/{export.pk}/"), client.get(f"/exports/{export.pk}/file/")

    assert export.reason in page.content.decode()
    assert (detail.status_code, file.status_code) == (200, 404)


def test_the_watcher_of_a_company_sees_its_exports_alone(
    company: OrgUnit, neighbour: OrgUnit, group: OrgUnit
) -> None:
    here, there, everywhere = (make_export(make_exporter(place)) for place in (company, neighbour, group))
    watchers = [make_actor(place, VIEW_EXPORTS) for place in (company, neighbour, group)]

    seen = [set(Export.objects.visible_to(watcher)) for watcher in watchers]

    assert seen == [{here}, {there}, {here, there, everywhere}]
    assert set(Export.objects.visible_to(make_actor(company, EXPORT))) == set()
