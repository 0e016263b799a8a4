"""Whether a person wrote a mail, or a machine did: what machines write is never answered."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from hearth.lib.mail.words import tidy_line

ROBOTS = re.compile(
    r"(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?)(?:[+\-.][^@]*)?@.*", re.IGNORECASE
)
DAEMONS = re.compile(r"(?:mailer-daemon|postmaster)@.*", re.IGNORECASE)
AWAY = re.compile(
    r"\s*(?:re:\s*)?(?:自动回复|自動回覆|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office)",
    re.IGNORECASE,
)
MOST_REPORTED = 20_000


class MailKind(StrEnum):
    """Who wrote it."""

    PERSON = "person"
    AUTOMATIC = "automatic"
    LIST = "list"
    BOUNCE = "bounce"
    LOOP = "loop"


@dataclass(frozen=True)
class Report:
    """What a mail server says of a mail of ours: `action` failed or delayed, its status, to whom it went."""

    action: str
    status: str
    recipient: str
    about: str
    """The Message-ID of the mail it is about, without brackets; empty where it does not say."""


def kind_of_mail(message: "Message", sender: str, subject: str, own: Collection[str]) -> MailKind:
    """Tell who wrote a mail; `own` are the addresses that mails of ours come from."""
    if _is_bounce(message, sender):
        return MailKind.BOUNCE
    if sender in own or _says(message, "X-Loop") in own:
        return MailKind.LOOP
    if _says(message, "Auto-Submitted").split(";")[0].strip() not in {"", "no"} or _is_automatic(message):
        return MailKind.AUTOMATIC
    if ROBOTS.fullmatch(sender) or AWAY.match(subject):
        return MailKind.AUTOMATIC
    is_list = "List-Id" in message or "List-Unsubscribe" in message or "Feedback-ID" in message
    return (
        MailKind.LIST
        if is_list or _says(message, "Precedence") in {"bulk", "junk", "list"}
        else MailKind.PERSON
    )


def wants_no_receipt(message: "Message") -> bool:
    """Tell whether the sender's program asks for no automatic answer."""
    return "X-Auto-Response-Suppress" in message


def _is_bounce(message: "Message", sender: str) -> bool:
    if message.get_content_type() == "multipart/report":
        return str(message.get_param("report-type", "delivery-status")).lower() == "delivery-status"
    return bool(DAEMONS.fullmatch(sender)) or _says(message, "Return-Path") == "<>"


def _is_automatic(message: "Message") -> bool:
    return _says(message, "Precedence") in {"auto_reply", "auto-reply"} or any(
        name in message for name in ("X-Autoreply", "X-Autorespond", "X-AutoReply-From")
    )


def _says(message: "Message", name: str) -> str:
    return str(message.get(name, ""))[:300].strip().lower()


def report_of(parts: Collection["Message"]) -> Report | None:
    """Read what a delivery report says; None where no part of the mail is one."""
    fields: dict[str, str] = {}
    about = ""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/delivery-status" and part.is_multipart():
            blocks: list[Message] = part.get_payload()  # type: ignore[assignment]
            for block in blocks:
                fields.update({name.lower(): tidy_line(str(value), 300) for name, value in block.items()})
        elif kind in {"message/rfc822", "text/rfc822-headers"} and not about:
            about = _message_id_in(part)
    if not fields:
        return None
    recipient = fields.get("final-recipient") or fields.get("original-recipient", "")
    return Report(
        fields.get("action", "").lower()[:20],
        fields.get("status", "")[:20],
        recipient.rpartition(";")[2].strip().lower()[:254],
        about,
    )


def _message_id_in(part: "Message") -> str:
    if part.is_multipart():
        text = str(part.get_payload()[0].get("Message-ID", ""))  # type: ignore[index,union-attr]
        return text.strip().strip("<>")[:300]
    payload = part.get_payload(decode=True)
    head = payload[:MOST_REPORTED].decode("latin-1") if isinstance(payload, bytes) else ""
    found = re.search(r"^message-id:\s*<([^>\s]{1,300})>", head, re.IGNORECASE | re.MULTILINE)
    return found.group(1) if found else ""
