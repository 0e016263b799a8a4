"""Reading the log: entries with the names of people, tables and columns, and their values in words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.audit.models import AuditEntry
from hearth.audit.names import TABLE_NAMES
from hearth.audit.sealing import open_values
from hearth.core.actor import Actor
from hearth.core.crypto import SealBroken
from hearth.core.field_rules import ruled_columns
from hearth.core.pages import Page, keyset_page
from hearth.core.templatetags.ui import in_language
from hearth.organization.models import Role

KINDS: Mapping[str, str | Promise] = {
    "user": _("on a page"),
    "api": _("by a program"),
    "job": _("in the background"),
    "import": _("by a file"),
    "customer": _("by the customer"),
}
LONGEST_VALUE = 200
Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """A column in words, with what it was and became; both empty where only the change itself may be told."""

    label: str
    before: str = ""
    after: str = ""
    is_hidden: bool = False
    column: str = ""


@dataclass(frozen=True)
class ReadEntry:
    """An entry as a page shows it."""

    entry: AuditEntry
    what: str
    who: str
    how: str
    changes: Sequence[Change] = ()
    roles: Sequence[str] = ()

    @property
    def number_of_rows(self) -> int:
        return len(self.entry.row_ids)


@dataclass(frozen=True)
class AuditFilters:
    """What the log is narrowed to; empty values narrow nothing. Days are those of the reader's clock."""

    table: str = ""
    row_id: str = ""
    user_id: int | None = None
    since: date | None = None
    until: date | None = None
    row_ids: Collection[str] = field(default_factory=tuple)


def entry_page(filters: AuditFilters, *, cursor: str = "", limit: int = 50) -> Page[AuditEntry]:
    """Return a page of entries, newest first; one query.

    :raises BadCursor: if the cursor is none of ours
    """
    rows = AuditEntry.objects.all()
    if filters.table:
        rows = rows.filter(table=filters.table)
    if filters.row_id:
        rows = rows.filter(row_ids__contains=[filters.row_id])
    if filters.row_ids:
        rows = rows.filter(row_ids__overlap=list(filters.row_ids))
    if filters.user_id:
        rows = rows.filter(user_id=filters.user_id)
    if filters.since:
        rows = rows.filter(noted_at__gte=_beginning(filters.since))
    if filters.until:
        rows = rows.filter(noted_at__lt=_beginning(filters.until + timedelta(days=1)))
    return keyset_page(rows, order="-noted_at", cursor=cursor, limit=limit)


def _beginning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def read_entries(entries: Sequence[AuditEntry], reader: Actor) -> list[ReadEntry]:
    """Put entries into words; one query for the names of people and one for those of roles.

    Values of ruled fields are told to those alone whose right holds everywhere, since entries have no place.
    """
    values = {entry.id: _opened(entry) for entry in entries}
    ids = {entry.user_id for entry in entries if entry.user_id} | _people_in(entries, values)
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}
    codes = {code for entry in entries for code in entry.roles.split(",") if code}
    roles = {role.code: in_language(role) for role in Role.objects.filter(code__in=codes)} if codes else {}
    return [_read(entry, values[entry.id], names, roles, reader) for entry in entries]


def _opened(entry: AuditEntry) -> Values | None:
    """Return the values of an entry, None if they no longer open."""
    try:
        return open_values(entry)
    except SealBroken:
        return None


def _people_in(entries: Sequence[AuditEntry], values: Mapping[int, Values | None]) -> set[int]:
    """Return the ids of people that values name, before and after."""
    found: set[int] = set()
    for entry in entries:
        columns = _columns_of(tables().get(entry.table))
        for column, value in (values[entry.id] or {}).items():
            if _is_person(columns.get(column)):
                both = value if isinstance(value, list) else [value]
                found |= {each for each in both if isinstance(each, int)}
    return found


def _columns_of(model: type[models.Model] | None) -> "Mapping[str, models.Field[Any, Any]]":
    return {str(each.column): each for each in model._meta.local_fields} if model else {}


def _is_person(known: "models.Field[Any, Any] | None") -> bool:
    return isinstance(known, models.ForeignKey) and known.related_model is User


def _read(
    entry: AuditEntry,
    values: Values | None,
    names: Mapping[int, str],
    roles: Mapping[str, str],
    reader: Actor,
) -> ReadEntry:
    who = names.get(entry.user_id or 0) or (f"#{entry.user_id}" if entry.user_id else gettext("Hearth"))
    held = [roles.get(code, code) for code in entry.roles.split(",") if code]
    how = str(KINDS.get(entry.kind, entry.login))
    return ReadEntry(entry, name_of(entry.table), who, how, _changes(entry, values, names, reader), held)


def _changes(
    entry: AuditEntry, values: Values | None, names: Mapping[int, str], reader: Actor
) -> list[Change]:
    if values is None:
        return [Change(gettext("These values were touched: they no longer open."), is_hidden=True)]
    columns = _columns_of(tables().get(entry.table))
    changes = {
        column: _change(entry.operation, column, value, columns.get(column), names)
        if _may_be_told(entry.table, column, reader)
        else Change(str(columns[column].verbose_name), is_hidden=True)
        for column, value in values.items()
        if value not in (None, "", [], {}) and not column.endswith("_sealed_index")
    }
    return [replace(change, column=column) for column, change in changes.items()]


def _may_be_told(table: str, column: str, reader: Actor) -> bool:
    field = ruled_columns.get(f"{table}.{column}")
    return field is None or reader.scope(field.in_full).everywhere


def _change(
    operation: str,
    column: str,
    value: Any,
    known: "models.Field[Any, Any] | None",
    names: Mapping[int, str],
) -> Change:
    label = str(known.verbose_name) if known is not None else column
    if isinstance(known, models.BinaryField):
        return Change(label, is_hidden=True)
    before, after = value if operation == AuditEntry.Operation.UPDATE else (value, None)
    return Change(label, _words(before, known, names), _words(after, known, names))


def _words(value: Any, known: "models.Field[Any, Any] | None", names: Mapping[int, str]) -> str:
    if value is None:
        return ""
    words = str(value)
    if known is not None and known.flatchoices:
        words = str(dict(known.flatchoices).get(value, words))
    elif _is_person(known):
        words = names.get(value, f"#{value}")
    elif isinstance(known, models.DateTimeField) and (moment := parse_datetime(words)):
        words = date_format(timezone.localtime(moment), "Y-m-d H:i")
    return words if len(words) <= LONGEST_VALUE else f"{words[:LONGEST_VALUE]}…"


@lru_cache(maxsize=1)
def tables() -> Mapping[str, type[models.Model]]:
    """Return the models by the names of their tables."""
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def name_of(table: str) -> str:
    """Return what a table is called in the reader's language; one without a name is called as it is."""
    return str(TABLE_NAMES.get(table, table))
