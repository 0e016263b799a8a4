"""Everything that a mail holds, decoded: for whoever seeks words in it."""

import email
import html
import re
from email.message import Message
from email.policy import compat32

from hearth.lib.mail.words import decode_words, read_header

_HEAD = re.compile(rb"[!-9;-~]{1,80}:[ \t\r\n]")


def may_be_mail(start: bytes) -> bool:
    """Tell whether a file that starts so may be a mail: it begins with the name of a head."""
    return _HEAD.match(start) is not None


def pieces_of_mail(raw: bytes) -> list[bytes]:
    """Return the heads of each part and what it holds, also as UTF-8 where it is text; none if it cannot be read."""
    try:
        message = email.message_from_bytes(raw, policy=compat32)
        return list(dict.fromkeys(piece for part in message.walk() for piece in _pieces(part)))
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        return []


def _pieces(part: "Message") -> list[bytes]:
    heads = [re.sub(r"[\r\n]+", "", str(value)) for _name, value in part.raw_items()]
    named = "\n".join([*map(read_header, heads), read_header(part.get_filename() or "")])
    found = [named.encode(errors="ignore")]
    body = None if part.is_multipart() else part.get_payload(decode=True)
    if isinstance(body, bytes):
        found.append(body)
        if part.get_content_maintype() == "text":
            text = decode_words(body, str(part.get_param("charset", "") or ""))
            found += [each.encode(errors="ignore") for each in (text, html.unescape(text))]
    return found
