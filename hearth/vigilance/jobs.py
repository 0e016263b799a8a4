"""Watching by the clock."""

from datetime import UTC, datetime

from hearth.core.jobs import periodic
from hearth.vigilance.services import forget_reads, judge_reading


@periodic("vigilance.judge_reading", cron="*/5 * * * *")
def judge(timestamp: int) -> None:
    """Look for unusual reading every five minutes."""
    judge_reading(now=datetime.fromtimestamp(timestamp, tz=UTC))


@periodic("vigilance.forget_reads", cron="52 18 * * *")
def forget(timestamp: int) -> None:
    """Remove what was noted half a year ago, in the small hours in Shanghai."""
    forget_reads(now=datetime.fromtimestamp(timestamp, tz=UTC))
