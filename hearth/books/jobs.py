"""Handing over and returning, by workers."""

from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone

from hearth.accounts.models import User
from hearth.books.services.handing_over import run_handover
from hearth.books.services.mails import find_handover, mail_about
from hearth.books.services.returning import end_covers
from hearth.channels.gateways.mail import MailServer
from hearth.core.jobs import job, periodic


@job("books.run")
def run(*, handover_id: str) -> None:
    """Do a handover; repeated, it goes on where it stopped."""
    run_handover(UUID(handover_id), clock=timezone.now)


@job("books.send_mail", queue="mail")
def send_mail(*, handover_id: str, user_id: int) -> None:
    """Tell one person by mail; tried again while the server cannot be reached."""
    mail_about(find_handover(UUID(handover_id)), User.objects.get(pk=user_id), server=MailServer())


@periodic("books.end_covers", cron="5 * * * *")
def end_due_covers(timestamp: int) -> None:
    """End the covers whose last day has come."""
    end_covers(now=datetime.fromtimestamp(timestamp, tz=UTC))
