"""Watching by the clock."""

from datetime import UTC, datetime

from hearth.accounts.models import User
from hearth.core.jobs import job, periodic
from hearth.vigilance.emergency import write_of_emergency
from hearth.vigilance.models import Alarm
from hearth.vigilance.services import forget_reads, judge_reading, seal_reads


@periodic("vigilance.judge_reading", cron="*/5 * * * *")
def judge(timestamp: int) -> None:
    """Look for unusual reading every five minutes."""
    judge_reading(now=datetime.fromtimestamp(timestamp, tz=UTC))


@periodic("vigilance.forget_reads", cron="52 18 * * *")
def forget(timestamp: int) -> None:
    """Remove what was noted half a year ago, in the small hours in Shanghai."""
    forget_reads(now=datetime.fromtimestamp(timestamp, tz=UTC))


@periodic("vigilance.seal_reads", cron="11 * * * *")
def seal(timestamp: int) -> None:
    """Hold fast who read what in the hour before."""
    seal_reads(now=datetime.fromtimestamp(timestamp, tz=UTC))


@job("vigilance.mail_of_emergency", queue="mail")
def mail_of_emergency(*, alarm_id: str, user_id: int) -> None:
    """Write that the account for an emergency was opened; tried again while the server cannot be reached."""
    alarm = Alarm.objects.filter(pk=alarm_id).first()
    user = User.objects.active().filter(pk=user_id).exclude(email="").first()
    if alarm is not None and user is not None:
        write_of_emergency(alarm, user)
