"""What else than its filters can choose rows of a list; apps above lists register theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from hearth.core.actor import Actor
from hearth.core.registry import Registry
from hearth.lists.filters.base import Words


@dataclass(frozen=True)
class ExportSource:
    """Something that holds rows of a list, for example a segment its members.

    `name` says what it is called, nothing where the actor may not see it. `narrow` keeps its rows of those the actor
    may export; `url_name` is the page of one.
    """

    key: str
    list_key: str
    label: Words
    permission: str
    url_name: str
    name: Callable[[Actor, UUID], str]
    narrow: Callable[[QuerySet[Any], Actor, UUID], QuerySet[Any]]


export_sources: Registry[ExportSource] = Registry()
