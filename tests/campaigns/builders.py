"""Campaigns with segments and members, for tests."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

from django.db.models import Count

from hearth.campaigns.models import Campaign, CampaignMember
from hearth.campaigns.services.audience import draw_audience
from hearth.campaigns.services.launch import launch_campaign
from hearth.campaigns.services.planning import (
    CampaignPlan,
    TreatmentPlan,
    create_campaign,
    set_treatments,
)
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.segments.models import Segment, SegmentCount, SegmentMember
from hearth.warehouse.models import Snapshot
from tests.privacy.builders import make_consent, make_known_customer

_numbers = count(1)
WRITTEN_AT = datetime(2026, 1, 1, tzinfo=UTC)
ACTOR = Actor.system("test")
MAIL = TreatmentPlan("邮件", "email", Decimal("0.5"), "样板间开放", "{name},您好!{link} 不再接收:{opt_out}")
CONTROL = TreatmentPlan("对照组", "", Decimal("0.5"))
CALL = TreatmentPlan("电话", "call", Decimal("0.5"), "", "请介绍样板间")


def make_segment(org_unit: OrgUnit, *, members: Sequence[Customer] = ()) -> Segment:
    """Write a segment counted once, with these members."""
    segment = Segment.objects.create(
        org_unit=org_unit,
        name=f"segment {next(_numbers)}",
        rule={},
        created_at=WRITTEN_AT,
        updated_at=WRITTEN_AT,
    )
    snapshot = Snapshot.objects.create(
        taken_at=WRITTEN_AT, state="done", created_at=WRITTEN_AT, updated_at=WRITTEN_AT
    )
    counted = SegmentCount.objects.create(
        segment=segment,
        snapshot=snapshot,
        rule={},
        size=len(members),
        has_members=True,
        created_at=WRITTEN_AT,
        updated_at=WRITTEN_AT,
    )
    SegmentMember.objects.bulk_create(SegmentMember(count=counted, customer=customer) for customer in members)
    return segment


def make_reachable_customer(org_unit: OrgUnit, *, consents: bool = True) -> Customer:
    """Write a customer with mail, phone and, unless stated otherwise, consent to marketing."""
    number = next(_numbers)
    customer = make_known_customer(
        org_unit, email=f"owner{number}@example.com", phone=f"+8613800{number:06d}"
    )
    if consents:
        make_consent(customer.pk)
    return customer


def make_campaign(
    org_unit: OrgUnit,
    *,
    now: datetime,
    members: Sequence[Customer] = (),
    arms: Sequence[TreatmentPlan] = (CONTROL, MAIL),
    max_contacts: int = 3,
) -> Campaign:
    """Plan a campaign for these customers; its salt is fixed, so that the arms are."""
    plan = CampaignPlan(
        name=f"春季开放日 {next(_numbers)}",
        segment=make_segment(org_unit, members=members),
        goal="预约参观",
        hypothesis="看过样板间的客户更愿意认购",
        max_contacts_30_days=max_contacts,
    )
    campaign = create_campaign(org_unit, plan=plan, actor=ACTOR, now=now)
    campaign.salt = "fixed"
    campaign.save(update_fields=["salt"])
    set_treatments(campaign, arms, actor=ACTOR, now=now)
    return campaign


def make_running_campaign(
    org_unit: OrgUnit,
    *,
    now: datetime,
    number: int = 8,
    arms: Sequence[TreatmentPlan] = (CONTROL, MAIL),
) -> Campaign:
    """Start a campaign for some customers who can be reached; each arm gets two of them, if there are so many."""
    members = [make_reachable_customer(org_unit) for _ in range(number)]
    campaign = make_campaign(org_unit, now=now, members=members, arms=arms)
    draw_audience(campaign, actor=ACTOR, now=now)
    least = min(2, number // len(arms))
    while campaign.treatments.annotate(size=Count("members")).filter(size__lt=least).exists():
        campaign.salt += "'"
        campaign.save(update_fields=["salt"])
        draw_audience(campaign, actor=ACTOR, now=now)
    launch_campaign(campaign, actor=ACTOR, now=now)
    return campaign


def member_of(campaign: Campaign, *, treated: bool = True) -> CampaignMember:
    """Return the first member of a treated arm, or of the control group."""
    rows = campaign.members.filter(exclusion="").select_related("campaign", "customer", "treatment")
    rows = rows.exclude(treatment__channel="") if treated else rows.filter(treatment__channel="")
    return rows.order_by("id")[0]
