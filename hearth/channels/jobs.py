"""Sending, by workers."""

from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone

from hearth.channels.gateways.mail import MailServer
from hearth.channels.services.messages import recover_messages
from hearth.channels.services.sending import send_messages
from hearth.core.jobs import job, periodic


@job("channels.send_batch", queue="mail")
def send_batch(*, message_ids: list[str]) -> None:
    """Send those of the messages that are still queued."""
    send_messages([UUID(number) for number in message_ids], server=MailServer(), clock=timezone.now)


@periodic("channels.recover_messages", cron="* * * * *")
def recover_lost_messages(timestamp: int) -> None:
    recover_messages(now=datetime.fromtimestamp(timestamp, tz=UTC))
