"""Stopping a file that is too large for one person, and telling those who may decide over it."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.models import User
from hearth.accounts.services import notify
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.exports.events import ExportHeld
from hearth.exports.models import Export
from hearth.exports.notifications import WANTED
from hearth.exports.permissions import APPROVE_EXPORT, EXPORT
from hearth.exports.policy import rows_alone
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import people_with


def needs_second_person(export: Export, rows: int) -> bool:
    """Tell whether a file has more rows than one may take alone and a second person approved; two queries.

    What was approved may grow by as much as a person may take alone.
    """
    return rows > rows_alone() + (export.approved_rows or 0)


@transaction.atomic
def hold_export(export: Export, *, rows: int, actor: Actor, now: datetime) -> None:
    """Let a file that is being written wait for a second person, and ring the bell of those who can be that."""
    own = Export.objects.filter(pk=export.pk, state=Export.State.RUNNING, attempts=export.attempts)
    changes = {"held_at": now, "updated_at": now, "total_rows": rows, "rights": export.rights}
    if not own.update(state=Export.State.HELD, **changes):
        return
    record(ExportHeld(subject_id=export.pk, object_key=export.object_key, rows=rows), actor=actor, now=now)
    words: dict[str, str | int] = {"who": str(export.created_by), "rows": rows, "name": export.name}
    url = reverse("exports:detail", args=[export.pk])
    people = [user.pk for user in _second_persons(export) if user.pk != export.created_by_id]
    notify(people, WANTED, url=url, now=now, params=words)


def _second_persons(export: Export) -> list[User]:
    """Return who approves exports at the highest place that all the places of an export are below of."""
    places = OrgUnit.objects.filter(pk__in=export.rights.get(EXPORT) or [])
    paths = [unit.ancestor_paths() for unit in places] or [
        [unit.path] for unit in OrgUnit.objects.filter(depth=0)
    ]
    shared = set(paths[0]).intersection(*paths[1:]) if paths else set()
    place = OrgUnit.objects.filter(path__in=shared).order_by("-depth").first()
    return list(people_with(APPROVE_EXPORT, place, today=timezone.localdate())) if place else []
