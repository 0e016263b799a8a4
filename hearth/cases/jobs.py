"""The clocks of cases, looked after by the clock."""

from datetime import UTC, datetime

from django.utils import timezone

from hearth.cases.services import notice_breaches, recompute_portion, regrade_old, tell_escalations
from hearth.core.jobs import job, periodic

EVERYWHERE = ""


@periodic("cases.notice_breaches", cron="* * * * * */15")
def notice(timestamp: int) -> None:
    """Look every fifteen seconds for promises that were broken, and tell those above who are to be told now."""
    notice_breaches(now=timezone.now())
    tell_escalations(now=timezone.now())


@job("cases.recompute_clocks", queue="upkeep")
def recompute(*, path: str, after: str = "") -> None:
    """Make the clocks of a portion of cases below `path` anew, and queue the next portion with it."""
    recompute_portion(
        path, after=after, now=timezone.now(), go_on=lambda last: recompute.defer(path=path, after=last)
    )


@periodic("cases.grade_by_age", cron="27 * * * *")
def grade_by_age(timestamp: int) -> None:
    """Look each hour for complaints that are open for long."""
    regrade_old(now=datetime.fromtimestamp(timestamp, tz=UTC))


@periodic("cases.recompute_all", cron="7 * * * *")
def recompute_all(timestamp: int) -> None:
    """Once an hour, make good whatever clocks were not made by an act: calendars of a new year come with a release."""
    recompute_portion(
        EVERYWHERE,
        after="",
        now=datetime.fromtimestamp(timestamp, tz=UTC),
        go_on=lambda last: recompute.defer(path=EVERYWHERE, after=last),
    )
