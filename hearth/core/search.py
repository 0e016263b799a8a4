"""One search field over all apps: each registers what it can find."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from hearth.core.actor import Actor
from hearth.core.registry import Registry


@dataclass(frozen=True)
class Hit:
    """One thing found, as far as the actor may see it."""

    title: str
    subtitle: str
    url: str
    icon: str


@dataclass(frozen=True)
class SearchProvider:
    """How one kind of thing is found; `find` keeps to the actor's rows and returns at most `limit` hits.

    `recall` names things by their ids again, those the actor may still see; `page` is the name of the page of one.
    A text that begins with `sign` means this kind above all.
    """

    label: str | Promise
    permission: str
    find: Callable[[str, Actor, int], Sequence[Hit]]
    page: str
    recall: Callable[[Collection[Any], Actor], Mapping[Any, Hit]]
    sign: str = ""


search_providers: Registry[SearchProvider] = Registry()


@dataclass(frozen=True)
class HitGroup:
    """The hits of one kind."""

    label: str | Promise
    hits: Sequence[Hit]


def search_everything(query: str, *, actor: Actor, limit: int = 8) -> list[HitGroup]:
    """Ask every provider the actor may use; groups without a hit are left out."""
    query = query.strip()
    if not query:
        return []
    allowed = [provider for provider in search_providers.values() if actor.can(provider.permission)]
    allowed.sort(key=lambda provider: not (provider.sign and query.startswith(provider.sign)))
    groups = (HitGroup(provider.label, provider.find(query, actor, limit)) for provider in allowed)
    return [group for group in groups if group.hits]


def recall_records(opened: Sequence[tuple[str, Any]], actor: Actor) -> list[Hit]:
    """Name records by the page and id of each, those the actor may still see, in the order given.

    As many queries as the kinds among them need; pages nobody registered are left out.
    """
    found: dict[tuple[str, Any], Hit] = {}
    for provider in search_providers.values():
        ids = [record_id for page, record_id in opened if page == provider.page]
        if ids and actor.can(provider.permission):
            found |= {(provider.page, key): hit for key, hit in provider.recall(ids, actor).items()}
    return [found[each] for each in opened if each in found]
