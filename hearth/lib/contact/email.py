"""E-mail addresses, brought to one form."""

import re
import unicodedata

from hearth.lib.errors import Refusal

_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~\-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~\-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9\-]{0,61}[a-z0-9])"
)
# So short an address cannot break the limits of its parts.
_SHORT = 64


class InvalidEmail(Refusal):
    """Codes: empty, too_long, several, not_an_address."""


def normalise_email(raw: str) -> str:
    """Return the address in lower case and half width; a Chinese domain in its ASCII form.

    :raises InvalidEmail: if it is no single address
    """
    if raw.isascii() and len(raw) <= _SHORT and _ADDRESS.fullmatch(lowered := raw.lower()):
        return lowered
    text = unicodedata.normalize("NFKC", raw).replace("\u200b", "").strip().strip("<>").lower()
    text = text.removeprefix("mailto:").replace("。", ".")
    if not text:
        raise InvalidEmail("empty")
    local, at, domain = text.rpartition("@")
    if "@" in local:
        raise InvalidEmail("several")
    try:
        address = f"{local}{at}{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise InvalidEmail("not_an_address") from error
    if len(address) > 254 or len(local) > 64:
        raise InvalidEmail("too_long", limit=254)
    if not _ADDRESS.fullmatch(address):
        raise InvalidEmail("not_an_address")
    return address
