"""The clocks of the registers."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from hearth.accounts.models import User
from hearth.core.jobs import job, periodic
from hearth.registers.mails import write_mail
from hearth.registers.services import address_affected, raise_what_is_due, tell_of_clocks


@periodic("registers.tell_of_clocks", cron="*/10 * * * *")
def tell(timestamp: int) -> None:
    """Look every ten minutes for terms of incidents that end soon or have run out."""
    tell_of_clocks(now=datetime.fromtimestamp(timestamp, tz=UTC))


@periodic("registers.raise_due", cron="20 0 * * *")
def raise_due(timestamp: int) -> None:
    """Give tasks each morning (twenty past eight in Shanghai) for reviews and contracts that fall due."""
    raise_what_is_due(now=datetime.fromtimestamp(timestamp, tz=UTC))


@job("registers.mail", queue="mail")
def mail(*, user_id: int, kind: str, url: str, params: dict[str, Any]) -> None:
    """Write that a term ends, or has run out; tried again while the server cannot be reached."""
    user = User.objects.active().filter(pk=user_id).exclude(email="").first()
    if user is not None:
        write_mail(user, kind, url=url, params=params)


@job("registers.address_letter")
def address(*, letter_id: str) -> None:
    """Queue an approved letter for everybody on the list of its incident who was not addressed."""
    address_affected(UUID(letter_id), now=timezone.now())
