"""Writing a file: which rows is decided by one query, each portion is read as its reader may see it at that moment."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import override

from hearth.core.actor import Actor
from hearth.core.attribution import working_for
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.events import record
from hearth.exports.events import ListExported
from hearth.exports.files import keep_keys, path_of
from hearth.exports.models import Export, ExportedRows
from hearth.exports.permissions import EXPORT
from hearth.exports.refusals import ViewChanged
from hearth.exports.rights import still_holds
from hearth.exports.selectors import (
    Chosen,
    chosen_columns,
    chosen_of,
    exporter,
    reader_of_file,
    rights_of,
)
from hearth.exports.services.holding import hold_export, needs_second_person
from hearth.exports.watermark import hidden_key, visible_column, visible_words
from hearth.lib.typed_tables import TypedColumn, open_writer
from hearth.lists.definitions import Batch, Column
from hearth.lists.selectors import read_batch
from hearth.organization.selectors import actor_for

PORTION = 2_000
KEPT = timedelta(days=7)
State = Export.State


class _Stopped(Exception):
    """The export was given up, another worker has begun it anew, or it waits for a second person."""


@dataclass(frozen=True)
class _Plan:
    """What is written, with the rights of the asker when the writing began."""

    actor: Actor
    chosen: Chosen
    columns: Sequence[Column[Any]]


def write_export(export: Export, *, now: datetime) -> Export:
    """Write a file from its first row; may be repeated after a crash, and does nothing once the export is over.

    Only a file that is complete and on the disk becomes ready. What goes wrong is kept with the export and, where it
    is no refusal, raised.
    """
    if not _begin(export, now=now):
        return export
    path = path_of(export)
    try:
        with override(export.language):
            _write_file(export, path, now=now)
        _finish(export, path, now=now)
    except _Stopped:
        path.unlink(missing_ok=True)
    except DomainError as refusal:
        path.unlink(missing_ok=True)
        _fail(export, refusal.code, now=now)
    except Exception:
        path.unlink(missing_ok=True)
        _fail(export, "unexpected", now=now)
        raise
    export.refresh_from_db()
    return export


@transaction.atomic
def _begin(export: Export, *, now: datetime) -> bool:
    locked = Export.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if locked.state not in (State.WAITING, State.RUNNING):
        return False
    export.attempts = locked.attempts + 1
    export.state, export.written_rows, export.cut_cells, export.updated_at = State.RUNNING, 0, 0, now
    export.save(update_fields=["attempts", "state", "written_rows", "cut_cells", "updated_at"])
    return True


def asker_of(export: Export) -> Actor:
    """Return who asked, with the rights of this very moment.

    :raises NotAllowed: if the person may no longer sign in
    """
    if not export.created_by.is_active:
        raise NotAllowed(permission=EXPORT)
    actor = actor_for(export.created_by, today=timezone.localdate())
    return actor if export.limited_to is None else actor.narrowed_to(export.limited_to)


def _plan_of(export: Export) -> _Plan:
    """Return what an export holds as of now.

    :raises NotAllowed: if a right is gone
    :raises ViewChanged: if a column, a filter or the source is gone
    """
    actor = asker_of(export)
    chosen = chosen_of(export, actor)
    actor = reader_of_file(actor, chosen.definition)
    columns = chosen_columns(chosen.definition, export.columns, actor)
    if len(columns) != len(export.columns):
        raise ViewChanged
    return _Plan(actor, chosen, columns)


def _write_file(export: Export, path: Path, *, now: datetime) -> None:
    plan = _plan_of(export)
    with working_for(plan.actor):
        _write_rows(export, plan, path, now=now)


def _write_rows(export: Export, plan: _Plan, path: Path, *, now: datetime) -> None:
    export.rights = rights_of(plan.chosen, plan.columns, plan.actor)
    with keep_keys(plan.chosen.keys(plan.actor)) as keys:
        if needs_second_person(export, keys.number):
            hold_export(export, rows=keys.number, actor=plan.actor, now=now)
            raise _Stopped
        export.total_rows = keys.number
        _show(export, rights=export.rights, total_rows=keys.number)
        columns = [TypedColumn(each.key, str(each.label), each.kind.type) for each in plan.columns]
        said = visible_words(export)
        sheet = str(plan.chosen.definition.label)
        zone = timezone.get_current_timezone()
        path.touch(mode=0o600)
        export.rows_written.all().delete()
        with open_writer(
            path, export.format, [*columns, visible_column()], zone=zone, sheet=sheet, mark=hidden_key(export)
        ) as writer:
            for portion in keys.portions(PORTION):
                batch = _still_there(plan, portion)
                if batch.rows:
                    cells = [_plain(column, batch) for column in plan.columns]
                    writer.write([*cells, [said] * len(batch.rows)])
                    _note_rows(export, batch, now=now)
                export.written_rows += len(batch.rows)
                _show(export, written_rows=export.written_rows)
            export.cut_cells = writer.cut_cells


def _note_rows(export: Export, batch: Batch[Any], *, now: datetime) -> None:
    """Note which rows the file holds, so that it can be told later whom it spoke of."""
    ExportedRows.objects.create(export=export, row_ids=[row.pk for row in batch.rows], written_at=now)


def _still_there(plan: _Plan, keys: Sequence[UUID]) -> Batch[Any]:
    """Read rows whole, without those the asker lost sight of since the writing began; two queries."""
    definition = plan.chosen.definition
    seen = set(
        definition.rows(exporter(plan.actor, definition)).filter(pk__in=keys).values_list("pk", flat=True)
    )
    return read_batch(definition, [key for key in keys if key in seen], plan.actor)


def _plain(column: Column[Any], batch: Batch[Any]) -> list[Any]:
    return [column.kind.plain(value) for value in column.read(batch)]


def _show(export: Export, **values: Any) -> None:
    """Tell how far it is.

    :raises _Stopped: if nobody waits for this attempt any more
    """
    own = Export.objects.filter(pk=export.pk, state=State.RUNNING, attempts=export.attempts)
    if not own.update(**values):
        raise _Stopped


@transaction.atomic
def _finish(export: Export, path: Path, *, now: datetime) -> None:
    """Make a file ready, unless its reader has fewer rights by now than when it was begun.

    :raises ViewChanged: if they have
    """
    with path.open("rb") as file:
        os.fsync(file.fileno())
    locked = Export.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=export.pk)
    if locked.state != State.RUNNING or locked.attempts != export.attempts:
        raise _Stopped
    require_as_written(locked)
    locked.state, locked.cut_cells, locked.size = State.DONE, export.cut_cells, path.stat().st_size
    locked.expires_at, locked.updated_at = now + KEPT, now
    locked.save(update_fields=["state", "cut_cells", "size", "expires_at", "updated_at"])
    Export.objects.filter(pk=locked.pk).update(finished_at=Now())
    event = ListExported(
        subject_id=locked.pk,
        object_key=locked.object_key,
        format=locked.format,
        rows=locked.written_rows,
        columns=locked.columns,
        source_key=locked.source_key,
        source_id=locked.source_id,
    )
    record(event, actor=asker_of(locked), now=now)


def require_as_written(export: Export, actor: Actor | None = None) -> None:
    """Demand that an actor, who asked unless told, may still see all that stands in a file.

    :raises NotAllowed: if a right is gone
    :raises ViewChanged: if a column is gone, or a right does not reach as far as it did
    """
    plan = _plan_of(export)
    if not still_holds(actor or plan.actor, export.rights):
        raise ViewChanged


def _fail(export: Export, code: str, *, now: datetime) -> None:
    own = Export.objects.filter(pk=export.pk, state=State.RUNNING, attempts=export.attempts)
    own.update(state=State.FAILED, error_code=code, updated_at=now)
