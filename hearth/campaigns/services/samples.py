"""Writing a whole campaign as it would have become, for the demo."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from hearth.campaigns.events import CampaignCreated, CampaignFinished, CampaignLaunched, ResponseRecorded
from hearth.campaigns.models import Campaign, Response, Treatment
from hearth.campaigns.permissions import CHANGE_CAMPAIGN
from hearth.campaigns.services.members import NewMember, copy_members
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.events import Event, record_many


def write_sample_campaign(
    campaign: Campaign, arms: Sequence[Treatment], *, actor: Actor, now: datetime
) -> None:
    """Write a sample campaign and its arms as they stand, with the events of its life; opens no transaction.

    :raises NotAllowed: if the actor may not plan campaigns at the place
    """
    actor.require(CHANGE_CAMPAIGN, campaign.org_unit_id)
    campaign.is_sample = True
    campaign.save(force_insert=True)
    for arm in arms:
        arm.is_sample = True
    Treatment.objects.bulk_create(arms)
    begun, ended = campaign.starts_at, campaign.ends_at
    about: dict[str, Any] = {
        "org_unit_id": campaign.org_unit_id,
        "subject_id": campaign.pk,
        "is_sample": True,
    }
    events: list[Event] = [CampaignCreated(**about, occurred_at=begun)]
    if ended and campaign.state == Campaign.State.FINISHED:
        events.append(CampaignFinished(**about, occurred_at=ended, state=campaign.state))
    record_many(events, actor=actor, now=now)


def write_sample_members(
    campaign: Campaign, members: Sequence[NewMember], *, actor: Actor, now: datetime
) -> list[UUID]:
    """Write the members of a sample campaign with the reactions they hold; return their ids in order."""
    ids = copy_members(campaign.pk, members, now=now, is_sample=True)
    reacted = [
        (member_id, new, new.responded_at)
        for member_id, new in zip(ids, members, strict=True)
        if new.responded_at
    ]
    insert_many([_response(member_id, at, now) for member_id, _new, at in reacted])
    addressed = sum(1 for new in members if new.treated_at)
    about: dict[str, Any] = {
        "org_unit_id": campaign.org_unit_id,
        "subject_id": campaign.pk,
        "is_sample": True,
    }
    events: list[Event] = [CampaignLaunched(**about, occurred_at=campaign.starts_at, addressed=addressed)]
    events.extend(
        ResponseRecorded(
            **about,
            occurred_at=at,
            customer_id=new.customer_id,
            household_id=new.household_key,
            member_id=member_id,
            kind=Response.Kind.RESPONSE,
            source=Response.Source.EVENT,
        )
        for member_id, new, at in reacted
    )
    record_many(events, actor=actor, now=now)
    return ids


def _response(member_id: UUID, at: datetime, now: datetime) -> Response:
    return Response(
        member_id=member_id,
        kind=Response.Kind.RESPONSE,
        source=Response.Source.EVENT,
        occurred_at=at,
        reference="visit",
        created_at=now,
        updated_at=now,
        is_sample=True,
    )
