"""Campaigns of the past, so that their results can be read with the same eyes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q

from hearth.campaigns.events import CampaignImported, ResponseRecorded
from hearth.campaigns.models import Campaign, CampaignMember, Response, Treatment
from hearth.campaigns.permissions import CHANGE_CAMPAIGN
from hearth.campaigns.services.members import NewMember, copy_members
from hearth.core.actor import Actor
from hearth.core.events import record_many
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit

Exclusion = CampaignMember.Exclusion


@dataclass(frozen=True)
class PastMember:
    """One customer in a campaign of the past; `revenue` and `prior_amount` in yuan."""

    customer_id: UUID
    campaign: str
    arm: str
    is_control: bool
    sent_at: datetime
    has_responded: bool
    has_purchased: bool
    revenue: Decimal
    prior_amount: Decimal | None


def add_past_members(
    members: Sequence[PastMember], *, org_unit: OrgUnit, actor: Actor, now: datetime
) -> list[UUID | None]:
    """Add members to finished campaigns, made where they are missing; return the id of each that is new.

    Opens no transaction. A constant number of queries for each campaign named. Shares become what the rows show:
    the plan of the past is not known, so its arms' sizes cannot be checked against it.

    :raises NotAllowed: if the actor may not plan campaigns at the place
    """
    actor.require(CHANGE_CAMPAIGN, org_unit.pk)
    written: list[UUID | None] = [None] * len(members)
    for name in dict.fromkeys(member.campaign for member in members):
        numbers = [index for index, member in enumerate(members) if member.campaign == name]
        added = _add(name, [members[index] for index in numbers], org_unit=org_unit, actor=actor, now=now)
        for index, member_id in zip(numbers, added, strict=True):
            written[index] = member_id
    return written


def _add(
    name: str, members: Sequence[PastMember], *, org_unit: OrgUnit, actor: Actor, now: datetime
) -> list[UUID | None]:
    campaign = _campaign(name, members, org_unit=org_unit, actor=actor, now=now)
    arms = _arms(campaign, members, now)
    asked = {member.customer_id for member in members}
    known = set(
        CampaignMember.objects.filter(campaign=campaign, customer_id__in=asked).values_list(
            "customer_id", flat=True
        )
    )
    fresh: dict[UUID, PastMember] = {}
    for member in members:
        if member.customer_id not in known:
            fresh.setdefault(member.customer_id, member)
    households = dict(Customer.objects.filter(pk__any_of=fresh).values_list("id", "household_id"))
    rows = [_row(member, arms[member.arm], households.get(member.customer_id)) for member in fresh.values()]
    member_ids = copy_members(campaign.pk, rows, now=now, is_sample=campaign.is_sample)
    _write_responses(campaign, list(zip(member_ids, fresh.values(), strict=True)), actor=actor, now=now)
    _set_shares(campaign)
    ids = dict(zip(fresh, member_ids, strict=True))
    return [
        ids.get(member.customer_id) if fresh.get(member.customer_id) is member else None for member in members
    ]


def _campaign(
    name: str, members: Sequence[PastMember], *, org_unit: OrgUnit, actor: Actor, now: datetime
) -> Campaign:
    starts_at = min(member.sent_at for member in members)
    campaign, is_new = Campaign.objects.get_or_create(
        org_unit=org_unit,
        name=name,
        defaults={
            "state": Campaign.State.FINISHED,
            "external_key": f"history:{name}"[:80],
            "salt": f"history:{name}"[:40],
            "starts_at": starts_at,
            "ends_at": max(member.sent_at for member in members),
            "created_by_id": actor.user_id,
            "owner_id": actor.user_id,
            "created_at": now,
            "updated_at": now,
        },
    )
    if is_new:
        event = CampaignImported(
            occurred_at=starts_at, org_unit_id=org_unit.pk, subject_id=campaign.pk, members=len(members)
        )
        record_many([event], actor=actor, now=now)
    return campaign


def _arms(campaign: Campaign, members: Sequence[PastMember], now: datetime) -> dict[str, Treatment]:
    """Return the arms by name, those new to the campaign written with a share that is set afterwards."""
    arms = {arm.name: arm for arm in campaign.treatments.all()}
    for name, is_control in dict.fromkeys((member.arm, member.is_control) for member in members):
        if name not in arms:
            arms[name] = Treatment.objects.create(
                campaign=campaign,
                name=name,
                channel=Treatment.Channel.NONE if is_control else Treatment.Channel.EXTERNAL,
                share=1,
                position=0 if is_control else len(arms) + 1,
                created_at=now,
                updated_at=now,
            )
    return arms


def _row(member: PastMember, arm: Treatment, household_id: UUID | None) -> NewMember:
    return NewMember(
        customer_id=member.customer_id,
        household_key=household_id or member.customer_id,
        treatment_id=arm.pk,
        treated_at=None if member.is_control else member.sent_at,
        prior_amount=member.prior_amount,
        responded_at=member.sent_at if member.has_responded else None,
        purchased_at=member.sent_at if member.has_purchased else None,
        revenue_amount=member.revenue,
    )


def _write_responses(
    campaign: Campaign, members: Sequence[tuple[UUID, PastMember]], *, actor: Actor, now: datetime
) -> None:
    rows = [
        Response(
            member_id=member_id,
            kind=kind,
            source=Response.Source.IMPORT,
            amount=past.revenue if kind == Response.Kind.PURCHASE else None,
            occurred_at=past.sent_at,
            reference="import",
            created_at=now,
            updated_at=now,
        )
        for member_id, past in members
        for kind, happened in (
            (Response.Kind.RESPONSE, past.has_responded),
            (Response.Kind.PURCHASE, past.has_purchased),
        )
        if happened
    ]
    Response.objects.bulk_create(rows, batch_size=2_000)
    customer_of = {member_id: past.customer_id for member_id, past in members}
    events = [
        ResponseRecorded(
            occurred_at=row.occurred_at,
            org_unit_id=campaign.org_unit_id,
            customer_id=customer_of[row.member_id],
            subject_id=campaign.pk,
            amount=row.amount,
            member_id=row.member_id,
            kind=row.kind,
            source=row.source,
        )
        for row in rows
    ]
    record_many(events, actor=actor, now=now)


def _set_shares(campaign: Campaign) -> None:
    """Set the shares to what was found, and let the last arm take what rounding leaves."""
    included = Count("members", filter=Q(members__exclusion=""))
    sizes = campaign.treatments.annotate(included=included).order_by("position", "id")
    found = Counter(dict(sizes.values_list("id", "included")))
    left, arms = Decimal(1), list(found)
    for arm_id in arms:
        is_last = arm_id == arms[-1]
        share = left if is_last else round(Decimal(found[arm_id]) / found.total(), 4)
        left -= share
        Treatment.objects.filter(pk=arm_id).update(share=max(share, Decimal("0.0001")))
