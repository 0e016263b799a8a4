"""What goes wrong while mail is taken in: it is kept, said, and tried again."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import OperationalError

from hearth.cases.models import Case
from hearth.channels.models import Message
from hearth.core.models import StoredFile
from hearth.mailroom.models import InboundMail, MailAttachment, Mailbox
from hearth.mailroom.services import FLOOD_MAILS, change_mailbox, take_mail
from hearth.organization.models import OrgUnit
from tests.core.test_uploads import picture
from tests.mailroom.builders import (
    NOW,
    SYSTEM,
    about_mailbox,
    fetched_mail,
    make_mailbox,
    make_writer,
    name_of,
    taken,
)
from tests.mailroom.letters import SENDER, bounce_of, with_files, write_mail

pytestmark = pytest.mark.django_db
NESTED = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(2_000))


def _broken(*_args: object, **_kwargs: object) -> None:
    raise TypeError("ours")


def _deadlocked(*_args: object, **_kwargs: object) -> None:
    raise OperationalError("deadlock detected")


def test_a_mail_is_kept_whole_when_what_follows_from_it_goes_wrong_here(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_writer(company)
    monkeypatch.setattr("hearth.mailroom.services.taking.lead_on", _broken)

    row = taken(make_mailbox(company), with_files(("photo.png", picture("PNG"))))

    assert (row.state, row.reason, row.sender, row.text) == ("waiting", "went_wrong", SENDER, "见附件。")
    assert "TypeError: ours" in caplog.text
    assert not MailAttachment.objects.exists()
    (stored,) = StoredFile.objects.all()
    assert stored == row.raw
    assert Path(stored.file.path).exists()


def test_a_database_that_is_in_the_way_leaves_nothing_behind_and_the_mail_to_the_next_look(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = make_mailbox(company)
    folder = Path(settings.MEDIA_ROOT)
    before = _files(folder)

    with monkeypatch.context() as patch:
        patch.setattr("hearth.mailroom.services.taking.lead_on", _deadlocked)
        with pytest.raises(OperationalError):
            taken(box, with_files(("photo.png", picture("PNG"))), uid=1)
    after = _files(folder)
    row = taken(box, with_files(("photo.png", picture("PNG"))), uid=1)

    assert after == before
    assert (row.reason, MailAttachment.objects.count()) == ("unknown_sender", 1)


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_of_a_mail_that_cannot_be_read_the_head_is(company: OrgUnit) -> None:
    head = f"From: {SENDER}\r\nSubject: leak\r\nMessage-ID: <nested@x>\r\n"

    row = taken(make_mailbox(company), (head + NESTED).encode())

    assert (row.reason, row.sender, row.subject, row.message_id) == ("not_read", SENDER, "leak", "nested@x")


def test_what_came_before_anybody_fetched_waits_and_opens_nothing(company: OrgUnit) -> None:
    make_writer(company)
    box = make_mailbox(company)

    old = taken(box, with_files(("photo.png", picture("PNG"))), now=NOW - timedelta(seconds=1))
    machine = taken(box, write_mail(Auto_Submitted="auto-replied"), now=NOW - timedelta(days=9))

    assert (old.state, old.reason, machine.state) == ("waiting", "older", "noted")
    assert MailAttachment.objects.filter(mail=old).count() == 1
    assert not Case.objects.exists()
    assert not Message.objects.exists()


def test_a_mailbox_that_moves_takes_the_same_numbers_again_and_nothing_older(company: OrgUnit) -> None:
    make_writer(company)
    box = make_mailbox(company)
    first = taken(box, write_mail(), uid=1, now=NOW + timedelta(hours=1))
    moved = change_mailbox(
        box, about_mailbox(host="other.example.org"), actor=SYSTEM, now=NOW + timedelta(hours=5)
    )

    new = taken(moved, write_mail("新的", message_id="<2@x>"), uid=1, now=NOW + timedelta(hours=4))
    old = taken(moved, write_mail("旧的", message_id="<3@x>"), uid=2, now=NOW)

    assert (new.state, old.reason) == ("taken", "older")
    assert (new.uid_validity, new.uid, new.era) == (first.uid_validity, first.uid, first.era + 1)


def test_another_way_to_the_same_folder_goes_on_with_its_numbers(company: OrgUnit) -> None:
    box = make_mailbox(company, port=143, security="starttls", user_name="service")
    taken(box, write_mail(), uid=7)

    changed = change_mailbox(box, about_mailbox(user_name="service"), actor=SYSTEM, now=NOW)

    assert (changed.security, changed.era, changed.last_uid, changed.uid_validity) == ("tls", 0, 7, 1)


def test_a_fetch_that_still_runs_takes_nothing_into_a_mailbox_that_moved(company: OrgUnit) -> None:
    before = make_mailbox(company)
    change_mailbox(before, about_mailbox(folder="Service"), actor=SYSTEM, now=NOW)

    late = take_mail(before, fetched_mail(write_mail(), uid=900), uid_validity=1, now=NOW)

    before.refresh_from_db()
    assert late is None
    assert (before.last_uid, before.uid_validity) == (0, None)
    assert not InboundMail.objects.exists()


def test_a_flood_holds_no_bounce_back_and_keeps_the_files_of_what_it_holds(company: OrgUnit) -> None:
    box = make_mailbox(company)
    make_writer(company)
    taken(box, write_mail())
    message = Message.objects.get()
    Message.objects.update(state="sent", sent_at=NOW)

    for number in range(FLOOD_MAILS):
        taken(box, bounce_of(f"0{number}@x"))
        taken(box, write_mail(f"广告 {number}", message_id=f"<{number}@x>"))
    bounce = taken(box, bounce_of(name_of(message)))
    held = taken(box, with_files(("photo.png", picture("PNG"))))

    assert (bounce.state, bounce.about_message) == ("noted", message)
    assert held.state == "held"
    assert MailAttachment.objects.filter(mail=held).count() == 1


def test_a_mailbox_of_before_goes_on_from_when_it_was_set_up(company: OrgUnit) -> None:
    bring_over = import_module("hearth.mailroom.migrations.0002_moved_mailboxes").begin_with_the_mailbox
    box, empty = make_mailbox(company), make_mailbox(company)
    taken(box, write_mail(), now=NOW + timedelta(days=2))
    long_ago = NOW - timedelta(days=99)
    Mailbox.objects.update(takes_from_at=long_ago, taken_until_at=long_ago)

    bring_over(apps, None)

    box.refresh_from_db()
    empty.refresh_from_db()
    assert (box.takes_from_at, box.taken_until_at) == (NOW, NOW + timedelta(days=2))
    assert (empty.takes_from_at, empty.taken_until_at) == (NOW, NOW)
