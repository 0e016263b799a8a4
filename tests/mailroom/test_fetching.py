"""Fetching from a real IMAP server: each mail once, whatever breaks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.utils import translation

from hearth.accounts.models import Notification
from hearth.cases.models import Case
from hearth.lib.mail import ReadMail, read_mail
from hearth.lib.outside_addresses import Network
from hearth.mailroom import gateway
from hearth.mailroom.gateway import Inbox, folder_on_the_wire
from hearth.mailroom.models import InboundMail, Mailbox
from hearth.mailroom.services import change_mailbox, fetch_mailbox, queue_fetching
from hearth.mailroom.services.mailboxes import MailboxRefused, account_of, try_mailbox
from hearth.organization.models import OrgUnit
from tests.channels.mailbox import open_mailbox
from tests.mailroom.builders import NOW, SYSTEM, about_mailbox, make_mailbox, make_writer
from tests.mailroom.dovecot import PASSWORD, Dovecot, run_dovecot
from tests.mailroom.letters import write_mail
from tests.organization.builders import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with run_dovecot() as running:
        yield running


@pytest.fixture(autouse=True)
def _inside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let servers of this machine be asked, and have refusals in English."""
    inside: list[Network] = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
    monkeypatch.setattr(settings, "MAILBOX_NETWORKS", inside)
    with translation.override("en"):
        yield


def at(server: Dovecot, **values: Any) -> dict[str, Any]:
    """Say where the server is."""
    kept = {"host": "127.0.0.1", "port": server.port, "security": "plain", "password": PASSWORD}
    return {**kept, **values}


def fetched_box(place: OrgUnit, server: Dovecot, user: str) -> Mailbox:
    return make_mailbox(place, **at(server, user_name=user))


def fetch(mailbox: Mailbox) -> int:
    mailbox.refresh_from_db()
    return fetch_mailbox(mailbox, now=NOW)


@pytest.mark.requirement("S124")
def test_mails_are_fetched_once_and_marked_as_read(company: OrgUnit, server: Dovecot) -> None:
    make_writer(company)
    box = fetched_box(company, server, "once")
    server.deliver(write_mail(), write_mail("另一件事", message_id="<2@x>"), user="once")

    first = fetch(box)
    server.deliver(write_mail("第三件", message_id="<3@x>"), user="once")
    second, third = fetch(box), fetch(box)

    assert (first, second, third) == (2, 1, 0)
    assert Case.objects.count() == InboundMail.objects.count() == 3
    assert server.seen("once") == [1, 2, 3]
    box.refresh_from_db()
    assert (box.failure, box.checked_at, box.last_uid) == ("", NOW, 3)


