"""The link by which a buyer reads the text of their contract: signed, good for some days, and never kept."""

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from hearth.contract_texts.models import TextReading
from hearth.core.addresses import public_url
from hearth.core.signed_links import row_of_link, sign_link

PURPOSE = "hearth.contract_texts.reading"
GOOD_FOR = timedelta(days=14)


def reading_link(reading: TextReading, *, now: datetime) -> str:
    """Return the address under which a buyer reads and confirms."""
    return public_url(
        reverse("portal:reading", args=[sign_link(PURPOSE, reading.pk, ends_at=now + GOOD_FOR)])
    )


def reading_of(token: str, *, now: datetime) -> UUID:
    """Return for which reading a link is.

    :raises LinkNotGood: if it is not ours, or too old
    """
    return row_of_link(PURPOSE, token, now=now)
