"""The command palette: what apps offer to do, beside the records that the search finds.

An app writes what it offers into its `palette.py`, as functions marked by `offers`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from hearth.core.actor import Actor
from hearth.core.registry import Registry
from hearth.lib.chinese import MAX_INNER_STARTS, name_tokens, query_tokens
from hearth.lib.pinyin import fold, pieces

Words = str | Promise


class Group(TextChoices):
    """The kinds of things to do, in the order in which they are shown."""

    DO = "do", _("Do")
    PAGES = "pages", _("Pages and settings")
    CREATE = "create", _("New")
    VIEWS = "views", _("Views")


@dataclass(frozen=True)
class Command:
    """One line of the palette: what it is called and what Enter does.

    It opens `url`, or sends a form to `post` once `question` is answered by yes, or uses the element of the page
    whose id is `press`: a field gets the focus, anything else is pressed. `keys` do the same without the palette.
    """

    label: Words
    icon: str
    url: str = ""
    post: str = ""
    press: str = ""
    keys: str = ""
    note: Words = ""
    question: Words = ""


@dataclass(frozen=True)
class Spot:
    """Where the palette was opened: the page's name, what its address names, and how many rows were chosen."""

    page: str = ""
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    chosen: int = 0

    @property
    def record_id(self) -> Any:
        """What the address names, for pages of one record."""
        return next(iter(self.kwargs.values()), None)


def spot_at(path: str, *, chosen: int = 0) -> Spot:
    """Return the spot of an address on this site; an address nobody has is nowhere."""
    try:
        found = resolve(path)
    except Resolver404:
        return Spot()
    return Spot(found.view_name, found.kwargs, chosen)


Offer = Callable[[Actor, Spot], Sequence[Command]]


@dataclass(frozen=True)
class CommandProvider:
    """What an app offers in a group; with `page` on that page alone."""

    group: Group
    commands: Offer
    page: str = ""


command_providers: Registry[CommandProvider] = Registry()


def offers(group: Group, *, page: str = "") -> Callable[[Offer], Offer]:
    """Mark a function that tells what an actor may do at a spot, in a few queries at most."""

    def mark(offer: Offer) -> Offer:
        key = f"{offer.__module__}.{offer.__name__}"
        command_providers.register(key, CommandProvider(group, offer, page))
        return offer

    return mark


def commands_at(spot: Spot, actor: Actor, *, group: Group) -> list[Command]:
    """Return what the actor may do at a spot, as the apps from the lowest up offer it."""
    asked = [each for each in command_providers.values() if each.group == group]
    return [
        command for each in asked if each.page in ("", spot.page) for command in each.commands(actor, spot)
    ]


def matching(commands: Sequence[Command], text: str, *, group: Group) -> list[Command]:
    """Keep the commands a text means, alone or together with their group or note ("new case", "cases mine")."""
    wanted = set(query_tokens(text, "name"))
    return [
        each for each in commands if wanted and any(wanted <= _tokens(name) for name in _names(each, group))
    ]


def _names(command: Command, group: Group) -> Iterator[str]:
    """Yield what a command is called in each language of ours."""
    for code, _language in settings.LANGUAGES:
        with override(code):
            yield str(command.label)
            yield f"{group.label} {command.label}"
            if command.note:
                yield f"{command.note} {command.label}"


@lru_cache(maxsize=2_000)
def _tokens(name: str) -> frozenset[str]:
    """Return what a name is found under; a long one from each of its characters or words, not its first few alone."""
    parts = pieces(fold(name))
    starts = range(0, len(parts), MAX_INNER_STARTS)
    return frozenset(token for start in starts for token in name_tokens(" ".join(parts[start:])))
