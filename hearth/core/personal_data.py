"""What every app holds of a person, how it hands that out and how it erases it.

Each app says so in its module `personal_data`, for every table of its own: either the table holds something of
customers, then the app registers how it is given out and erased, or it holds none, then the app says why. A gate
refuses a table of which nobody has said either.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.timezone import localtime

from hearth.core.crypto import Sealed
from hearth.core.errors import DomainError
from hearth.core.registry import Registry

Model: TypeAlias = type[models.Model]
STRUCK_OUT = "■■■"


class ErasureMustWait(DomainError):
    """Something still works with what is to be erased; it is tried again later."""

    code = "erasure_must_wait"


@dataclass(frozen=True)
class Person:
    """One person: the ids of the record and of all that were merged into it, and the words that point at them.

    `words` are phones, addresses, numbers, and the name where nobody else bears it; `names` are the names in any case.
    `unit_ids` are homes whose papers the law has us keep.
    """

    ids: frozenset[UUID]
    names: frozenset[str]
    words: frozenset[str]
    known_since: datetime
    unit_ids: frozenset[UUID] = frozenset()

    @cached_property
    def _pattern(self) -> "re.Pattern[str]":
        longest_first = sorted(self.words, key=lambda word: (-len(word), word))
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)", re.IGNORECASE)

    def is_named_in(self, content: Any) -> bool:
        """Tell whether a text, or the JSON form of anything else, holds one of the words."""
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, default=str)
        return self._pattern.search(text) is not None

    def is_meant_in(self, content: Any) -> bool:
        """Tell whether it holds one of the words or one of the ids."""
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, default=str)
        return self.is_named_in(text) or any(str(key) in text or key.hex in text for key in self.ids)

    def strike_out(self, text: str, *, limit: int | None = None) -> str:
        """Return the text with the words made unreadable."""
        return self._pattern.sub(STRUCK_OUT, text)[:limit]


@dataclass(frozen=True)
class Table:
    """What an app holds, to be given to the person: columns by key with their label, and the rows."""

    columns: Mapping[str, str | Promise]
    rows: Sequence[Mapping[str, Any]]


Export = Callable[[Person], Table]
Erase = Callable[[Person, datetime], int]
Files = Callable[[Person], Iterator[tuple[str, Path]]]


@dataclass(frozen=True)
class PersonalData:
    """Rows of an app that say something of a person.

    `export` is missing where the rows are ours rather than the person's: what a search looked for, a file of many.
    `erase` returns how many rows it removed or emptied. It is a step of the erasure: it opens no transaction, asks for
    no right and may be repeated. `is_last` marks what must see all that others did.
    `files` yields names and paths of files that are given along.
    """

    code: str
    label: str | Promise
    models: tuple[Model, ...]
    erase: Erase
    export: Export | None = None
    is_last: bool = False
    files: Files | None = None


holders: Registry[PersonalData] = Registry()
exemptions: Registry[str] = Registry()
sealed_texts: Registry[Callable[[], Iterator[str]]] = Registry()
"""How the texts of a sealed column are read that no `Sealed` attribute opens, for the search for traces."""


def register_personal_data(
    code: str,
    label: str | Promise,
    *models: Model,
    erase: Erase,
    export: Export | None = None,
    is_last: bool = False,
    files: Files | None = None,
) -> None:
    """Say how rows of an app are given out and erased."""
    holders.register(code, PersonalData(code, label, models, erase, export, is_last, files))


def holds_none(*models: Model, because: str) -> None:
    """Say that tables hold nothing of a customer, and why."""
    for model in models:
        exemptions.register(model._meta.label, because)


@dataclass(frozen=True)
class Kept:
    """What the law has us keep of a person: how many papers, and the homes they speak of."""

    number: int = 0
    unit_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class LegalHold:
    """Papers that outlive an erasure, with the law that says so."""

    label: str | Promise
    because: str | Promise
    find: Callable[[Collection[UUID]], Kept]


legal_holds: Registry[LegalHold] = Registry()


def table_of(rows: Iterable[models.Model], *columns: "str | tuple[str, str | Promise]") -> Table:
    """Return rows with some of their columns, named and worded as their model does.

    A column is a field, a sealed attribute or a path through relations (`unit__number`), the last two with a label.
    """
    chosen = list(rows)
    named = [column if isinstance(column, tuple) else (column, "") for column in columns]
    model = type(chosen[0]) if chosen else None
    labels = {key: label or _label_of(model, key) for key, label in named}
    return Table(labels, [{key: _plain(_read(row, key)) for key in labels} for row in chosen])


def _label_of(model: Model | None, key: str) -> str | Promise:
    if model is None:
        return key
    try:
        return str(model._meta.get_field(key).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return key


def _read(row: Any, path: str) -> Any:
    for name in path.split("__"):
        if row is None:
            return None
        shown = getattr(row, f"get_{name}_display", None)
        row = shown() if shown else getattr(row, name)
    return row


def _plain(value: Any) -> Any:
    """Return what JSON can hold; instants in local time."""
    match value:
        case datetime():
            return localtime(value).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case Decimal() | UUID() | Promise() | models.Model():
            return str(value)
    return value


def delete_rows(rows: "models.QuerySet[Any]") -> int:
    """Remove rows and return how many of this very table there were; what hangs on them goes along."""
    _all, by_model = rows.delete()
    return int(by_model.get(rows.model._meta.label, 0))


def sealed_attributes(model: Model) -> dict[str, Sealed]:
    """Return the sealed attributes of a model by name."""
    return {name: value for name, value in vars(model).items() if isinstance(value, Sealed)}


def naming(
    rows: "models.QuerySet[Any]", person: Person, *columns: str, with_ids: bool = False
) -> "models.QuerySet[Any]":
    """Keep the rows in which one of these columns, text or JSON, holds a word of the person, or an id as well."""
    wanted = [*person.words, *(map(str, person.ids) if with_ids else ())]
    if not wanted:
        return rows.none()
    texts = {f"{column}_text": Cast(column, models.TextField()) for column in columns}
    named = models.Q()
    for name in texts:
        for word in wanted:
            # Comparing without regard to case takes twice as long, and Chinese and digits have none.
            how = "icontains" if word.lower() != word.upper() else "contains"
            named |= models.Q(**{f"{name}__{how}": word})
    found: models.QuerySet[Any] = rows.alias(**texts).filter(named)
    return found


def strike_out_in(rows: "models.QuerySet[Any]", person: Person, *columns: str) -> int:
    """Make the words unreadable in texts of rows that are not the person's; return how many rows had any."""
    model, number = rows.model, 0
    for row in naming(rows, person, *columns):
        for column in columns:
            limit = model._meta.get_field(column).max_length
            setattr(row, column, person.strike_out(getattr(row, column), limit=limit))
        row.save(update_fields=list(columns))
        number += 1
    return number
