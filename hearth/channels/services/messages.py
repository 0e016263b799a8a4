"""Putting messages into the queue, and what people and time do with those that got stuck."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.channels.events import MessageNotSent, MessageRepeated
from hearth.channels.models import Message
from hearth.channels.permissions import SEND_MESSAGE
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.events import record

MESSAGES_PER_JOB = 1_000
LOST_AFTER = timedelta(minutes=10)
State = Message.State


class NotUnconfirmed(DomainError):
    """Only a message whose fate is unknown may be sent again by hand."""

    code = "not_unconfirmed"
    message = _("This message is not waiting for a decision.")


@dataclass(frozen=True)
class MessageDraft:
    """A message to be sent once; the key says what "once" means."""

    idempotency_key: str
    org_unit_id: int
    customer_id: UUID
    channel: str
    purpose_code: str
    recipient: str
    subject: str
    body: str
    sender_kind: str = ""
    sender_id: UUID | None = None
    unsubscribe_url: str = ""
    thread: str = ""
    reply_address: str = ""
    is_automatic: bool = False


@transaction.atomic
def queue_messages(drafts: Sequence[MessageDraft], *, actor: Actor, now: datetime) -> int:
    """Write messages and queue their sending in the same transaction; a key that exists is left alone.

    May be repeated. Returns how many are new. A constant number of queries and one job per thousand.

    :raises NotAllowed: if the actor may not send at the place
    """
    for org_unit_id in {draft.org_unit_id for draft in drafts}:
        actor.require(SEND_MESSAGE, org_unit_id)
    keys = [draft.idempotency_key for draft in drafts]
    known = set(Message.objects.filter(idempotency_key__in=keys).values_list("idempotency_key", flat=True))
    rows = [_row(draft, now) for draft in drafts if draft.idempotency_key not in known]
    Message.objects.bulk_create(rows, batch_size=1_000)
    _defer([row.pk for row in rows])
    return len(rows)


def _row(draft: MessageDraft, now: datetime) -> Message:
    row = Message(
        idempotency_key=draft.idempotency_key,
        org_unit_id=draft.org_unit_id,
        customer_id=draft.customer_id,
        channel=draft.channel,
        purpose_code=draft.purpose_code,
        subject=draft.subject,
        body=draft.body,
        sender_kind=draft.sender_kind,
        sender_id=draft.sender_id,
        unsubscribe_url=draft.unsubscribe_url,
        thread=draft.thread,
        reply_address=draft.reply_address,
        is_automatic=draft.is_automatic,
        created_at=now,
        updated_at=now,
    )
    row.recipient = draft.recipient
    return row


def _defer(message_ids: Sequence[UUID]) -> None:
    from hearth.channels.jobs import send_batch  # noqa: PLC0415  (jobs call services)

    for start in range(0, len(message_ids), MESSAGES_PER_JOB):
        chunk = message_ids[start : start + MESSAGES_PER_JOB]
        send_batch.defer(message_ids=[str(message_id) for message_id in chunk])


@transaction.atomic
def send_again(message: Message, *, actor: Actor, now: datetime) -> None:
    """Queue an unconfirmed message once more; the Message-ID stays, so that mailboxes can tell the copy.

    :raises NotAllowed: if the actor may not send at the place
    :raises NotUnconfirmed: if its fate is known
    """
    actor.require(SEND_MESSAGE, message.org_unit_id)
    stuck = Message.objects.filter(pk=message.pk, state=State.UNCONFIRMED)
    if not stuck.update(state=State.QUEUED, state_reason="", claimed_at=None, attempts=0, updated_at=now):
        raise NotUnconfirmed
    _defer([message.pk])
    event = MessageRepeated(
        org_unit_id=message.org_unit_id,
        customer_id=message.customer_id,
        subject_id=message.pk,
        channel=message.channel,
    )
    record(event, actor=actor, now=now)


@transaction.atomic
def recover_messages(*, now: datetime) -> tuple[int, int]:
    """Settle what a killed worker left: claimed messages are queued again, those being handed over become
    unconfirmed. Returns how many of each. Safe to repeat and to run beside living workers, see `sending`.
    """
    before = now - LOST_AFTER
    unclear = Message.objects.filter(state=State.HANDING_OVER, claimed_at__lt=before)
    unconfirmed = unclear.update(state=State.UNCONFIRMED, state_reason="worker_lost", updated_at=now)
    lost = Message.objects.filter(state=State.CLAIMED, claimed_at__lt=before)
    found = list(lost.select_for_update(skip_locked=True).order_by("id").values_list("id", flat=True))
    Message.objects.filter(id__in=found).update(state=State.QUEUED, claimed_at=None, updated_at=now)
    _defer(found)
    return len(found), unconfirmed


@transaction.atomic
def note_bounce(message: Message, *, status: str, actor: Actor, now: datetime) -> bool:
    """Note that a message which the provider took did not arrive; return whether it was not noted before."""
    taken = Message.objects.filter(pk=message.pk, state__in=(State.SENT, State.UNCONFIRMED))
    if not taken.update(state=State.FAILED, state_reason=f"bounced {status}".strip()[:200], updated_at=now):
        return False
    event = MessageNotSent(
        org_unit_id=message.org_unit_id,
        customer_id=message.customer_id,
        subject_id=message.pk,
        channel=message.channel,
        reason="bounced",
        sender_kind=message.sender_kind,
        sender_id=str(message.sender_id or ""),
        is_sample=message.is_sample,
    )
    record(event, actor=actor, now=now)
    return True
