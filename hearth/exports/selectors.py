"""Which rows and columns an export holds for an actor, and how it is told to people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.pages import Page, keyset_page
from hearth.exports.models import Export, ExportQuerySet
from hearth.exports.permissions import EXPORT, EXPORT_UNMASKED
from hearth.exports.refusals import UnknownFilter, ViewChanged
from hearth.exports.rights import note_rights
from hearth.exports.sources import ExportSource, export_sources
from hearth.lists.cells import TEXT
from hearth.lists.definitions import Column, ListDefinition, lists
from hearth.lists.filters import Reader
from hearth.lists.filters.base import Words
from hearth.lists.selectors import Count, about, keys_in_order, list_rows
from hearth.lists.state import ListState, Parameters, read_state

IDENTIFIER: Column[Any] = Column(
    "id", _("Identifier"), lambda batch: [str(row_id) for row_id in batch.ids], TEXT, is_usual=False
)


@dataclass(frozen=True)
class Chosen:
    """Rows of a list as somebody chose them: by what the list is narrowed to, one by one, or by a source."""

    definition: ListDefinition[Any]
    parameters: Parameters
    row_ids: Sequence[UUID] | None = None
    source: ExportSource | None = None
    source_id: UUID | None = None

    @property
    def rights(self) -> list[str]:
        """The rights without which no row of it is exported."""
        return [EXPORT, self.definition.permission, *([self.source.permission] if self.source else [])]

    def state(self, actor: Actor) -> ListState:
        """Read what the list shows.

        :raises UnknownFilter: if a part of it is unknown: left out, it would let more rows in
        """
        state = read_state(self.definition, self._narrowing(), _reader(actor))
        if state.ignored:
            raise UnknownFilter("filters", names=", ".join(state.ignored))
        return state

    def _narrowing(self) -> Parameters:
        """Return what decides over rows; of rows chosen one by one it is the order alone."""
        if self.row_ids is not None:
            return {name: text for name, text in self.parameters.items() if name == "sort"}
        return self.parameters

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """Return the rows, unordered: those the actor may see at places where they may export.

        :raises UnknownFilter: if a part of what the list shows is unknown
        """
        exporting = exporter(actor, self.definition)
        found = list_rows(self.state(exporting), _reader(exporting))
        if self.row_ids is not None:
            found = found.filter(pk__in=self.row_ids)
        if self.source and self.source_id:
            found = self.source.narrow(found, actor, self.source_id)
        return found

    def keys(self, actor: Actor) -> QuerySet[Any, UUID]:
        """Return the ids of the rows in the order of the list."""
        return keys_in_order(self.rows(actor), self.state(exporter(actor, self.definition)))

    def count(self, actor: Actor) -> Count:
        """Count few rows, estimate many; at most two queries."""
        return about(self.rows(actor))


def _reader(actor: Actor) -> Reader:
    return Reader(actor, timezone.localdate())


def exporter(actor: Actor, definition: ListDefinition[Any]) -> Actor:
    """Return the actor who sees rows of a list only where they may export."""
    return actor.confined(definition.permission, EXPORT)


def reader_of_file(actor: Actor, definition: ListDefinition[Any]) -> Actor:
    """Return the actor who sees in full only where they may also write that to a file."""
    for right in sorted({column.unmasked_by for column in definition.columns} - {""}):
        actor = actor.confined(right, EXPORT_UNMASKED)
    return actor


def columns_to_choose(definition: ListDefinition[Any], actor: Actor) -> list[Column[Any]]:
    """Return the columns of a list that the actor may export, and the identifier of a row; `definition` is extended."""
    return [*definition.columns_for(actor), IDENTIFIER]


def chosen_columns(definition: ListDefinition[Any], keys: Sequence[str], actor: Actor) -> list[Column[Any]]:
    """Return columns by their keys, in that order, as far as the actor may export them."""
    by_key = {column.key: column for column in columns_to_choose(definition, actor)}
    return [by_key[key] for key in dict.fromkeys(keys) if key in by_key]


def rights_of(chosen: Chosen, columns: Sequence[Column[Any]], actor: Actor) -> dict[str, list[int] | None]:
    """Note where the actor holds the rights that decide over what stands in a file."""
    of_columns = [name for column in columns for name in (column.permission, column.unmasked_by)]
    unmasking = [EXPORT_UNMASKED] if any(column.unmasked_by for column in columns) else []
    reader = reader_of_file(actor, chosen.definition)
    return note_rights(reader, [*chosen.rights, *of_columns, *unmasking])


def masked_columns(
    definition: ListDefinition[Any], columns: Sequence[Column[Any]], actor: Actor
) -> list[Column[Any]]:
    """Return the columns whose values are masked in some rows of a file at least."""
    seen = exporter(actor, definition).scope(definition.permission)
    actor = reader_of_file(actor, definition)
    return [
        column
        for column in columns
        if column.unmasked_by and seen.within(actor.scope(column.unmasked_by)) != seen
    ]


def chosen_of(export: Export, actor: Actor) -> Chosen:
    """Return what an export asked for, as far as the actor may have it now; queries of custom fields and the source.

    :raises NotAllowed: if the actor may not export, or not see the list
    :raises ViewChanged: if the list or the source is no longer there for the actor
    """
    definition = lists.get(export.object_key)
    source = export_sources.get(export.source_key)
    if definition is None or (export.source_key and source is None):
        raise ViewChanged
    row_ids = None if export.row_ids is None else [UUID(row_id) for row_id in export.row_ids]
    chosen = Chosen(definition, export.parameters, row_ids, source, export.source_id)
    require_rights(chosen, actor)
    return Chosen(definition.extended(actor), export.parameters, row_ids, source, export.source_id)


def require_rights(chosen: Chosen, actor: Actor) -> None:
    """Demand the right to export and to see the list, and that the source is there.

    :raises NotAllowed: if a right is missing
    :raises ViewChanged: if the source is not there for the actor
    """
    for right in chosen.rights:
        actor.require(right)
    if chosen.source and chosen.source_id and not chosen.source.name(actor, chosen.source_id):
        raise ViewChanged


def source_for(key: str, actor: Actor, source_id: UUID) -> tuple[ExportSource, str] | None:
    """Return a source and the name of one of its kind, nothing where it is not there for the actor."""
    source = export_sources.get(key)
    if source is None or not actor.can(source.permission):
        return None
    name = source.name(actor, source_id)
    return (source, name) if name else None


def list_exports(rows: ExportQuerySet, *, cursor: str = "") -> Page[Export]:
    """Return a page of exports, the newest first; one query."""
    return keyset_page(rows.select_related("created_by").light(), order="-id", cursor=cursor)


def describe_rows(export: Export, actor: Actor) -> list[tuple[Words, str]]:
    """Say in words which rows of the list were asked for; none where the reader may not see the list."""
    definition = lists.get(export.object_key)
    if definition is None or not actor.can(definition.permission):
        return []
    reader = _reader(actor)
    state = read_state(definition.extended(actor), export.parameters, reader)
    said: list[tuple[Words, str]] = [(_("Search"), state.text)] if state.text else []
    if export.row_ids is not None:
        return [(_("Rows"), gettext("chosen one by one"))]
    return said + [(asked.field.label, asked.field.words(asked.test, reader)) for asked in state.asked]


def error_words(export: Export) -> Words:
    """Say why a file could not be written."""
    known = {
        NotAllowed.code: NotAllowed.message,
        ViewChanged.code: ViewChanged.message,
        UnknownFilter.code: ViewChanged.message,
    }
    return known.get(
        export.error_code, _("Something went wrong while the file was written. Ask for it again.")
    )
