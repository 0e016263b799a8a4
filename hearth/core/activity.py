"""What runs in the background for a person: each app tells of its own jobs, the top bar shows them together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise

from hearth.core.actor import Actor
from hearth.core.registry import Registry

SHOWN_AFTERWARDS = timedelta(minutes=15)


@dataclass(frozen=True)
class Activity:
    """One job: `percent` is None where its length is not known, `outcome` is empty while it runs.

    `outcome` is `done` or `failed`; `words` says its state as its own page does.
    """

    label: str | Promise
    words: str | Promise
    url: str
    percent: int | None = None
    outcome: str = ""

    @property
    def is_running(self) -> bool:
        return not self.outcome


ActivityReader = Callable[[Actor, datetime], Sequence[Activity]]
"""Takes who asks and a moment; gives what runs for them and what ended since. At most two queries."""

activity_readers: Registry[ActivityReader] = Registry()


def activities_of(actor: Actor, *, now: datetime) -> list[Activity]:
    """Return what runs for a person, then what ended in the last quarter of an hour; nothing for who is no person."""
    if actor.user_id is None:
        return []
    since = now - SHOWN_AFTERWARDS
    found = [each for read in activity_readers.values() for each in read(actor, since)]
    return sorted(found, key=lambda each: not each.is_running)


def percent_of(part: int, whole: int | None) -> int | None:
    """Return how much of a whole is done, below a hundred while it runs; None where the whole is not known."""
    return min(99, part * 100 // whole) if whole else None
