"""Taking back rows of a file whose records are rows of one table: the part that all kinds share."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from django.db import models

from hearth.core.events import Event, record_many
from hearth.core.models import Record
from hearth.core.registry import Registry
from hearth.imports.events import RecordTakenBack
from hearth.imports.kinds import ImportContext, WrittenRow

CHANGED, IN_USE, GONE = "changed", "in_use", "gone"
RecordT = TypeVar("RecordT", bound=Record)

disposable: Registry[type[models.Model]] = Registry()


def register_disposable(model: type[models.Model]) -> type[models.Model]:
    """Say that rows of a table are computed from others: they go with a record, and never keep it from going."""
    return disposable.register(model._meta.label_lower, model)


def find_used(
    model: type[models.Model], keys: Collection[UUID], parts: Collection[type[models.Model]] = ()
) -> set[UUID]:
    """Return the records that rows of other tables point to; a query for each table that can.

    Rows of `parts` belong to the record itself, and rows of disposable tables are computed anew.
    """
    own = {*parts, *disposable.values()}
    used: set[UUID] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and relation.related_model not in own and keys:
            name = relation.field.attname
            pointing = relation.related_model._base_manager.filter(**{f"{name}__in": keys})
            used.update(pointing.values_list(name, flat=True))
    return used


class RecordReverter(Generic[RecordT]):
    """Deletes what a file made and restores what it changed, unless somebody has touched it since.

    A record was touched when its time of change is no longer the import's, or when `touched` says so of its parts.
    """

    model: ClassVar[type[Record]]
    parts: ClassVar[tuple[type[models.Model], ...]] = ()

    def __init__(self, context: ImportContext) -> None:
        """Act at one place, for one user."""
        self.context = context

    def revert(self, rows: Sequence[WrittenRow]) -> Sequence[str]:
        """Take back what can be taken back, and tell for each row why not."""
        keys = [row.record_id for row in rows]
        found: dict[UUID, Any] = self.model._base_manager.select_for_update().in_bulk(keys)
        stamps = {row.record_id: row.written_at for row in rows}
        touched = self.touched({key: stamp for key, stamp in stamps.items() if key in found})
        made = [row.record_id for row in rows if row.outcome == "created"]
        used = self.used(made) if made else set()
        reasons = [self._reason(row, found.get(row.record_id), touched, used) for row in rows]
        free = [row for row, reason in zip(rows, reasons, strict=True) if not reason]
        self._take_back(free, found)
        return reasons

    def _reason(
        self, row: WrittenRow, record: RecordT | None, touched: Collection[UUID], used: Collection[UUID]
    ) -> str:
        if record is None:
            return GONE
        if row.record_id in touched or self.is_changed(row, record):
            return CHANGED
        return IN_USE if row.outcome == "created" and row.record_id in used else ""

    def _take_back(self, rows: Sequence[WrittenRow], found: Mapping[UUID, RecordT]) -> None:
        made = [row for row in rows if row.outcome == "created"]
        changed = [(found[row.record_id], row.before) for row in rows if row.outcome == "updated"]
        linked = [found[row.record_id] for row in rows if row.outcome == "linked"]
        now = self.context.now
        records = [found[row.record_id] for row in made]
        events: list[Event] = [self.event(record) for record in records]
        if made:
            self.delete(records, {row.record_id: row for row in made})
        if changed:
            events.extend(self.restore(changed, {row.record_id: row.written_at for row in rows}))
        if linked:
            self.unlink(linked)
        record_many(events, actor=self.context.actor, now=now)

    def is_changed(self, row: WrittenRow, record: RecordT) -> bool:
        """Tell whether a record bears another time of change than the import's."""
        if row.outcome == "linked":
            return record.updated_at > row.written_at
        return record.updated_at != row.written_at

    def touched(self, stamps: Mapping[UUID, datetime]) -> set[UUID]:
        """Return the records of whose parts one was added or changed after the stamp."""
        return set()

    def used(self, keys: Collection[UUID]) -> set[UUID]:
        """Return those of the new records that something beside them needs by now."""
        return find_used(self.model, keys, self.parts)

    def event(self, record: RecordT) -> Event:
        """Say what is gone, for the timelines it stood in."""
        return RecordTakenBack(
            org_unit_id=self.context.org_unit.pk,
            subject_id=record.pk,
            customer_id=getattr(record, "customer_id", None),
            unit_id=getattr(record, "unit_id", None),
            model=self.model._meta.label_lower,
            import_id=self.context.job_id,
            is_sample=record.is_sample,
        )

    def delete(self, records: Sequence[RecordT], rows: Mapping[UUID, WrittenRow]) -> None:
        """Delete records with their parts."""
        self.model._base_manager.filter(pk__in=list(rows)).delete()

    def restore(
        self, changed: Sequence[tuple[RecordT, Mapping[str, Any]]], stamps: Mapping[UUID, datetime]
    ) -> Iterable[Event]:
        """Give records back what they said before, and return the events of it.

        :raises NotImplementedError: where the kind never updates
        """
        raise NotImplementedError

    def unlink(self, records: Sequence[RecordT]) -> None:
        """Undo that records became known at the place.

        :raises NotImplementedError: where the kind never links
        """
        raise NotImplementedError
