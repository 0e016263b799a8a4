"""Who is in charge of what: each app says which of its rows have a person in charge, and how they pass to another.

A key to a user means one of two things. Either the person is in charge: then the app registers a `Holding`, so that
nothing stays with somebody who left. Or the key says who once did something: then it is registered as a mark, and
stays. A test goes through every such key and fails when its app has not said which.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import models
from django.utils.functional import Promise

from hearth.core.actor import Actor
from hearth.core.registry import Registry

EVERY_ROW = models.Q()


class PassOn(Protocol):
    """A service of the app: it puts rows still held by one person into the hands of another, with an event for each.

    A step that asks for no right and opens no transaction; it returns the keys of the rows that passed.
    """

    def __call__(
        self, ids: Collection[UUID], *, from_user_id: int | None, to_user_id: int, actor: Actor, now: datetime
    ) -> list[UUID]: ...


@dataclass(frozen=True)
class Holding:
    """A kind of row with a person in charge.

    `field` is the key to the user, `place` the path to the organisation unit (through several places, if the row has
    several), `permission` what a person needs there to be in charge. `group` is an expression: rows with the same
    value stay with one person when a book is split. `open_rows` are those that still need somebody, `lacks_one` says
    which of the rows without a person should have one.
    """

    code: str
    label: str | Promise
    icon: str
    field: str
    place: str
    permission: str
    group: models.expressions.Combinable
    open_rows: Callable[[], models.QuerySet[Any]]
    pass_on: PassOn
    describe: Callable[[Any], tuple[str, str]]
    lacks_one: models.Q = EVERY_ROW

    @property
    def key(self) -> str:
        """The name of the key to the user, for example `cases.Case.assignee`."""
        return f"{self.open_rows().model._meta.label}.{self.field}"

    def held_by(self, user_id: int) -> models.QuerySet[Any]:
        """Return the open rows a person is in charge of."""
        return self.open_rows().filter(**{self.field: user_id})

    def below(self, rows: models.QuerySet[Any], path: str) -> models.QuerySet[Any]:
        """Keep the rows at places whose path begins with `path`; each row once."""
        at_place = self.open_rows().filter(**{f"{self.place}__path__startswith": path})
        return rows.filter(pk__in=at_place.values("pk"))


holdings: Registry[Holding] = Registry()
marks: Registry[str] = Registry()


def register_holding(holding: Holding) -> Holding:
    return holdings.register(holding.code, holding)


def register_mark(key: str, reason: str) -> str:
    """Say of a key to a user, such as `channels.Interaction.recorded_by`, that it stays, and why."""
    return marks.register(key, reason)


def count_held(user_id: int) -> list[tuple[Holding, int]]:
    """Return how much a person is in charge of, kinds without any left out; one query for each kind."""
    counted = [(holding, holding.held_by(user_id).count()) for holding in holdings.values()]
    return [(holding, number) for holding, number in counted if number]


def reassign(
    rows: models.QuerySet[Any],
    field: str,
    ids: Collection[UUID],
    *,
    from_user_id: int | None,
    to_user_id: int,
    now: datetime,
) -> Sequence[Any]:
    """Put those of the rows that are still in the same hands into other hands, and return them; two queries.

    For services that own the table: the rows are locked, and whoever changed the person meanwhile wins.
    """
    kept = (
        rows.filter(pk__in=ids, **{f"{field}_id": from_user_id})
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    locked = list(kept)
    for row in locked:
        setattr(row, f"{field}_id", to_user_id)
        row.updated_at = now
    chosen = rows.model._default_manager.filter(pk__in=[row.pk for row in locked])
    chosen.update(**{f"{field}_id": to_user_id, "updated_at": now})
    return locked
