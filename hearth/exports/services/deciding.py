"""A second person's decision over a file that is too large for one."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from hearth.accounts.services import notify
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.events import record
from hearth.exports.events import ExportApproved, ExportRefused
from hearth.exports.models import Export
from hearth.exports.notifications import DECIDED
from hearth.exports.permissions import APPROVE_EXPORT
from hearth.exports.refusals import NotHeld, OwnExport, ReasonMissing
from hearth.exports.services.asking import LOCK, LONGEST_REASON, SHORTEST_REASON

State = Export.State


@transaction.atomic
def approve_export(export: Export, *, actor: Actor, now: datetime) -> Export:
    """Let a file be written that waits for a second person.

    :raises OwnExport: if the actor asked for it
    :raises NotAllowed: if the actor does not approve exports at all the places it is made with
    :raises NotHeld: if it does not wait for an approval
    """
    from hearth.exports.jobs import write  # noqa: PLC0415  (the job calls the services)

    locked = _lock(export, actor)
    locked.state, locked.approved_rows = State.WAITING, locked.total_rows
    _decide(locked, "", actor=actor, now=now)
    event = ExportApproved(subject_id=locked.pk, object_key=locked.object_key, rows=locked.total_rows or 0)
    record(event, actor=actor, now=now)
    write.configure(lock=LOCK).defer(export_id=str(locked.pk))
    return locked


@transaction.atomic
def refuse_export(export: Export, *, reason: str, actor: Actor, now: datetime) -> Export:
    """Refuse a file that waits for a second person, and tell who asked why.

    :raises OwnExport: if the actor asked for it
    :raises NotAllowed: if the actor does not approve exports at all the places it is made with
    :raises NotHeld: if it does not wait for an approval
    :raises ReasonMissing: if no reason is given
    """
    locked = _lock(export, actor)
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise ReasonMissing("reason")
    locked.state = State.REFUSED
    _decide(locked, reason, actor=actor, now=now)
    event = ExportRefused(subject_id=locked.pk, object_key=locked.object_key, rows=locked.total_rows or 0)
    record(event, actor=actor, now=now)
    return locked


def _lock(export: Export, actor: Actor) -> Export:
    if export.created_by_id == actor.user_id:
        raise OwnExport
    locked = Export.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=export.pk).first()
    if actor.user_id is None or not actor.can(APPROVE_EXPORT) or locked is None:
        raise NotAllowed(permission=APPROVE_EXPORT)
    if locked.state != State.HELD:
        raise NotHeld
    if not Export.objects.to_decide_by(actor).filter(pk=export.pk).exists():
        raise NotAllowed(permission=APPROVE_EXPORT)
    return locked


def _decide(export: Export, note: str, *, actor: Actor, now: datetime) -> None:
    export.decided_by_id, export.decided_at, export.decision_note, export.updated_at = (
        actor.user_id,
        now,
        note,
        now,
    )
    export.save(
        update_fields=["state", "approved_rows", "decided_by", "decided_at", "decision_note", "updated_at"]
    )
    url = reverse("exports:detail", args=[export.pk])
    notify([export.created_by_id], DECIDED, url=url, now=now, params={"name": export.name})
