"""Putting campaigns into the hands of another colleague."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hearth.campaigns.events import CampaignPassedOn
from hearth.campaigns.models import Campaign
from hearth.core.actor import Actor
from hearth.core.events import record_many
from hearth.core.ownership import reassign


def pass_on_campaigns(
    ids: Collection[UUID], *, from_user_id: int | None, to_user_id: int, actor: Actor, now: datetime
) -> list[UUID]:
    """Put a colleague in charge of campaigns that are still another's.

    A step of handing over a book, which asks for its right; opens no transaction. Returns what changed hands.
    """
    rows = reassign(
        Campaign.objects.all(), "owner", ids, from_user_id=from_user_id, to_user_id=to_user_id, now=now
    )
    events = [
        CampaignPassedOn(
            org_unit_id=row.org_unit_id,
            subject_id=row.pk,
            from_user_id=from_user_id,
            to_user_id=to_user_id,
            is_sample=row.is_sample,
        )
        for row in rows
    ]
    record_many(events, actor=actor, now=now)
    return [row.pk for row in rows]
