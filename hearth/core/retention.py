"""How long rows are kept, and what is done when their time has passed.

Each app registers the kinds of rows that age, with the ways in which they are let go; the rules themselves (how long,
by what right, which way) are data. Whatever still ties us to a customer keeps the customer.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from hearth.core.registry import Registry


class Way(models.TextChoices):
    """How rows are let go."""

    ERASE = "erase", pgettext_lazy("retention", "erase")
    ANONYMISE = "anonymise", pgettext_lazy("retention", "make anonymous")


LetGo = Callable[[Sequence[UUID], datetime], int]
Keep = Callable[[Collection[UUID], datetime], set[UUID]]


@dataclass(frozen=True)
class KeptKind:
    """Rows that age.

    `due` are those whose time passed before an instant and that were not let go yet; their keys rise with time. `ways`
    are steps: they open no transaction and may be repeated. `keep` names among some of them those that must stay
    although their time has passed.
    """

    code: str
    label: str | Promise
    due: Callable[[datetime], "models.QuerySet[Any]"]
    ways: Mapping[str, LetGo]
    keep: Keep | None = None
    portion: int = 500


kept_kinds: Registry[KeptKind] = Registry()
ties: Registry[Keep] = Registry()
"""What ties us to customers: of some customers, those that have it still or had it since an instant."""


def keep_for_a_time(kind: KeptKind) -> None:
    """:raises AlreadyRegistered: if another app claims the code"""
    kept_kinds.register(kind.code, kind)


def tied(ids: Collection[UUID], before: datetime) -> set[UUID]:
    """Return the customers among these that something ties us to; a query or two for each kind of tie."""
    return set().union(*(tie(ids, before) for tie in ties.values()))
