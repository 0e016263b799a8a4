"""Handing messages to the mail server, each at most once, whatever dies in between.

Each row is the proof of its own progress: `claimed` is committed before anything is done, `handing_over` just before
the final dot, `sent` after the server's answer. Every step is conditional on the claim this worker made
(`claimed_at`), so that a worker which slept through its recovery cannot send what another one now holds.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q

from hearth.channels.events import MessageNotSent, MessageSent
from hearth.channels.gateways.mail import (
    HandOverUnclear,
    Mail,
    MailServer,
    PermanentFailure,
    TemporaryFailure,
)
from hearth.channels.models import Message
from hearth.core.actor import Actor
from hearth.core.events import Event, record
from hearth.privacy.selectors import ContactAnswer, may_contact

Clock = Callable[[], datetime]
Question = tuple[str, str]
FRESH = timedelta(seconds=1)
CLAIMED_AT_ONCE = 50
# Minutes until the next attempt; after the last one the message has failed.
PAUSES = (1, 5, 30, 120)
SENDER = Actor.system("mail")
State = Message.State


def send_messages(message_ids: Sequence[UUID], *, server: MailServer, clock: Clock) -> None:
    """Send those of the messages that are queued and due. May be repeated and run beside itself."""
    with server:
        while claimed := _claim(message_ids, clock()):
            answers = _Answers(claimed, clock)
            for message in claimed:
                _send(message, answers.answer(message), server, clock)


class _Answers:
    """What privacy says of the claimed messages, never older than a second when it is used."""

    def __init__(self, messages: Sequence[Message], clock: Clock) -> None:
        self._messages, self._clock = messages, clock
        self._answers: dict[Question, dict[UUID, ContactAnswer]] = {}
        self._asked_at: datetime | None = None

    def answer(self, message: Message) -> ContactAnswer:
        now = self._clock()
        if self._asked_at is None or now - self._asked_at > FRESH:
            self._answers = {
                question: self._ask(question) for question in set(map(_question, self._messages))
            }
            self._asked_at = now
        return self._answers[_question(message)][message.customer_id]

    def _ask(self, question: Question) -> dict[UUID, ContactAnswer]:
        customers = {row.customer_id for row in self._messages if _question(row) == question}
        return may_contact(customers, *question)


def _question(message: Message) -> Question:
    return message.purpose_code, message.channel


@transaction.atomic
def _claim(message_ids: Sequence[UUID], now: datetime) -> list[Message]:
    """Take some messages that nobody else is taking."""
    due = Q(due_at=None) | Q(due_at__lte=now)
    queued = Message.objects.filter(due, id__in=message_ids, state=State.QUEUED).order_by("id")
    rows = list(queued.select_for_update(skip_locked=True)[:CLAIMED_AT_ONCE])
    Message.objects.filter(id__in=[row.pk for row in rows]).update(
        state=State.CLAIMED, claimed_at=now, attempts=F("attempts") + 1, updated_at=now
    )
    for row in rows:
        row.claimed_at, row.attempts = now, row.attempts + 1
    return rows


def _send(message: Message, answer: ContactAnswer, server: MailServer, clock: Clock) -> None:
    if not answer.is_allowed:
        _close(message, State.REFUSED, reason=answer.value, now=clock())
        return
    try:
        server.begin(_mail(message))
        if not _move(message, [State.CLAIMED], State.HANDING_OVER, now=clock()):
            server.abandon()
            return
        server.finish()
    except TemporaryFailure as failure:
        _postpone(message, str(failure), clock())
    except PermanentFailure as failure:
        _close(message, State.FAILED, reason=str(failure), now=clock())
    except HandOverUnclear:
        _move(message, [State.HANDING_OVER], State.UNCONFIRMED, now=clock(), reason="connection_lost")
    else:
        _close(message, State.SENT, reason="", now=clock())


def _mail(message: Message) -> Mail:
    return Mail(
        message.pk,
        message.recipient,
        message.subject,
        message.body,
        message.unsubscribe_url,
        thread=tuple(message.thread.split()),
        reply_address=message.reply_address,
        is_automatic=message.is_automatic,
    )


def _move(
    message: Message,
    expected: Iterable[str],
    state: str,
    *,
    now: datetime,
    reason: str = "",
    due_at: datetime | None = None,
) -> bool:
    """Change the state if the row is still ours; one commit outside a transaction."""
    sent_at = now if state == State.SENT else None
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE channels_message
            SET state = %s, state_reason = %s, due_at = %s, sent_at = %s, updated_at = %s
            WHERE id = %s AND claimed_at = %s AND state = ANY(%s)
            """,
            [state, reason[:200], due_at, sent_at, now, message.pk, message.claimed_at, list(expected)],
        )
        return bool(cursor.rowcount)


@transaction.atomic
def _close(message: Message, state: str, *, reason: str, now: datetime) -> None:
    """End a message and say so; a worker that learns the truth late may still correct `unconfirmed`."""
    if not _move(
        message, [State.CLAIMED, State.HANDING_OVER, State.UNCONFIRMED], state, now=now, reason=reason
    ):
        return
    code = "failed" if state == State.FAILED else reason
    event = _sent(message) if state == State.SENT else _not_sent(message, code)
    record(event, actor=SENDER, now=now)


def _sent(message: Message) -> Event:
    return MessageSent(
        org_unit_id=message.org_unit_id,
        customer_id=message.customer_id,
        subject_id=message.pk,
        channel=message.channel,
        sender_kind=message.sender_kind,
        sender_id=str(message.sender_id or ""),
        is_sample=message.is_sample,
    )


def _not_sent(message: Message, code: str) -> Event:
    return MessageNotSent(
        org_unit_id=message.org_unit_id,
        customer_id=message.customer_id,
        subject_id=message.pk,
        channel=message.channel,
        reason=code,
        sender_kind=message.sender_kind,
        sender_id=str(message.sender_id or ""),
        is_sample=message.is_sample,
    )


@transaction.atomic
def _postpone(message: Message, reason: str, now: datetime) -> None:
    """Queue a message again for later, with the job that will take it, or give it up."""
    from hearth.channels.jobs import send_batch  # noqa: PLC0415  (jobs call services)

    if message.attempts > len(PAUSES):
        _close(message, State.FAILED, reason=reason, now=now)
        return
    due_at = now + timedelta(minutes=PAUSES[message.attempts - 1])
    if _move(
        message, [State.CLAIMED, State.HANDING_OVER], State.QUEUED, now=now, reason=reason, due_at=due_at
    ):
        send_batch.configure(schedule_at=due_at).defer(message_ids=[str(message.pk)])
