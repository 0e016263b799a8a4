"""How the rows of every app follow when records of one customer become one.

Each column that names a customer is declared once, in the `registrations` of the app that owns the table; a gate
refuses a column that is not.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.db import models

from hearth.core.registry import Registry

Model: TypeAlias = type[models.Model]
Mend = Callable[[Collection[UUID]], None]
Enrich = Callable[[Any, Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Following:
    """What happens to the rows of one table by one of its columns.

    `moves`: they are given to the survivor, and back when the merge is undone. A row that would break a unique
    constraint there, or name the survivor twice, stays with the absorbed record, where only its history shows it;
    `enrich` then says which values the survivor's row takes from it (kept row, staying row). `yielding` names
    constraints over a mark, such as the preferred phone: the row moves and these values replace its own.
    A row written while the records were one follows, at an undo, the row it hangs on: by its foreign keys, and by
    `hangs_on`, ids that are none. Its own id says when it was written, else the column `written_at`.
    `mend` puts right what the return of rows may leave behind at the records of an undone merge.
    Rows that do not move stay where they are, for the reason given.
    """

    model: Model
    column: str
    moves: bool
    because: str = ""
    yielding: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    enrich: Enrich | None = None
    mend: Mend | None = None
    hangs_on: Mapping[str, Model] = field(default_factory=dict)
    written_at: str = ""

    @property
    def key(self) -> str:
        return f"{self.model._meta.label}.{self.column}"

    @property
    def attname(self) -> str:
        return str(self.model._meta.get_field(self.column).attname)  # type: ignore[union-attr]

    @property
    def rows(self) -> "models.QuerySet[Any]":
        return self.model._default_manager.all()

    def unique_constraints(self) -> list[models.UniqueConstraint]:
        """List the rules of uniqueness that the column takes part in."""
        found = [
            rule
            for rule in self.model._meta.constraints
            if isinstance(rule, models.UniqueConstraint) and self.column in rule.fields
        ]
        if self.model._meta.get_field(self.column).unique:  # type: ignore[union-attr]
            found.append(
                models.UniqueConstraint(fields=[self.column], name=f"one_row_for_each_{self.column}")
            )
        return found

    def other_columns(self) -> list[str]:
        """List the further columns of the table that name a customer and follow."""
        same_table = [other for other in followings.values() if other.model is self.model and other.moves]
        return [other.attname for other in same_table if other.column != self.column]

    def keys_into(self) -> "list[tuple[str, Following]]":
        """List the columns of this table that name a row of another table which moves."""
        keys = [
            (column.attname, column.related_model)
            for column in self.model._meta.concrete_fields
            if isinstance(column, models.ForeignKey)
        ]
        return [
            (column, other)
            for column, model in [*keys, *self.hangs_on.items()]
            for other in followings.values()
            if other.moves and other.model is model and model is not self.model
        ]

    def written_since(self, merge_id: UUID, instant: datetime) -> "models.QuerySet[Any] | None":
        """Keep the rows written since a merge; None where rows do not tell."""
        if self.written_at:
            return self.rows.filter(**{f"{self.written_at}__gte": instant})
        return (
            self.rows.filter(pk__gt=merge_id) if isinstance(self.model._meta.pk, models.UUIDField) else None
        )


followings: Registry[Following] = Registry()


def rows_follow(
    model: Model,
    column: str,
    *,
    yielding: Mapping[str, Mapping[str, Any]] | None = None,
    enrich: Enrich | None = None,
    mend: Mend | None = None,
    hangs_on: Mapping[str, Model] | None = None,
    written_at: str = "",
) -> None:
    """Declare that rows go to the survivor, and return when the merge is undone."""
    following = Following(
        model,
        column,
        moves=True,
        yielding=yielding or {},
        enrich=enrich,
        mend=mend,
        hangs_on=hangs_on or {},
        written_at=written_at,
    )
    followings.register(following.key, following)


def rows_stay(model: Model, column: str, *, because: str) -> None:
    """Declare that rows keep naming the record they were written for."""
    following = Following(model, column, moves=False, because=because)
    followings.register(following.key, following)
