"""Signed links to the page on which a customer decides without signing in."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "hearth.privacy.preferences"
GOOD_FOR = timedelta(days=180)


class LinkNotGood(Exception):
    """The link is not ours, was changed, or is too old."""


def preferences_token(customer_id: UUID, *, now: datetime) -> str:
    """Return what stands for a customer in a link, good for `GOOD_FOR`; it names nobody."""
    return signing.dumps([customer_id.hex, int((now + GOOD_FOR).timestamp())], salt=SALT)


def preferences_url(customer_id: UUID, *, now: datetime) -> str:
    """Return the whole address, as it goes into a message."""
    path = reverse("portal:preferences", args=[preferences_token(customer_id, now=now)])
    return settings.PUBLIC_ADDRESS.rstrip("/") + path


def customer_of(token: str, *, now: datetime) -> UUID:
    """Return whom a link is for.

    :raises LinkNotGood: if it is not ours or too old
    """
    try:
        hexadecimal, ends_at = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise LinkNotGood from error
    if ends_at < now.timestamp():
        raise LinkNotGood
    return UUID(hexadecimal)