def test_a_worker_that_is_killed_before_it_told_the_server_takes_nothing_twice(
    company: OrgUnit, server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_writer(company)
    box = fetched_box(company, server, "killed")
    server.deliver(write_mail(), user="killed")

    with monkeypatch.context() as patch:
        patch.setattr(Inbox, "flag", _killed)
        with pytest.raises(KeyboardInterrupt):
            fetch(box)
    before = server.seen("killed")
    again = fetch(box)

    assert (before, again) == ([], 0)
    assert (Case.objects.count(), server.seen("killed")) == (1, [1])


def _killed(*_args: object) -> None:
    raise KeyboardInterrupt


def test_a_folder_that_the_server_renumbered_brings_nothing_twice(company: OrgUnit, server: Dovecot) -> None:
    make_writer(company)
    box = fetched_box(company, server, "moved")
    server.deliver(write_mail(), user="moved", at=NOW + timedelta(minutes=1))
    fetch(box)
    Mailbox.objects.update(uid_validity=1, last_uid=900)

    server.deliver(write_mail("新的", message_id="<2@x>"), user="moved", at=NOW + timedelta(hours=1))
    box.refresh_from_db()
    taken = fetch_mailbox(box, now=NOW + timedelta(hours=2))

    assert taken == 1
    assert Case.objects.count() == 2


def test_the_history_of_a_folder_is_not_fetched(company: OrgUnit, server: Dovecot) -> None:
    make_writer(company)
    box = fetched_box(company, server, "history")
    server.deliver(write_mail(), user="history", at=NOW - timedelta(days=3))
    server.deliver(write_mail("新的", message_id="<2@x>"), user="history", at=NOW + timedelta(minutes=1))

    taken = fetch(box)

    assert taken == 1
    assert Case.objects.get().body == "新的"


def test_what_was_erased_stays_away_when_the_server_renumbers_its_folder(
    company: OrgUnit, server: Dovecot
) -> None:
    box = fetched_box(company, server, "erased")
    start = NOW - timedelta(days=30)
    Mailbox.objects.update(takes_from_at=start, taken_until_at=start)
    for days, name in ((9, "<9@x>"), (2, "<2@x>"), (1, "<1@x>")):
        server.deliver(write_mail(message_id=name), user="erased", at=NOW - timedelta(days=days))
    fetch(box)
    InboundMail.objects.exclude(message_id="2@x").delete()
    Mailbox.objects.update(uid_validity=1, last_uid=900)
    server.deliver(write_mail("新的", message_id="<new@x>"), user="erased", at=NOW - timedelta(hours=1))

    again = fetch(box)

    assert again == 1
    assert set(InboundMail.objects.values_list("message_id", flat=True)) == {"2@x", "new@x"}


def test_an_error_of_ours_is_kept_with_the_mailbox_too(
    company: OrgUnit, server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = fetched_box(company, server, "ours")
    server.deliver(write_mail(), user="ours")

    with monkeypatch.context() as patch:
        patch.setattr("hearth.mailroom.services.taking.take_mail", _in_the_way)
        with pytest.raises(OperationalError):
            fetch(box)
    failing = Mailbox.objects.get()
    again = fetch(box)

    assert (failing.failure, failing.first_failed_at, failing.claim_ends_at) == ("broken", NOW, None)
    assert (again, InboundMail.objects.get().reason) == (1, "unknown_sender")


def test_a_mail_that_cannot_be_taken_is_kept_raw_logged_and_stops_nothing(
    company: OrgUnit, server: Dovecot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    box = fetched_box(company, server, "wrong")
    server.deliver(write_mail("bad"), write_mail("好的", message_id="<2@x>"), user="wrong")
    monkeypatch.setattr("hearth.mailroom.services.taking.read_mail", _read_some)

    taken = fetch(box)

    wrong, right = InboundMail.objects.order_by("uid")
    assert (taken, wrong.state, wrong.reason) == (2, "waiting", "went_wrong")
    assert wrong.raw is not None
    assert (right.reason, right.text) == ("unknown_sender", "好的")
    assert "TypeError: ours" in caplog.text


def _read_some(raw: bytes, **values: Any) -> ReadMail:
    if b"bad" in raw:
        raise TypeError("ours")
    return read_mail(raw, **values)


def test_a_mailbox_that_moved_marks_no_mail_of_the_new_server_for_the_old_one(
    company: OrgUnit, server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = fetched_box(company, server, "before")
    server.deliver(write_mail(), write_mail(message_id="<2@x>"), user="before")
    with monkeypatch.context() as patch:
        patch.setattr(Inbox, "flag", _killed)
        with pytest.raises(KeyboardInterrupt):
            fetch(box)
    server.deliver(write_mail("早先的"), write_mail("早先的"), user="after", at=NOW - timedelta(days=9))
    server.deliver(write_mail("新的", message_id="<3@x>"), user="after")
    about = about_mailbox(**at(server, user_name="after"))
    with Inbox(replace(account_of(box), user_name="after")) as after:
        InboundMail.objects.update(uid_validity=after.uid_validity)

    taken = fetch(change_mailbox(box, about, actor=SYSTEM, now=NOW))

    assert taken == 1
    assert server.seen("after") == [3]


def _in_the_way(*_args: object, **_kwargs: object) -> None:
    raise OperationalError("deadlock detected")


def test_hostile_mail_between_others_stops_nothing(company: OrgUnit, server: Dovecot) -> None:
    make_writer(company)
    box = fetched_box(company, server, "hostile")
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(2_000))
    server.deliver(
        write_mail(), nested.encode(), b"x", write_mail("后一件", message_id="<2@x>"), user="hostile"
    )

    assert fetch(box) == 4

    assert Case.objects.count() == 2
    assert InboundMail.objects.waiting().count() == 2


def test_of_a_mail_that_is_too_large_only_the_head_is_fetched(
    company: OrgUnit, server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_writer(company)
    box = fetched_box(company, server, "large")
    monkeypatch.setattr(gateway, "MOST_BYTES", 10_000)
    server.deliver(write_mail("漏" * 20_000), user="large")

    fetch(box)

    row = InboundMail.objects.get()
    assert (row.reason, row.subject, row.text) == ("too_large", "报修：卫生间渗漏", "")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_is_believed_by_its_certificate_alone(
    server: Dovecot, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = server.tls_port if security == "tls" else server.port
    about = about_mailbox(**at(server, host="localhost", port=port, security=security))

    with pytest.raises(MailboxRefused, match="certificate"):
        try_mailbox(about, password=PASSWORD)
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    try_mailbox(about, password=PASSWORD)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"host": "no-such-host.invalid"}, "name of the server"),
        ({"host": "10.255.255.1"}, "private network"),
        ({"port": 1}, "nothing answers"),
        ({"folder": "Elsewhere"}, "no such folder"),
        ({"folder": 'a"b\\'}, "no such folder"),
        ({"password": "wrong"}, "user name and password"),
        ({"password": "中文"}, "user name and password"),
        ({"security": "tls"}, "no IMAP server"),
    ],
)
def test_what_failed_is_said_in_words(server: Dovecot, wrong: dict[str, Any], words: str) -> None:
    about = about_mailbox(**at(server, **wrong))

    with pytest.raises(MailboxRefused) as refused:
        try_mailbox(about, password=about.password)

    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("INBOX", "INBOX"),
        ("&W6JnDQ-", "&W6JnDQ-"),
        ("客服", "&W6JnDQ-"),
        ("A&B/报修 1", "A&-B/&YqVP7g- 1"),
        ("🏠", "&2Dzf4A-"),
    ],
)
def test_folders_are_named_as_servers_write_them(name: str, written: str) -> None:
    assert folder_on_the_wire(name) == written


