"""Lines of the log: what looks like a number, an address or an identity of a person is masked, whoever wrote it.

Hearth's own lines name records by their ids. This is for those that come from below: an error of a library or of
PostgreSQL repeats the value it stumbled over.
"""

import logging
import re

from hearth.lib.contact.masks import mask_email, mask_identity

# Neither within a longer number or word (ids, sums, moments) nor part of one.
ALONE = r"(?<![0-9A-Za-z.])", r"(?![0-9A-Za-z])"
MOBILE = re.compile(rf"{ALONE[0]}(1[3-9]\d)[ -]?\d{{4}}[ -]?(\d{{4}}){ALONE[1]}")
WITH_COUNTRY = re.compile(rf"(\+?86[ -]?1[3-9]\d)[ -]?\d{{4}}[ -]?(\d{{4}}){ALONE[1]}")
IDENTITY = re.compile(rf"{ALONE[0]}\d{{17}}[0-9Xx]{ALONE[1]}")
EMAIL = re.compile(r"[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def mask_line(text: str) -> str:
    """Return a text without mobile numbers, identity numbers and addresses of e-mail."""
    text = IDENTITY.sub(lambda found: mask_identity(found.group()), text)
    text = WITH_COUNTRY.sub(r"\1****\2", text)
    text = MOBILE.sub(r"\1****\2", text)
    return EMAIL.sub(lambda found: mask_email(found.group()), text)


class MaskedLines(logging.Formatter):
    """The formatter of every handler; tracebacks are masked with their line."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_line(super().format(record))
