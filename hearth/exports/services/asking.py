"""Asking for a file, and giving it up again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import get_language

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput, NotAllowed
from hearth.exports.models import Export
from hearth.exports.permissions import EXPORT
from hearth.exports.refusals import NotUnfinished, ReasonMissing, TooManyUnfinished, UnknownColumn
from hearth.exports.selectors import Chosen, chosen_columns, require_rights, rights_of

SHORTEST_REASON, LONGEST_REASON = 2, 300
MOST_CHOSEN = 20_000
MOST_UNFINISHED = 5
# One file at a time, whoever asks: the other half of the worker stays free for everything else.
LOCK = "exports"


@transaction.atomic
def ask_export(
    chosen: Chosen,
    *,
    columns: Sequence[str],
    table_format: str,
    reason: str,
    actor: Actor,
    now: datetime,
    is_queued: bool = True,
) -> Export:
    """Have rows of a list written to a file, in the language in force; `chosen.definition` is extended.

    `is_queued=False` leaves the writing to the caller.

    :raises NotAllowed: if the actor may not export, or not see the list, or is no person
    :raises ViewChanged: if the source is not there for the actor
    :raises UnknownColumn: if a column is not there for the actor, or none is named
    :raises UnknownFilter: if the list does not know a filter
    :raises ReasonMissing: if no reason is given
    :raises TooManyUnfinished: if several files of the actor are not finished yet
    """
    from hearth.exports.jobs import write  # noqa: PLC0415  (the job calls the services)

    require_rights(chosen, actor)
    if actor.user_id is None:
        raise NotAllowed(permission=EXPORT)
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise ReasonMissing("reason")
    if table_format not in Export.Format.values:
        raise InvalidInput("format")
    if chosen.row_ids is not None and len(chosen.row_ids) > MOST_CHOSEN:
        raise InvalidInput("rows")
    found = chosen_columns(chosen.definition, columns, actor)
    if not found or len(found) != len(set(columns)):
        raise UnknownColumn("columns")
    chosen.state(actor)
    if Export.objects.filter(created_by_id=actor.user_id).unfinished().count() >= MOST_UNFINISHED:
        raise TooManyUnfinished(most=MOST_UNFINISHED)
    export = Export(
        name=_name(chosen, actor, now),
        object_key=chosen.definition.key,
        source_key=chosen.source.key if chosen.source else "",
        source_id=chosen.source_id,
        parameters=dict(chosen.parameters),
        row_ids=None if chosen.row_ids is None else [str(row_id) for row_id in chosen.row_ids],
        columns=[column.key for column in found],
        format=table_format,
        reason=reason,
        language=get_language() or "",
        limited_to=sorted(actor.scopes) if actor.is_narrowed else None,
        rights=rights_of(chosen, found, actor),
        created_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
    )
    export.save()
    if is_queued:
        write.configure(lock=LOCK).defer(export_id=str(export.pk))
    return export


def _name(chosen: Chosen, actor: Actor, now: datetime) -> str:
    """Return what the file is called, without its ending."""
    named = chosen.source.name(actor, chosen.source_id) if chosen.source and chosen.source_id else ""
    words = f"{chosen.definition.label} {named}" if named else str(chosen.definition.label)
    return f"{words[:100]} {localdate(now).isoformat()}"


@transaction.atomic
def cancel_export(export: Export, *, actor: Actor, now: datetime) -> Export:
    """Give up a file that is not written yet; a job at it stops with its next rows.

    :raises NotAllowed: unless it is the actor's own
    :raises NotUnfinished: if it is over already
    """
    if export.created_by_id != actor.user_id:
        raise NotAllowed(permission=EXPORT)
    locked = Export.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if not locked.is_unfinished:
        raise NotUnfinished
    locked.state, locked.updated_at = Export.State.CANCELLED, now
    locked.save(update_fields=["state", "updated_at"])
    return locked
