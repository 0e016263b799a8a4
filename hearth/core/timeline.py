"""What the timeline says beyond the bare event: apps load it for many events at once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.registry import Registry


@dataclass(frozen=True)
class Detail:
    """One line, more text behind it, and where it leads; what the actor may not see is not in it.

    `links` are files and the like, as name and address. `pin_url` takes a POST that pins the entry, or unpins it where
    it is pinned. `reveal_url` takes a POST with a reason and answers with the text; `mark_url` takes a POST that marks
    the entry sensitive, or takes the mark back.
    """

    summary: str
    body: str = ""
    url: str = ""
    links: Sequence[tuple[str, str]] = ()
    pin_url: str = ""
    is_pinned: bool = False
    is_internal: bool = False
    reveal_url: str = ""
    mark_url: str = ""
    is_sensitive: bool = False


TextFinder = Callable[[str, Sequence[UUID], Actor, int], Collection[UUID]]
"""Takes words, customers, the actor and a limit; gives the subjects of events whose text has the words. One query."""

text_finders: Registry[TextFinder] = Registry()

DetailLoader = Callable[[Sequence[EventRecord], Actor], Mapping[UUID, Detail]]

detail_loaders: Registry[DetailLoader] = Registry()


def timeline_detail(*event_types: str) -> Callable[[DetailLoader], DetailLoader]:
    """Register a loader for these event types; it makes a constant number of queries for any number of events."""

    def register(loader: DetailLoader) -> DetailLoader:
        for event_type in event_types:
            detail_loaders.register(event_type, loader)
        return loader

    return register


def load_details(events: Sequence[EventRecord], actor: Actor) -> dict[UUID, Detail]:
    """Return the details of events by event id; each loader is called once."""
    by_loader: dict[DetailLoader, list[EventRecord]] = {}
    for event in events:
        if loader := detail_loaders.get(event.type):
            by_loader.setdefault(loader, []).append(event)
    details: dict[UUID, Detail] = {}
    for loader, wanted in by_loader.items():
        details.update(loader(wanted, actor))
    return details
