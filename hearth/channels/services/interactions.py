"""Noting what passed between a customer and us."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.channels.events import InteractionRecorded
from hearth.channels.models import Channel, Interaction
from hearth.channels.permissions import RECORD_INTERACTION
from hearth.channels.wording import say_in_secret
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError
from hearth.core.events import record_many
from hearth.customers.models import Customer
from hearth.customers.services.last_contact import touch_customers
from hearth.organization.models import OrgUnit


class ContactInFuture(DomainError):
    """What has not happened cannot be noted."""

    code = "contact_in_future"
    message = _("A contact cannot lie in the future.")


@dataclass(frozen=True)
class NewInteraction:
    """One contact to be recorded; `occurred_at` is now when it is not stated."""

    customer_id: UUID
    org_unit_id: int
    channel: str
    direction: str
    summary: str
    body: str = ""
    project_id: UUID | None = None
    occurred_at: datetime | None = None
    external_key: str = ""
    is_sensitive: bool = False


def record_interaction(
    customer: Customer,
    *,
    org_unit: OrgUnit,
    channel: str,
    direction: str,
    summary: str,
    actor: Actor,
    now: datetime,
    body: str = "",
    project_id: UUID | None = None,
    occurred_at: datetime | None = None,
) -> Interaction:
    """Record a call, visit, message or note, and move the customer's last contact forward.

    :raises NotAllowed: if the actor may not record contacts at the place
    :raises ContactInFuture: if it lies after now
    """
    new = NewInteraction(customer.pk, org_unit.pk, channel, direction, summary, body, project_id, occurred_at)
    return record_interactions([new], actor=actor, now=now)[0]


@transaction.atomic
def record_interactions(
    wanted: Sequence[NewInteraction], *, actor: Actor, now: datetime, is_sample: bool = False
) -> list[Interaction]:
    """Record many contacts with a constant number of queries.

    :raises NotAllowed, ContactInFuture: as `record_interaction`
    """
    for org_unit_id in {new.org_unit_id for new in wanted}:
        actor.require(RECORD_INTERACTION, org_unit_id)
    if any(new.occurred_at and new.occurred_at > now for new in wanted):
        raise ContactInFuture
    rows = [_row(new, actor=actor, now=now, is_sample=is_sample) for new in wanted]
    insert_many(rows)
    touch_customers(_last_contacts(rows))
    record_many([_event(row) for row in rows], actor=actor, now=now)
    return rows


def _row(new: NewInteraction, *, actor: Actor, now: datetime, is_sample: bool) -> Interaction:
    row = Interaction(
        customer_id=new.customer_id,
        org_unit_id=new.org_unit_id,
        channel=new.channel,
        direction=new.direction,
        summary=new.summary,
        body=new.body,
        project_id=new.project_id,
        occurred_at=new.occurred_at or now,
        external_key=new.external_key,
        recorded_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
        is_sample=is_sample,
    )
    if new.is_sensitive:
        say_in_secret(row, new.summary, new.body)
    return row


def _last_contacts(rows: Collection[Interaction]) -> dict[UUID, datetime]:
    """Take the newest contact of each customer; a note among ourselves is none."""
    newest: dict[UUID, datetime] = {}
    for row in rows:
        if row.channel == Channel.NOTE or row.direction == Interaction.Direction.INTERNAL:
            continue
        known = newest.get(row.customer_id)
        newest[row.customer_id] = row.occurred_at if known is None else max(known, row.occurred_at)
    return newest


def _event(row: Interaction) -> InteractionRecorded:
    return InteractionRecorded(
        occurred_at=row.occurred_at,
        org_unit_id=row.org_unit_id,
        customer_id=row.customer_id,
        project_id=row.project_id,
        subject_id=row.pk,
        channel=row.channel,
        direction=row.direction,
        is_sample=row.is_sample,
    )
