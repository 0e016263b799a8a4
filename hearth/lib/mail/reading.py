"""One mail as bytes, read into what it says; whatever is wrong with it, what can be read is.

Headers are taken raw and read here: the stricter classes of `email` refuse, or raise on, much that arrives in practice.
"""

import email
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime

from hearth.lib.contact import InvalidEmail, normalise_email
from hearth.lib.mail.kinds import MailKind, Report, kind_of_mail, report_of, wants_no_receipt
from hearth.lib.mail.markup import text_of_page
from hearth.lib.mail.quotes import split_quotes
from hearth.lib.mail.words import decode_words, read_header, tidy_line, tidy_text

MOST_BYTES = 25 * 1024 * 1024
MOST_PARTS, MOST_FILES, MOST_REFERENCES = 200, 30, 50
MOST_TEXT, MOST_QUOTED, MOST_TEXT_BYTES = 100_000, 20_000, 2_000_000
_MESSAGE_ID = re.compile(r"<([!-;=?-~]{1,300})>")
_HEAD_ENDS = re.compile(rb"\r?\n\r?\n")


class MailNotRead(Exception):
    """It is built so that it cannot be taken apart."""


@dataclass(frozen=True)
class MailFile:
    """A file that came with a mail."""

    name: str
    content: bytes


@dataclass(frozen=True)
class ReadMail:
    """What a mail says. `replies_to` names the mails it answers, the nearest first, without brackets."""

    message_id: str
    replies_to: tuple[str, ...]
    sender: str
    sender_name: str
    subject: str
    sent_at: datetime | None
    text: str
    quoted: str
    is_cut: bool
    files: tuple[MailFile, ...]
    files_left_out: int
    kind: MailKind
    report: Report | None
    wants_no_receipt: bool


@dataclass
class _Content:
    texts: list[str] = field(default_factory=list)
    files: list[MailFile] = field(default_factory=list)
    left_out: int = 0


def read_mail(raw: bytes, *, own: Collection[str] = ()) -> ReadMail:
    """Take a mail apart; `own` are the addresses that mails of ours come from.

    :raises MailNotRead: if it is nested or broken beyond reading
    """
    try:
        message = email.message_from_bytes(raw, policy=compat32)
        parts = list(_parts(message))
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise MailNotRead(type(error).__name__) from error
    return _said(message, parts, own)


def read_head(raw: bytes, *, own: Collection[str] = ()) -> ReadMail:
    """Read the head alone of a mail that cannot be taken apart: from whom it is, and about what."""
    head = _HEAD_ENDS.split(raw, maxsplit=1)[0][:MOST_TEXT_BYTES]
    return _said(email.message_from_bytes(head, policy=compat32), [], own)


def _said(message: "Message", parts: Collection["Message"], own: Collection[str]) -> ReadMail:
    content = _content_of(parts)
    whole = tidy_text("\n\n".join(content.texts))
    text, quoted = split_quotes(whole[: MOST_TEXT + MOST_QUOTED])
    sender_name, sender = _sender(message)
    subject = tidy_line(_header(message, "Subject"), 200)
    return ReadMail(
        message_id=next(iter(_ids(message, "Message-ID")), ""),
        replies_to=_replies_to(message),
        sender=sender,
        sender_name=sender_name,
        subject=subject,
        sent_at=_sent_at(message),
        text=text[:MOST_TEXT],
        quoted=quoted[:MOST_QUOTED],
        is_cut=len(whole) > MOST_TEXT + MOST_QUOTED or len(text) > MOST_TEXT,
        files=tuple(content.files),
        files_left_out=content.left_out,
        kind=kind_of_mail(message, sender, subject, own),
        report=report_of(parts),
        wants_no_receipt=wants_no_receipt(message),
    )


def _parts(message: "Message") -> Iterator["Message"]:
    """Yield the parts of a mail in order, what is inside an attached mail not among them."""
    waiting, number = [message], 0
    while waiting and number < MOST_PARTS:
        part, number = waiting.pop(), number + 1
        yield part
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting.extend(reversed(part.get_payload()))  # type: ignore[arg-type]


def _content_of(parts: Collection["Message"]) -> _Content:
    content = _Content()
    chosen = {id(part) for part in _spoken(parts)}
    for part in parts:
        if part.get_content_maintype() == "multipart":
            continue
        if id(part) in chosen:
            content.texts.append(_text_of(part))
        elif _is_file(part):
            _take_file(part, content)
    return content


def _spoken(parts: Collection["Message"]) -> list["Message"]:
    """Return the parts that are the words of the mail: plain ones, or pages where there are none."""
    texts = [
        part
        for part in parts
        if part.get_content_maintype() == "text"
        and part.get_content_disposition() != "attachment"
        and not part.get_filename()
    ]
    plain = [part for part in texts if part.get_content_type() == "text/plain" and _bytes_of(part).strip()]
    return plain or [part for part in texts if part.get_content_type() == "text/html"]


def _text_of(part: "Message") -> str:
    text = decode_words(_bytes_of(part)[:MOST_TEXT_BYTES], str(part.get_param("charset", "") or ""))
    return text_of_page(text) if part.get_content_type() == "text/html" else text


def _bytes_of(part: "Message") -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _is_file(part: "Message") -> bool:
    """Tell whether a part was sent as a file; small parts that only make a mail what it is were not."""
    if part.get_content_type() in {
        "text/plain",
        "text/html",
        "message/delivery-status",
        "text/rfc822-headers",
    }:
        return part.get_content_disposition() == "attachment" or bool(part.get_filename())
    return True


def _take_file(part: "Message", content: _Content) -> None:
    if len(content.files) >= MOST_FILES:
        content.left_out += 1
        return
    try:
        body = part.get_payload()[0].as_bytes() if part.is_multipart() else _bytes_of(part)  # type: ignore[index,union-attr]
        named = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        content.left_out += 1
        return
    content.files.append(MailFile(tidy_line(read_header(named), 200) or part.get_content_type(), body))


def _header(message: "Message", name: str) -> str:
    """Return the first header of a name as people read it."""
    found = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return read_header(found.replace("\r", "").replace("\n", "")[:20_000])


def _raw(message: "Message", name: str) -> str:
    return next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")[
        :20_000
    ]


def _sender(message: "Message") -> tuple[str, str]:
    named = _address(message, "From")
    return named if named[1] else _address(message, "Sender")


def _address(message: "Message", name: str) -> tuple[str, str]:
    """Return name and address of a header; the name is read after the address is taken out of it."""
    found = getaddresses([_raw(message, name).replace("\r", "").replace("\n", "")])
    for written, address in found:
        try:
            return tidy_line(read_header(written), 80), normalise_email(address)
        except InvalidEmail:
            continue
    return tidy_line(read_header(found[0][0]), 80) if found else "", ""


def _ids(message: "Message", name: str) -> list[str]:
    return _MESSAGE_ID.findall(_raw(message, name))[-MOST_REFERENCES:]


def _replies_to(message: "Message") -> tuple[str, ...]:
    nearest_first = [*_ids(message, "In-Reply-To"), *reversed(_ids(message, "References"))]
    return tuple(dict.fromkeys(nearest_first))[:MOST_REFERENCES]


def _sent_at(message: "Message") -> datetime | None:
    try:
        found = parsedate_to_datetime(_raw(message, "Date"))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
