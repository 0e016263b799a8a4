"""Signed links to the page on which a customer decides without signing in."""

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from hearth.core.addresses import public_url
from hearth.core.signed_links import row_of_link, sign_link

SALT = "hearth.privacy.preferences"
GOOD_FOR = timedelta(days=180)


def preferences_token(customer_id: UUID, *, now: datetime) -> str:
    """Return what stands for a customer in a link, good for `GOOD_FOR`; it names nobody."""
    return sign_link(SALT, customer_id, ends_at=now + GOOD_FOR)


def preferences_url(customer_id: UUID, *, now: datetime) -> str:
    """Return the whole address, as it goes into a message."""
    path = reverse("portal:preferences", args=[preferences_token(customer_id, now=now)])
    return public_url(path)


def customer_of(token: str, *, now: datetime) -> UUID:
    """Return whom a link is for.

    :raises LinkNotGood: if it is not ours or too old
    """
    return row_of_link(SALT, token, now=now)
