"""A message reaches its recipient once, or a person is told why not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.channels.gateways.mail import MailServer
from hearth.channels.models import Message
from hearth.channels.services.messages import (
    NotUnconfirmed,
    queue_messages,
    recover_messages,
    send_again,
)
from hearth.channels.services.sending import PAUSES, send_messages
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from tests.channels.builders import make_draft, make_message, state_of
from tests.channels.mailbox import Mailbox, open_mailbox
from tests.organization.builders import make_actor
from tests.privacy.builders import make_consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as opened:
        yield opened


def send(mailbox: Mailbox, message_ids: list[UUID], at: datetime) -> None:
    send_messages(message_ids, server=MailServer("127.0.0.1", mailbox.port), clock=lambda: at)


@pytest.mark.requirement("S17")
def test_a_mail_arrives_whole_with_its_way_out(company: OrgUnit, mailbox: Mailbox, now: datetime) -> None:
    message = make_message(make_draft(company, recipient="wang@example.com"), now=now)

    send(mailbox, [message.pk], now)

    mail = mailbox.mails[0]
    assert mail["To"] == "wang@example.com"
    assert mail["Subject"] == "新春活动"
    assert mail["Message-ID"] == f"<{message.pk}@hearth.invalid>"
    assert mail["List-Unsubscribe"] == "<https://hearth.example/p/u/abc>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == message.body.splitlines()
    assert '<a href="https://hearth.example/p/r/abc">' in html.get_content()
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts) == ("sent", now, 1)
    event = EventRecord.objects.get(type="channels.message_sent")
    assert (event.subject_id, event.customer_id) == (message.pk, message.customer_id)


def test_sending_again_what_was_sent_does_nothing(company: OrgUnit, mailbox: Mailbox, now: datetime) -> None:
    message = make_message(make_draft(company), now=now)

    send(mailbox, [message.pk], now)
    send(mailbox, [message.pk], now)

    assert len(mailbox.mails) == 1


def test_consent_withdrawn_after_queueing_stops_the_message(
    company: OrgUnit, mailbox: Mailbox, now: datetime
) -> None:
    message = make_message(make_draft(company), now=now)
    make_consent(message.customer_id, decision="withdrawn", decided_at=now)

    send(mailbox, [message.pk], now)

    assert mailbox.mails == []
    message.refresh_from_db()
    assert (message.state, message.state_reason) == ("refused", "opted_out")
    event = EventRecord.objects.get(type="channels.message_not_sent")
    assert event.payload["reason"] == "opted_out"


def test_a_dead_address_fails_and_the_next_message_is_sent(
    company: OrgUnit, mailbox: Mailbox, now: datetime
) -> None:
    mailbox.answer_to_recipient["gone@example.com"] = "550 no such mailbox"
    dead = make_message(make_draft(company, recipient="gone@example.com"), now=now)
    living = make_message(make_draft(company, recipient="here@example.com"), now=now)

    send(mailbox, [dead.pk, living.pk], now)

    dead.refresh_from_db()
    assert (dead.state, dead.state_reason) == ("failed", "550 no such mailbox")
    assert mailbox.recipients == {"here@example.com": 1}


def test_an_address_that_no_server_could_take_fails(
    company: OrgUnit, mailbox: Mailbox, now: datetime
) -> None:
    message = make_message(make_draft(company, recipient="王\n@example.com"), now=now)

    send(mailbox, [message.pk], now)

    assert state_of(message.pk) == "failed"


def test_a_busy_server_is_asked_again_later_and_not_for_ever(
    company: OrgUnit, mailbox: Mailbox, now: datetime
) -> None:
    mailbox.answer_to_text = "451 busy"
    message = make_message(make_draft(company), now=now)

    at = now
    for pause in PAUSES:
        send(mailbox, [message.pk], at)
        message.refresh_from_db()
        assert (message.state, message.due_at) == ("queued", at + timedelta(minutes=pause))
        send(mailbox, [message.pk], at)
        at += timedelta(minutes=pause)
    send(mailbox, [message.pk], at)

    message.refresh_from_db()
    assert (message.state, message.state_reason, message.attempts) == ("failed", "451 busy", 5)
    waiting = ProcrastinateJob.objects.filter(task_name="channels.send_batch")
    assert waiting.count() == len(PAUSES)


def test_a_server_that_is_down_loses_nothing(company: OrgUnit, now: datetime) -> None:
    message = make_message(make_draft(company), now=now)
    with open_mailbox() as closed:
        port = closed.port

    send_messages([message.pk], server=MailServer("127.0.0.1", port), clock=lambda: now)

    message.refresh_from_db()
    assert (message.state, message.state_reason) == ("queued", "ConnectionRefusedError")


def test_a_connection_lost_at_the_final_dot_leaves_the_message_unconfirmed(
    company: OrgUnit, mailbox: Mailbox, now: datetime
) -> None:
    mailbox.hangs_up_on.add("first@example.com")
    first = make_message(make_draft(company, recipient="first@example.com"), now=now)
    second = make_message(make_draft(company, recipient="second@example.com"), now=now)

    send(mailbox, [first.pk, second.pk], now)

    assert (state_of(first.pk), state_of(second.pk)) == ("unconfirmed", "sent")


def test_an_unconfirmed_message_is_repeated_only_by_a_person_under_the_same_identifier(
    company: OrgUnit, mailbox: Mailbox, actor: Actor, now: datetime
) -> None:
    message = make_message(make_draft(company), now=now, state="unconfirmed")
    send(mailbox, [message.pk], now)
    assert mailbox.mails == []

    send_again(message, actor=actor, now=now)
    send(mailbox, [message.pk], now)

    assert [mail["Message-ID"] for mail in mailbox.mails] == [f"<{message.pk}@hearth.invalid>"]
    with pytest.raises(NotUnconfirmed):
        send_again(message, actor=actor, now=now)


def test_what_a_dead_worker_had_claimed_is_queued_and_what_it_was_handing_over_is_not(
    company: OrgUnit, now: datetime
) -> None:
    claimed = make_message(make_draft(company), now=now, state="claimed")
    handing_over = make_message(make_draft(company), now=now, state="handing_over")
    fresh = make_message(make_draft(company), now=now, state="claimed")
    Message.objects.filter(pk__in=[claimed.pk, handing_over.pk]).update(
        claimed_at=now - timedelta(minutes=11)
    )
    Message.objects.filter(pk=fresh.pk).update(claimed_at=now)

    recovered = recover_messages(now=now)

    assert recovered == (1, 1)
    assert [state_of(row.pk) for row in (claimed, handing_over, fresh)] == [
        "queued",
        "unconfirmed",
        "claimed",
    ]
    job = ProcrastinateJob.objects.get(task_name="channels.send_batch")
    assert job.args == {"message_ids": [str(claimed.pk)]}


def test_a_worker_that_slept_through_its_recovery_gives_its_claim_up(
    company: OrgUnit, mailbox: Mailbox, now: datetime
) -> None:
    message = make_message(make_draft(company), now=now)
    later = now + timedelta(minutes=30)
    asked = []

    def clock_with_a_long_sleep() -> datetime:
        asked.append(1)
        if len(asked) == 2:
            recover_messages(now=later)
        return now if len(asked) == 1 else later

    send_messages([message.pk], server=MailServer("127.0.0.1", mailbox.port), clock=clock_with_a_long_sleep)

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 2)
    assert len(mailbox.mails) == 1


def test_queueing_twice_writes_once_and_defers_one_job_for_a_thousand(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    drafts = [make_draft(company) for _ in range(3)]

    first = queue_messages(drafts, actor=actor, now=now)
    second = queue_messages(drafts, actor=actor, now=now)

    assert (first, second, Message.objects.count()) == (3, 0, 3)
    assert ProcrastinateJob.objects.filter(task_name="channels.send_batch").count() == 1
    assert sorted(row.recipient for row in Message.objects.all()) == sorted(
        draft.recipient for draft in drafts
    )


def test_only_those_who_may_send_queue_messages(company: OrgUnit, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        queue_messages([make_draft(company)], actor=make_actor(company, "channels.view"), now=now)

    assert Message.objects.count() == 0
