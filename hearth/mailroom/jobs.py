"""Looking into mailboxes by the clock."""

from datetime import UTC, datetime

from django.utils import timezone

from hearth.core.jobs import job, periodic
from hearth.mailroom.models import Mailbox
from hearth.mailroom.services import fetch_mailbox, queue_fetching


@periodic("mailroom.look", cron="* * * * *")
def look(timestamp: int) -> None:
    """Each minute, have every mailbox fetched from that nobody fetches from."""
    queue_fetching(now=datetime.fromtimestamp(timestamp, tz=UTC))


@job("mailroom.fetch", queue="mail", retry=False)
def fetch(*, mailbox_id: str) -> None:
    """Take what is new in one mailbox; a mail that was taken is not taken again."""
    mailbox = Mailbox.objects.fetched().select_related("org_unit").filter(pk=mailbox_id).first()
    if mailbox is not None:
        fetch_mailbox(mailbox, now=timezone.now())
