"""What can be imported: each app registers its kinds, the wizard and `hearth import` serve them all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from django.utils.functional import Promise

from hearth.core.actor import Actor
from hearth.core.registry import Registry
from hearth.organization.models import OrgUnit

CellKind = Literal[
    "text",
    "key",
    "integer",
    "money",
    "area",
    "date",
    "instant",
    "choice",
    "yes_no",
    "phones",
    "email",
    "identity",
]


@dataclass(frozen=True)
class ImportField:
    """One thing a row may say.

    `kind` decides how a cell is read: `money` in yuan and `area` in m² become Decimal, `date` a date, `instant`
    an aware datetime (Shanghai unless stated), `phones` a list of E.164 numbers, `choice` a key of `choices`,
    whose values are the words accepted for it. `aliases` are further column names people use. `minimum` and
    `maximum` bound an `integer`.
    """

    name: str
    label: str | Promise
    kind: CellKind = "text"
    is_required: bool = False
    aliases: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    max_length: int = 200
    minimum: int = 0
    maximum: int = 2**31 - 1


@dataclass(frozen=True)
class ImportOption:
    """A yes-or-no question about the whole file."""

    name: str
    label: str | Promise
    default: bool = False


@dataclass(frozen=True)
class Row:
    """One row of the file, cells read: an absent or empty cell is None; `number` is as seen in the file."""

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """Something wrong with a row that its cells alone do not show; a warning does not keep the row out."""

    row: int
    field_name: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    is_warning: bool = False


Outcome = Literal["created", "updated", "linked", "skipped"]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a row: the record it made or changed, and what that record said before, as JSON.

    Only an update has something to say of before; it is kept sealed, so that the row can be taken back.
    """

    outcome: Outcome
    record_id: UUID | None = None
    before: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class ImportContext:
    """For whom and where a file is loaded."""

    job_id: UUID
    org_unit: OrgUnit
    actor: Actor
    now: datetime
    options: Mapping[str, bool]


class Loader(Protocol):
    """Loads the rows of one file, batch after batch; it may remember what earlier batches held.

    `check` only reads, with a constant number of queries for a batch. `write` gets rows that passed, inside the
    transaction of their batch, writes them with a constant number of queries, records the events, and tells for
    each row what became of it. `recall` is called instead of both for a batch that an earlier run has written:
    the loader remembers what it would remember after writing it, and writes nothing. `record_ids` gives the record
    of each row that was written.
    """

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]: ...

    def write(self, rows: Sequence[Row]) -> Sequence[Written]: ...

    def recall(self, rows: Sequence[Row], record_ids: Mapping[int, UUID]) -> None: ...


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A row to be taken back: the record as an import left it, and what it said before an update."""

    outcome: Outcome
    record_id: UUID
    written_at: datetime
    before: Mapping[str, Any]


class Reverter(Protocol):
    """Takes rows of a file back, batch after batch, the last one first.

    Returns for each row an empty text where it was taken back, else the code of the reason: `changed` since,
    `in_use` by other records, `gone`, or one the kind has words for. A constant number of queries for a batch,
    inside its transaction.
    """

    def revert(self, rows: Sequence[WrittenRow]) -> Sequence[str]: ...


@dataclass(frozen=True)
class ImportKind:
    """A kind of file. `further` gives fields that are not known before they are asked for.

    `messages` gives the words for the codes of its problems; they may use the params.
    """

    code: str
    label: str | Promise
    description: str | Promise
    icon: str
    permission: str
    fields: tuple[ImportField, ...]
    loader: Callable[[ImportContext], Loader]
    reverter: Callable[[ImportContext], Reverter]
    options: tuple[ImportOption, ...] = ()
    messages: Mapping[str, str | Promise] = field(default_factory=dict)
    order: int = 100
    further: Callable[[], Sequence[ImportField]] | None = None

    def whole(self) -> "ImportKind":
        """Return the kind with the fields that the company gave it; at most one query."""
        if self.further is None:
            return self
        return replace(self, fields=(*self.fields, *self.further()), further=None)


import_kinds: Registry[ImportKind] = Registry()


def register_import_kind(kind: ImportKind) -> ImportKind:
    return import_kinds.register(kind.code, kind)