def test_a_folder_with_a_chinese_name_is_fetched_from(company: OrgUnit, server: Dovecot) -> None:
    with server.open("folders") as imap:
        imap.create('"&W6JnDQ-"')
    box = make_mailbox(company, **at(server, user_name="folders", folder="客服"))
    server.deliver(write_mail(), user="folders", folder='"&W6JnDQ-"')

    taken = fetch(box)

    assert (taken, Mailbox.objects.get().failure) == (1, "")


def test_a_server_of_mail_that_is_sent_is_no_mailbox(server: Dovecot) -> None:
    with open_mailbox() as other, pytest.raises(MailboxRefused, match="IMAP"):
        try_mailbox(about_mailbox(**at(server, port=other.port)), password=PASSWORD)


def test_a_mailbox_that_fails_says_since_when_and_recovers(company: OrgUnit, server: Dovecot) -> None:
    box = fetched_box(company, server, "fails")
    Mailbox.objects.update(port=1)

    fetch(box)
    fetch_mailbox(Mailbox.objects.get(), now=NOW + timedelta(hours=1))
    failing = Mailbox.objects.get()
    Mailbox.objects.update(port=server.port)
    fetch(box)

    assert (failing.failure, failing.first_failed_at) == ("unreachable", NOW)
    box.refresh_from_db()
    assert (box.failure, box.first_failed_at) == ("", None)


def test_who_manages_a_mailbox_is_told_once_that_it_has_not_worked_for_an_hour(
    company: OrgUnit, neighbour: OrgUnit, server: Dovecot
) -> None:
    manager, _handler = make_member(company, "mailroom.manage"), make_member(company, "mailroom.handle")
    make_member(neighbour, "mailroom.manage")
    box = fetched_box(company, server, "silent")
    Mailbox.objects.update(port=1)
    told = []

    for minutes in (0, 30, 61, 62):
        fetch_mailbox(Mailbox.objects.get(), now=NOW + timedelta(minutes=minutes))
        told.append(Notification.objects.filter(kind="mailroom.not_fetched").count())
    Mailbox.objects.update(port=server.port)
    fetch(box)
    Mailbox.objects.update(port=1)
    for minutes in (180, 250):
        fetch_mailbox(Mailbox.objects.get(), now=NOW + timedelta(minutes=minutes))

    assert told == [0, 0, 1, 1]
    assert [row.user for row in Notification.objects.all()] == [manager] * 2


def test_each_mailbox_is_queued_once_until_it_was_looked_into(company: OrgUnit) -> None:
    make_mailbox(company)
    make_mailbox(company, is_active=False)

    first, second = queue_fetching(now=NOW), queue_fetching(now=NOW)
    lost = queue_fetching(now=NOW + timedelta(minutes=11))

    assert (first, second, lost) == (1, 0, 1)
