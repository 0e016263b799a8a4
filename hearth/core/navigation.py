"""The left rail: each app registers its places, the actor sees those they may open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.registry import AlreadyRegistered, Registry


class Section(IntEnum):
    """The parts of the rail from the top: one's own work, what is recorded, what is done with it, what it needs."""

    WORK = 0
    RECORDS = 1
    ACTION = 2
    DATA = 3
    SETTINGS = 4

    @property
    def label(self) -> str | Promise:
        """The words above the part; none above the first."""
        return SECTION_LABELS[self]


SECTION_LABELS: dict[Section, str | Promise] = {
    Section.WORK: "",
    Section.RECORDS: _("Customers and homes"),
    Section.ACTION: _("Plan and act"),
    Section.DATA: _("Files and data"),
    Section.SETTINGS: _("Settings"),
}


@dataclass(frozen=True)
class Place:
    """An entry of the rail; `order` sorts within its section, `shortcut` is the letter after `g`.

    `is_creation` marks the + menu. `count` says how much waits there for an actor; it is asked once a minute, not with
    every page. A place that is not in the rail is reached from another page, and by the command palette.
    """

    label: str | Promise
    icon: str
    url_name: str
    permission: str
    order: int
    shortcut: str = ""
    is_creation: bool = False
    is_in_rail: bool = True
    section: Section = Section.RECORDS
    count: Callable[[Actor], int] | None = None

    @property
    def is_counted(self) -> bool:
        return self.count is not None

    @property
    def count_id(self) -> str:
        """The id of the element that shows the count."""
        return f"waiting-{self.url_name.replace(':', '-')}"


places: Registry[Place] = Registry()


def register_place(place: Place) -> Place:
    """Offer a place to the rail.

    :raises AlreadyRegistered: if the address is offered already, or another place has its letter
    """
    if place.shortcut and any(place.shortcut == other.shortcut for other in places.values()):
        raise AlreadyRegistered(f"g {place.shortcut}")
    return places.register(f"{place.url_name}:{place.is_creation}", place)


def places_for(actor: Actor, *, is_creation: bool = False) -> list[Place]:
    """Return what the actor may open from the rail, or create from the + menu, in order."""
    return [place for place in pages_for(actor, is_creation=is_creation) if place.is_in_rail]


def pages_for(actor: Actor, *, is_creation: bool = False) -> list[Place]:
    """Return what the actor may open or create, also what stands neither in the rail nor in the + menu, in order."""
    allowed = [
        place for place in places.values() if place.is_creation is is_creation and actor.can(place.permission)
    ]
    return sorted(allowed, key=lambda place: (place.section, place.order))


def waiting_for(actor: Actor) -> list[tuple[Place, int]]:
    """Return how much waits at each place that counts, one query each."""
    return [(place, place.count(actor)) for place in places_for(actor) if place.count]


@dataclass(frozen=True)
class Pin:
    """An entry that a person keeps in the rail below the places; those of one folder follow each other."""

    label: str
    icon: str
    url: str
    folder: str = ""


PinProvider = Callable[[HttpRequest], Sequence[Pin]]
pin_providers: Registry[PinProvider] = Registry()


def pins_for(request: HttpRequest) -> list[Pin]:
    """Return what the reader pinned, as far as they may still open it."""
    return [pin for provide in pin_providers.values() for pin in provide(request)]


@dataclass(frozen=True)
class RailHead:
    """What stands above the places of the rail; its template gets the page's context and what `context` adds."""

    template: str
    is_shown: Callable[[HttpRequest], bool]
    context: Callable[[HttpRequest], Mapping[str, object]]


rail_heads: Registry[RailHead] = Registry()

Narrowing = Callable[[HttpRequest, str], Mapping[str, str]]
narrowings: Registry[Narrowing] = Registry()
"""What apps add to the address of a page by its name, for a reader's choice that holds on many pages."""


def address_of(request: HttpRequest, place: Place) -> str:
    """Return where an entry of the rail leads the reader."""
    added = {
        key: value for narrow in narrowings.values() for key, value in narrow(request, place.url_name).items()
    }
    return reverse(place.url_name) + (f"?{urlencode(added)}" if added else "")
