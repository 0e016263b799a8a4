"""Jobs: rows of Procrastinate's table, queued in the transaction of the act that needs them."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, Protocol, cast
from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from hearth.core.attribution import attributed_to_system
from hearth.core.events import EventKey, subscribers
from hearth.core.models import EventRecord
from hearth.core.partitions import ensure_months
from hearth.lib.memory import give_memory_back

logger = logging.getLogger(__name__)

P = ParamSpec("P")
RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)
EVENTS_PER_JOB = 1_000
# Jobs of these queues read and write by the million. A worker runs two jobs at a time, of whatever queues; those that
# must not run beside each other are queued with a lock.
HEAVY_QUEUES = frozenset({"exports", "imports", "warehouse"})


class Job(Protocol[P]):
    """A function that can also be queued."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None: ...

    def defer(self, *args: P.args, **kwargs: P.kwargs) -> int: ...

    def configure(self, **options: Any) -> Any: ...


def job(name: str, *, queue: str = "default", retry: bool = True) -> Callable[[Callable[P, None]], Job[P]]:
    """Make a function a job; it takes keyword arguments that are JSON and hold no personal data.

    It may be run again after a crash, so it must do nothing the second time.
    """

    def register(function: Callable[P, None]) -> Job[P]:
        task = app.task(name=name, queue=queue, retry=RETRY if retry else False)
        return cast("Job[P]", task(_prepared(function, queue)))

    return register


def periodic(name: str, *, cron: str, queue: str = "upkeep") -> Callable[[Callable[[int], None]], Job[[int]]]:
    """Make a function of one argument `timestamp` a job that is queued by the clock, never twice at a time."""

    def register(function: Callable[[int], None]) -> Job[[int]]:
        task = app.task(name=name, queue=queue, queueing_lock=name)
        return cast("Job[[int]]", app.periodic(cron=cron)(task(_prepared(function, queue))))

    return register


def _prepared(function: Callable[P, None], queue: str) -> Callable[P, None]:
    """Have the database told that a job acts, and memory given back after heavy work."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with attributed_to_system("job"):
            function(*args, **kwargs)

    return _tidying(run) if queue in HEAVY_QUEUES else run


def _tidying(function: Callable[P, None]) -> Callable[P, None]:
    """Have the worker give its memory back when the job has ended, however it ended."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
        finally:
            give_memory_back()

    return run


@job("core.deliver_events", queue="events")
def deliver_events(*, subscriber: str, keys: list[list[str]]) -> None:
    """Call one subscriber for each event; repeated as a whole when one of them fails."""
    function = subscribers[subscriber]
    for occurred_at, event_id in keys:
        function(EventRecord.objects.get(occurred_at=datetime.fromisoformat(occurred_at), id=UUID(event_id)))


def defer_delivery(subscriber: str, keys: Sequence[EventKey]) -> None:
    """Queue the events for one subscriber, in the current transaction."""
    for start in range(0, len(keys), EVENTS_PER_JOB):
        chosen = [
            [occurred_at.isoformat(), str(key)] for occurred_at, key in keys[start : start + EVENTS_PER_JOB]
        ]
        deliver_events.defer(subscriber=subscriber, keys=chosen)


async def _retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Queue again what a killed worker had begun."""
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=30):
        logger.warning("Job %s (%s) was left by a dead worker; it is repeated", stalled.id, stalled.task_name)
        await manager.retry_job(stalled)


app.periodic(cron="* * * * *")(
    app.task(
        name="core.retry_stalled_jobs",
        queue="upkeep",
        queueing_lock="core.retry_stalled_jobs",
        pass_context=True,
    )(_retry_stalled_jobs)
)


@periodic("core.prepare_event_months", cron="17 3 * * *")
def prepare_event_months(timestamp: int) -> None:
    """Make the partitions of the coming weeks before they are needed."""
    start = datetime.fromtimestamp(timestamp, tz=UTC)
    ensure_months([start, start + timedelta(days=31), start + timedelta(days=62)])
