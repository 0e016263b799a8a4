"""Messages for tests."""

from datetime import UTC, datetime
from itertools import count
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from hearth.channels.models import Attachment, Interaction, Message, TextTemplate
from hearth.channels.services.composing import write_contact
from hearth.channels.services.interactions import NewInteraction, record_interactions
from hearth.channels.services.messages import MessageDraft
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from tests.privacy.builders import make_consent, make_known_customer

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
_numbers = count(1)


def make_contact(
    customer: Customer,
    org_unit: OrgUnit,
    *,
    summary: str = "看房",
    body: str = "",
    channel: str = "phone",
    direction: str = "inbound",
    at: datetime = NOW,
) -> Interaction:
    """Write a contact with a customer."""
    new = NewInteraction(customer.pk, org_unit.pk, channel, direction, summary, body, occurred_at=at)
    return record_interactions([new], actor=Actor.system("test"), now=max(at, NOW))[0]


def make_upload(name: str = "户型图.pdf", content: bytes = b"%PDF-1.7 drawing") -> SimpleUploadedFile:
    """Hold a file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def make_attachment(org_unit: OrgUnit) -> Attachment:
    """Write a note with a file."""
    new = NewInteraction(make_known_customer(org_unit).pk, org_unit.pk, "note", "internal", "图纸")
    row = write_contact(new, actor=Actor.system("test"), now=NOW, files=[make_upload()])
    return row.attachments.get()


def make_draft(
    org_unit: OrgUnit, *, recipient: str = "", customer: Customer | None = None, consents: bool = True
) -> MessageDraft:
    """Draft a mail to a customer who consents to marketing unless stated otherwise."""
    number = next(_numbers)
    customer = customer or make_known_customer(org_unit)
    if consents:
        make_consent(customer.pk)
    return MessageDraft(
        idempotency_key=f"test:{number}",
        org_unit_id=org_unit.pk,
        customer_id=customer.pk,
        channel="email",
        purpose_code="marketing",
        recipient=recipient or f"owner{number}@example.com",
        subject="新春活动",
        body="您好!\n.第一行以点开头\n详情: https://hearth.example/p/r/abc",
        unsubscribe_url="https://hearth.example/p/u/abc",
    )


def make_message(draft: MessageDraft, *, now: datetime, state: str = "queued") -> Message:
    """Write a message in a state, without a job."""
    message = Message(
        idempotency_key=draft.idempotency_key,
        org_unit_id=draft.org_unit_id,
        customer_id=draft.customer_id,
        channel=draft.channel,
        purpose_code=draft.purpose_code,
        subject=draft.subject,
        body=draft.body,
        unsubscribe_url=draft.unsubscribe_url,
        state=state,
        created_at=now,
        updated_at=now,
    )
    message.recipient = draft.recipient
    message.save()
    return message


def state_of(message_id: UUID) -> str:
    return Message.objects.values_list("state", flat=True).get(pk=message_id)


def make_template(
    org_unit: OrgUnit, *, name: str = "回访", body: str = "{customer}您好", is_active: bool = True
) -> TextTemplate:
    """Write a text template of a place."""
    return TextTemplate.objects.create(
        org_unit=org_unit, name=name, body=body, is_active=is_active, created_at=NOW, updated_at=NOW
    )
