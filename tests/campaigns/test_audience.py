"""Who is addressed, who is not and why, and which arm a household falls into."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearth.campaigns.models import Campaign, CampaignMember
from hearth.campaigns.services.audience import ArmsMissing, SegmentNotCounted, draw_audience
from hearth.campaigns.services.planning import CampaignPlan, TreatmentPlan, create_campaign
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.services import mark_canary
from hearth.organization.models import OrgUnit
from hearth.privacy.services import NewConsent, forget_traces_of_scores, record_consents, sync_purposes
from hearth.segments.models import SegmentCount
from tests.campaigns.builders import (
    CALL,
    CONTROL,
    MAIL,
    make_campaign,
    make_reachable_customer,
    make_segment,
)
from tests.channels.builders import make_draft, make_message
from tests.privacy.builders import copy_customer, make_consent, make_household, make_known_customer

pytestmark = pytest.mark.django_db


def make_complaint(customer: Customer, org_unit: OrgUnit, now: datetime, *, grade: str = "hot") -> Case:
    return Case.objects.create(
        org_unit=org_unit,
        customer=customer,
        kind="complaint",
        grade=grade,
        channel="phone",
        title="漏水",
        body="漏水",
        opened_at=now,
        text_tokens=[],
        created_at=now,
        updated_at=now,
    )


def reason_of(customer: Customer) -> str:
    return CampaignMember.objects.get(customer=customer).exclusion


@pytest.mark.requirement("S54")
def test_each_reason_for_being_left_out_is_named(company: OrgUnit, actor: Actor, now: datetime) -> None:
    fine = make_reachable_customer(company)
    silent = make_reachable_customer(company, consents=False)
    opted_out = make_reachable_customer(company)
    make_consent(opted_out.pk, channel="phone", decision="withdrawn", decided_at=now - timedelta(days=1))
    complaining = make_reachable_customer(company)
    make_complaint(complaining, company, now)
    grumbling = make_reachable_customer(company)
    make_complaint(grumbling, company, now, grade="ordinary")
    without_mail = make_reachable_customer(company)
    ContactPoint.objects.filter(customer=without_mail, kind="email").update(is_valid=False)
    often = make_reachable_customer(company)
    for _ in range(2):
        make_message(make_draft(company, customer=often), now=now - timedelta(days=29), state="sent")
    everybody = [fine, silent, opted_out, complaining, grumbling, without_mail, often]
    arms = [CONTROL, MAIL, CALL]
    campaign = make_campaign(company, now=now, members=everybody, max_contacts=2, arms=thirds(arms))

    counts = draw_audience(campaign, actor=actor, now=now)

    assert dict(counts) == {
        "": 2,
        "no_consent": 1,
        "opted_out": 1,
        "open_complaint": 1,
        "no_address": 1,
        "too_often": 1,
    }
    assert [reason_of(customer) for customer in everybody] == [
        "",
        "no_consent",
        "opted_out",
        "open_complaint",
        "",
        "no_address",
        "too_often",
    ]


def thirds(arms: list[TreatmentPlan]) -> list[TreatmentPlan]:
    shares = [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]
    return [replace(arm, share=share) for arm, share in zip(arms, shares, strict=True)]


def test_a_household_is_addressed_through_its_head_and_a_complaint_of_one_spares_all(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    wangs, lis = make_household("王家"), make_household("李家")
    child, head, one, other = (make_reachable_customer(company) for _ in range(4))
    Customer.objects.filter(pk=child.pk).update(household=wangs)
    Customer.objects.filter(pk=head.pk).update(household=wangs, household_role="head")
    Customer.objects.filter(pk__in=[one.pk, other.pk]).update(household=lis)
    make_complaint(other, company, now)
    campaign = make_campaign(company, now=now, members=[child, head, one, other])

    draw_audience(campaign, actor=actor, now=now)

    assert [reason_of(customer) for customer in (child, head, one, other)] == [
        "same_household",
        "",
        "open_complaint",
        "open_complaint",
    ]
    assert CampaignMember.objects.get(customer=head).household_key == wangs.pk


def test_drawing_again_gives_the_same_arms_and_other_tokens(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    members = [make_reachable_customer(company) for _ in range(12)]
    campaign = make_campaign(company, now=now, members=members)

    draw_audience(campaign, actor=actor, now=now)
    first = dict(CampaignMember.objects.values_list("customer_id", "treatment__name"))
    tokens = set(CampaignMember.objects.values_list("token", flat=True))
    draw_audience(campaign, actor=actor, now=now)

    assert dict(CampaignMember.objects.values_list("customer_id", "treatment__name")) == first
    assert tokens.isdisjoint(CampaignMember.objects.values_list("token", flat=True))
    assert all(len(token) == 32 for token in tokens)


def test_shares_come_out_as_planned(company: OrgUnit, actor: Actor, now: datetime) -> None:
    copy_customer(make_known_customer(company), keys=2_000)
    customers = list(Customer.objects.exclude(external_key=""))
    sync_purposes()
    record_consents(
        [NewConsent(customer.pk, "marketing", "any", "given", "form") for customer in customers],
        actor=actor,
        now=now,
    )
    outside = TreatmentPlan("门店", "external", Decimal("0.5"))
    root = OrgUnit.objects.get(code="G")
    campaign = make_campaign(root, now=now, members=customers, arms=[CONTROL, outside])

    draw_audience(campaign, actor=actor, now=now)

    sizes = Counter(CampaignMember.objects.values_list("treatment__name", flat=True))
    assert sum(sizes.values()) == 2_000
    assert abs(sizes["对照组"] - 1_000) < 100


@pytest.mark.parametrize("number", [1, 3])
def test_drawing_costs_a_constant_number_of_queries(
    company: OrgUnit, actor: Actor, now: datetime, number: int
) -> None:
    members = [make_reachable_customer(company) for _ in range(number)]
    campaign = make_campaign(company, now=now, members=members)
    draw_audience(campaign, actor=actor, now=now)

    with CaptureQueriesContext(connection) as queries:
        draw_audience(campaign, actor=actor, now=now)

    assert len(queries) == 22


def test_people_of_another_company_are_not_addressed(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    stranger = make_reachable_customer(neighbour)
    campaign = make_campaign(company, now=now, members=[stranger])

    counts = draw_audience(campaign, actor=actor, now=now)

    assert dict(counts) == {"": 0}


def test_a_canary_is_addressed_by_no_campaign(company: OrgUnit, actor: Actor, now: datetime) -> None:
    canary, other = make_reachable_customer(company), make_reachable_customer(company)
    mark_canary(canary, is_canary=True)
    campaign = make_campaign(company, now=now, members=[canary, other])

    draw_audience(campaign, actor=actor, now=now)

    assert list(campaign.members.values_list("customer_id", flat=True)) == [other.pk]


def test_a_draw_needs_arms_and_a_counted_segment(company: OrgUnit, actor: Actor, now: datetime) -> None:
    plan = CampaignPlan("x", make_segment(company))
    bare = create_campaign(company, plan=plan, actor=actor, now=now)
    uncounted = make_campaign(company, now=now)
    SegmentCount.objects.filter(segment=uncounted.segment).delete()

    with pytest.raises(ArmsMissing):
        draw_audience(bare, actor=actor, now=now)
    with pytest.raises(SegmentNotCounted):
        draw_audience(uncounted, actor=actor, now=now)


def test_a_nightly_count_that_kept_no_members_does_not_empty_the_audience(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    campaign = make_campaign(company, now=now, members=[make_reachable_customer(company)])
    counted = SegmentCount.objects.get()
    SegmentCount.objects.create(
        segment=counted.segment,
        snapshot=counted.snapshot,
        rule={},
        size=9,
        has_members=False,
        created_at=now,
        updated_at=now,
    )

    counts = draw_audience(campaign, actor=actor, now=now)

    assert dict(counts) == {"": 1}


def test_who_refuses_profiling_leaves_an_audience_that_was_drawn_by_a_score_and_has_not_begun(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    customers = [make_reachable_customer(company) for _ in range(8)]
    waiting = make_campaign(company, now=now, members=customers)
    begun = make_campaign(company, now=now, members=customers)
    rule = {"field": "value_tier", "op": "in", "value": ["top"]}
    SegmentCount.objects.update(rule=rule)
    for campaign in (waiting, begun):
        draw_audience(campaign, actor=actor, now=now)
    Campaign.objects.filter(pk=begun.pk).update(state=Campaign.State.RUNNING)

    refusal = NewConsent(customers[0].pk, "profiling", "any", "refused", "form")
    record_consents([refusal], actor=actor, now=now)
    forget_traces_of_scores([customers[0].pk])

    assert waiting.members.count() == 7
    assert not waiting.members.filter(customer=customers[0]).exists()
    assert begun.members.count() == 8
