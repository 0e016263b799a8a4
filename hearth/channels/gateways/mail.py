"""Mail by SMTP, cut at the one moment that matters: before the final dot nothing is sent, after it everything is."""

import re
import smtplib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import formatdate
from types import TracebackType
from typing import Self, TypeVar
from uuid import UUID

from django.conf import settings
from django.utils.html import linebreaks, urlize

from hearth.channels.own_address import sender_address, sender_domain

Answer = TypeVar("Answer")
FIRST_PERMANENT_CODE = 500
MOST_REFERENCES = 20
_ADDRESS = re.compile(r"[!-~]+@[!-~]+")


class TemporaryFailure(Exception):
    """Nothing was sent; it may work later."""


class PermanentFailure(Exception):
    """Nothing was sent, and repeating it would change nothing."""


class HandOverUnclear(Exception):
    """The final dot may have arrived: whether the server took the mail is not known."""


@dataclass(frozen=True)
class Mail:
    """One mail to one recipient; the identifier becomes its Message-ID, the same at every attempt.

    `thread` names the mails that it answers, the nearest first, without brackets.
    """

    message_id: UUID
    recipient: str
    subject: str
    text: str
    unsubscribe_url: str = ""
    thread: tuple[str, ...] = ()
    reply_address: str = ""
    is_automatic: bool = False


def compose(mail: Mail) -> bytes:
    """Write a mail as the lines that cross the wire, plain text and HTML, with its way out in the header.

    Written with the older classes of `email`: the newer ones take most of the time that sending takes.

    :raises ValueError: if the recipient is no address that a header can hold
    """
    if not _ADDRESS.fullmatch(mail.recipient):
        raise ValueError(mail.message_id)
    content = MIMEMultipart("alternative")
    content["From"] = settings.DEFAULT_FROM_EMAIL
    content["To"] = mail.recipient
    content["Subject"] = Header(" ".join(mail.subject.split()), "utf-8").encode()
    content["Date"] = formatdate(localtime=False)
    content["Message-ID"] = f"<{mail.message_id}@{sender_domain()}>"
    _write_thread(content, mail)
    if mail.unsubscribe_url:
        content["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        content["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    html = linebreaks(urlize(mail.text, autoescape=True))
    content.attach(MIMEText(mail.text, "plain", "utf-8"))
    content.attach(MIMEText(f"<!doctype html><html><body>{html}</body></html>", "html", "utf-8"))
    return content.as_bytes(policy=compat32.clone(linesep="\r\n"))


def _write_thread(content: MIMEMultipart, mail: Mail) -> None:
    """Say what a mail answers, where answers to it go, and that no machine should answer one of ours."""
    if mail.thread:
        content["In-Reply-To"] = f"<{mail.thread[0]}>"
        content["References"] = " ".join(f"<{name}>" for name in reversed(mail.thread[:MOST_REFERENCES]))
    if mail.reply_address:
        content["Reply-To"] = mail.reply_address
        content["X-Loop"] = mail.reply_address
    if mail.is_automatic:
        content["Auto-Submitted"] = "auto-replied"
        content["X-Auto-Response-Suppress"] = "All"


class MailServer:
    """One conversation with the SMTP server of the settings, opened when needed and used for many mails.

    `begin` does everything but the final dot; `finish` sends it. Between the two the caller commits that the
    mail is being handed over. A conversation dropped between them sends nothing.
    """

    def __init__(self, host: str = "", port: int = 0) -> None:
        self._host = host or settings.EMAIL_HOST
        self._port = port or settings.EMAIL_PORT
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._smtp is not None and error is None:
            try:
                self._smtp.quit()
            except (smtplib.SMTPException, OSError):
                self._smtp.close()
        self.abandon()

    def begin(self, mail: Mail) -> None:
        """Give the server sender, recipient and text, but not the end of the text.

        :raises TemporaryFailure: if it cannot be reached or answers 4xx
        :raises PermanentFailure: if it answers 5xx, or the mail cannot be written
        """
        try:
            content = compose(mail)
        except (ValueError, UnicodeError) as error:
            raise PermanentFailure("unwritable") from error
        smtp = self._connection()
        self._expect(250, lambda: smtp.mail(sender_address()))
        self._expect(250, lambda: smtp.rcpt(mail.recipient))
        self._expect(354, lambda: smtp.docmd("DATA"))
        self._ask(lambda: smtp.send(_without_lone_dots(content)))

    def finish(self) -> None:
        """Send the final dot.

        :raises TemporaryFailure, PermanentFailure: if the server refuses the text
        :raises HandOverUnclear: if the conversation broke before its answer
        """
        if self._smtp is None:
            raise HandOverUnclear
        try:
            self._smtp.send(b".\r\n")
            code, answer = self._smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self.abandon()
            raise HandOverUnclear from error
        if code != 250:
            raise _failure(code, answer)

    def abandon(self) -> None:
        """Drop the conversation where it stands."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _connection(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = self._ask(self._connect)
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        smtp = smtplib.SMTP(self._host, self._port, timeout=settings.EMAIL_TIMEOUT)
        # The final dot is a packet of its own: held back until the text is acknowledged, it would cost 40 ms.
        if smtp.sock is not None:
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if settings.EMAIL_USE_TLS:
            smtp.starttls()
        smtp.ehlo_or_helo_if_needed()
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        return smtp

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        try:
            return question()
        except UnicodeError as error:
            self.abandon()
            raise PermanentFailure("unwritable") from error
        except (smtplib.SMTPException, OSError) as error:
            self.abandon()
            raise TemporaryFailure(type(error).__name__) from error

    def _expect(self, wanted: int, question: Callable[[], tuple[int, bytes]]) -> None:
        code, answer = self._ask(question)
        if code == wanted:
            return
        if self._smtp is not None:
            self._ask(self._smtp.rset)
        raise _failure(code, answer)


def _failure(code: int, answer: bytes) -> TemporaryFailure | PermanentFailure:
    words = f"{code} {answer.decode(errors='replace')}"[:200]
    return PermanentFailure(words) if code >= FIRST_PERMANENT_CODE else TemporaryFailure(words)


def _without_lone_dots(content: bytes) -> bytes:
    """Double the dots at the beginning of lines, and end with a whole line."""
    quoted = re.sub(rb"(?m)^\.", b"..", content)
    return quoted if quoted.endswith(b"\r\n") else quoted + b"\r\n"
