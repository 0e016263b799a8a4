"""Erasures, and the clocks of requests."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from hearth.core.actor import Actor
from hearth.core.jobs import job, periodic
from hearth.privacy.journal import keep_journal
from hearth.privacy.selectors import waiting_erasures
from hearth.privacy.services import (
    carry_out_erasure,
    forget_traces_of_scores,
    let_go_of_what_is_due,
    remind_of_requests,
    repeat_erasures,
)


@job("privacy.erase")
def erase(*, request_id: str) -> None:
    """Erase the person of an approved request; tried again while something that may hold them is under way."""
    carry_out_erasure(UUID(request_id), actor=Actor.system("privacy"), now=timezone.now())
    keep_journal()


@job("privacy.forget_scores", queue="warehouse")
def forget_scores(*, customer_ids: list[str]) -> None:
    """Take back what was copied or selected by the scores of those who refused; again while a snapshot is taken."""
    forget_traces_of_scores([UUID(key) for key in customer_ids])


@periodic("privacy.remind", cron="10 0 * * *")
def remind(timestamp: int) -> None:
    """Tell each morning (ten past eight in Shanghai) which requests are due soon or late; go on with erasures."""
    for request_id in waiting_erasures():
        erase.defer(request_id=str(request_id))
    remind_of_requests(now=datetime.fromtimestamp(timestamp, tz=UTC))


@periodic("privacy.let_go", cron="40 19 * * *")
def let_go(timestamp: int) -> None:
    """Let go of what is kept no longer, in the small hours in Shanghai, for two hours at most.

    What a backup brought back is erased again first.
    """
    repeat_erasures(actor=Actor.system("privacy"), now=timezone.now())
    let_go_of_what_is_due(now=datetime.fromtimestamp(timestamp, tz=UTC), within=timedelta(hours=2))
    keep_journal()
