"""Two records of one customer in one campaign: each keeps its arm, one person is addressed once."""

from datetime import datetime

import pytest

from hearth.campaigns.models import Campaign, CampaignMember
from hearth.campaigns.services.audience import draw_audience
from hearth.campaigns.services.calls import take_call
from hearth.campaigns.services.launch import queue_campaign_mails
from hearth.campaigns.services.responses import opt_out
from hearth.core.actor import Actor
from hearth.customers.services import merge_customers
from hearth.organization.models import OrgUnit
from hearth.privacy.selectors import may_contact
from tests.campaigns.builders import (
    CALL,
    CONTROL,
    make_campaign,
    make_reachable_customer,
    make_running_campaign,
)

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def two_treated(campaign: Campaign) -> tuple[CampaignMember, CampaignMember]:
    """Return two members of the treated arm; of 24 customers chance gives it fewer once in a million times."""
    first, second, *_others = campaign.members.exclude(treatment__channel="").order_by("id")
    return first, second


def test_no_second_mail_goes_to_a_merged_record(company: OrgUnit, now: datetime) -> None:
    campaign = make_running_campaign(company, now=now, number=24)
    kept, stayed = two_treated(campaign)
    merge_customers(kept.customer, [stayed.customer], actor=SYSTEM, now=now)

    queued = queue_campaign_mails([kept.pk, stayed.pk], now=now)

    assert queued == 1


def test_no_second_call_goes_to_a_merged_record(company: OrgUnit, now: datetime) -> None:
    campaign = make_running_campaign(company, now=now, number=24, arms=(CONTROL, CALL))
    first, second = two_treated(campaign)
    others = campaign.members.exclude(pk__in=[first.pk, second.pk])
    others.update(call_result=CampaignMember.CallResult.REACHED)
    merge_customers(second.customer, [first.customer], actor=SYSTEM, now=now)

    taken = take_call(campaign, actor=SYSTEM, now=now)

    assert taken == second


def test_a_merged_record_is_not_drawn(company: OrgUnit, now: datetime) -> None:
    kept, merged = make_reachable_customer(company), make_reachable_customer(company)
    campaign = make_campaign(company, now=now, members=[kept, merged])
    merge_customers(kept, [merged], actor=SYSTEM, now=now)

    draw_audience(campaign, actor=SYSTEM, now=now)

    assert [member.customer for member in campaign.members.select_related("customer")] == [kept]


def test_who_opts_out_by_the_link_of_a_merged_record_has_opted_out(company: OrgUnit, now: datetime) -> None:
    campaign = make_running_campaign(company, now=now, number=24)
    kept, stayed = two_treated(campaign)
    merge_customers(kept.customer, [stayed.customer], actor=SYSTEM, now=now)

    opt_out(CampaignMember.objects.get(pk=stayed.pk), now=now)

    answer = may_contact([kept.customer_id], "marketing", "email")
    assert answer[kept.customer_id].value == "opted_out"
