"""Mailboxes and mails for tests."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from hearth.channels.models import Message
from hearth.channels.own_address import sender_domain
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.customers.services import add_contact_point
from hearth.mailroom.gateway import Fetched
from hearth.mailroom.models import InboundMail, Mailbox
from hearth.mailroom.services import AboutMailbox, add_mailbox, take_mail
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.mailroom.letters import SENDER, write_mail

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
SYSTEM = Actor.system("test")
_numbers = count(1)


def about_mailbox(**values: Any) -> AboutMailbox:
    """Say what a mailbox is; further values are those of `AboutMailbox`."""
    defaults: dict[str, Any] = {
        "name": "客服邮箱",
        "address": "service@example.org",
        "host": "imap.example.org",
        "port": 993,
        "security": "tls",
        "user_name": f"service{next(_numbers)}",
        "folder": "INBOX",
        "password": "secret",
    }
    return AboutMailbox(**(defaults | values))


def make_mailbox(place: OrgUnit, **values: Any) -> Mailbox:
    """Set up a mailbox that nobody has looked into."""
    return add_mailbox(place, about_mailbox(**values), actor=SYSTEM, now=NOW)


def make_writer(place: OrgUnit, address: str = SENDER, **values: Any) -> Customer:
    """Write a customer who has an e-mail address."""
    customer = make_customer(place, **values)
    add_contact_point(customer, kind="email", value=address, actor=SYSTEM, now=NOW)
    return customer


def fetched_mail(
    raw: bytes, *, uid: int = 0, now: datetime = NOW, size: int = 0, is_whole: bool = True
) -> Fetched:
    """Return a mail as the server gave it."""
    return Fetched(uid or next(_numbers) + 1_000, raw, size or len(raw), now, is_whole)


def take(
    mailbox: Mailbox, raw: bytes, *, uid: int = 0, validity: int = 1, now: datetime = NOW, **values: Any
) -> InboundMail | None:
    """Take a mail as the server would give it."""
    size, is_whole = values.pop("size", len(raw)), values.pop("is_whole", True)
    fetched = fetched_mail(raw, uid=uid, now=now, size=size, is_whole=is_whole)
    return take_mail(mailbox, fetched, uid_validity=validity, now=now, **values)


def taken(mailbox: Mailbox, raw: bytes, **values: Any) -> InboundMail:
    """Take a mail that was not taken before, and read it again."""
    row = take(mailbox, raw, **values)
    assert row is not None
    return InboundMail.objects.get(pk=row.pk)


def name_of(message: Message) -> str:
    """Return what the mail of a message is named by, as others repeat it."""
    return f"{message.pk}@{sender_domain()}"


def make_mail(place: OrgUnit, *, text: str = "卫生间漏水，请派人来看。", **values: Any) -> InboundMail:
    """Take a mail of somebody who is not known."""
    number = next(_numbers)
    raw = write_mail(text, message_id=f"<{number}@example.com>", **values)
    return taken(make_mailbox(place), raw)
