"""Putting registrations that stand against each other into the queue; a step of other services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localdate

from hearth.accounts.services import notify
from hearth.brokers.events import ConflictOpened
from hearth.brokers.models import ChannelRegistration, ConflictSide, RegistrationConflict
from hearth.brokers.notifications import CONFLICT
from hearth.brokers.permissions import DECIDE_CONFLICT
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.events import record
from hearth.leads.models import Lead
from hearth.organization.selectors import people_with
from hearth.properties.models import Project

State = ChannelRegistration.State


@dataclass(frozen=True)
class Meeting:
    """What brought a conflict up: the project, the customer and the visit where known, and the consultant's lead."""

    project: Project
    customer_id: UUID | None = None
    visited_at: datetime | None = None
    lead: Lead | None = None


def raise_conflict(
    rows: Sequence[ChannelRegistration], meeting: Meeting, *, claim: str, actor: Actor, now: datetime
) -> RegistrationConflict:
    """Open a conflict about locked registrations; those that waited are disputed until it is decided."""
    project, lead = meeting.project, meeting.lead
    stamps = {
        "org_unit_id": project.org_unit_id,
        "is_sample": rows[0].is_sample,
        "created_at": now,
        "updated_at": now,
    }
    conflict = RegistrationConflict.objects.create(
        project=project,
        customer_id=meeting.customer_id,
        visited_at=meeting.visited_at,
        lead=lead,
        consultant_id=lead.consultant_id if lead else None,
        claim=claim,
        opened_by_id=actor.user_id,
        **stamps,
    )
    sides = [
        ConflictSide(conflict=conflict, registration=row, state_before=row.state, **stamps) for row in rows
    ]
    insert_many(sides)
    for row in rows:
        if row.state == State.WAITING:
            row.state, row.updated_at = State.DISPUTED, now
            row.save(update_fields=["state", "updated_at"])
    event = ConflictOpened(
        **about_conflict(conflict),
        registration_ids=tuple(row.pk for row in rows),
        consultant_id=conflict.consultant_id,
    )
    record(event, actor=actor, now=now)
    able = people_with(DECIDE_CONFLICT, project.org_unit, today=localdate(now))
    told = set(able.values_list("pk", flat=True)) - {actor.user_id, conflict.consultant_id}
    tell(told, CONFLICT, conflict, actor, now)
    return conflict


def about_conflict(conflict: RegistrationConflict) -> dict[str, Any]:
    """Return what every event of a conflict tells."""
    return {
        "org_unit_id": conflict.org_unit_id,
        "customer_id": conflict.customer_id,
        "project_id": conflict.project_id,
        "subject_id": conflict.pk,
        "is_sample": conflict.is_sample,
    }


def tell(ids: set[int], kind: str, conflict: RegistrationConflict, actor: Actor, now: datetime) -> None:
    """Tell people of a conflict."""
    notify(
        sorted(ids),
        kind,
        url=reverse("brokers:conflict", args=[conflict.pk]),
        now=now,
        params={"actor": actor.name, "title": str(conflict.project)},
        is_sample=conflict.is_sample,
    )
