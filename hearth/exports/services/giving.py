"""Giving a file to whoever asked for it."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.events import record
from hearth.exports.events import ExportDownloaded
from hearth.exports.files import path_of
from hearth.exports.models import Export
from hearth.exports.permissions import EXPORT
from hearth.exports.refusals import FileNotThere
from hearth.exports.services.writing import require_as_written


@transaction.atomic
def give_file(export: Export, *, actor: Actor, now: datetime) -> Path:
    """Return where the file is, and note that it was taken.

    :raises NotAllowed: unless it is the actor's own and they still have the rights it was written with
    :raises ViewChanged: if they may no longer see all of it
    :raises FileNotThere: if it is not ready, or its days are over
    """
    if export.created_by_id != actor.user_id:
        raise NotAllowed(permission=EXPORT)
    path = path_of(export)
    is_kept = export.expires_at is not None and now < export.expires_at
    if export.state != Export.State.DONE or not is_kept or not path.exists():
        raise FileNotThere
    require_as_written(export, actor)
    event = ExportDownloaded(subject_id=export.pk, object_key=export.object_key, rows=export.written_rows)
    record(event, actor=actor, now=now)
    return path
