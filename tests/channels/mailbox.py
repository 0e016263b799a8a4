"""A mail server of our own that keeps what it is given, and can misbehave on demand."""

import email
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from threading import Lock
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """Every mail whose final dot was answered with 250, in order of arrival."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer_to_recipient: dict[str, str] = {}
        self.answer_to_text = ""
        self.hangs_up_on: set[str] = set()
        self.port = 0
        self._lock = Lock()

    @property
    def recipients(self) -> Counter[str]:
        return Counter(str(mail["To"]) for mail in list(self.mails))

    async def handle_RCPT(  # noqa: N802  (aiosmtpd names it)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.answer_to_recipient.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  (aiosmtpd names it)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.answer_to_text:
            return self.answer_to_text
        mail = email.message_from_bytes(cast("bytes", envelope.content), policy=default)
        with self._lock:
            self.mails.append(mail)
        if str(mail["To"]) in self.hangs_up_on:
            assert server.transport is not None
            server.transport.close()
        return "250 OK"


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """Run a server on a free port for as long as the block lasts."""
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        mailbox.port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
