"""A mail server on this machine that speaks SMTP and keeps what it gets."""

import socket
from email import message_from_bytes
from email.message import Message
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """The handler of the server; `messages` are those it accepted."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.recipients: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.messages.append(message_from_bytes(content, policy=default))
        self.recipients += envelope.rcpt_tos
        return "250 kept"

    def text(self) -> str:
        """Return the text of the only message."""
        (message,) = self.messages
        payload = message.get_payload(decode=True)
        assert isinstance(payload, bytes)
        return payload.decode()


def start_server(mailbox: Mailbox) -> Controller:
    """Serve on a free port of this machine until `stop`; `port` tells which."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    return controller
