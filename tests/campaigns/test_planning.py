"""A campaign is planned as an experiment, or not at all."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from hearth.campaigns.models import Campaign
from hearth.campaigns.selectors.planning import four_tests, power_plan
from hearth.campaigns.services.launch import fill_in
from hearth.campaigns.services.planning import (
    AlreadyLaunched,
    CampaignPlan,
    ControlGroupTooSmall,
    NameTaken,
    NoControlGroup,
    NoTreatment,
    SegmentMissing,
    SharesNotWhole,
    TextMissing,
    TreatmentPlan,
    change_campaign,
    create_campaign,
    end_campaign,
    set_treatments,
)
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit, Setting
from tests.campaigns.builders import (
    CALL,
    CONTROL,
    MAIL,
    make_campaign,
    make_running_campaign,
    make_segment,
)
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("S240")
def test_a_campaign_without_a_segment_is_impossible(company: OrgUnit, actor: Actor, now: datetime) -> None:
    with pytest.raises(SegmentMissing):
        create_campaign(company, plan=CampaignPlan("大家", None), actor=actor, now=now)

    assert Campaign.objects.count() == 0


def test_a_campaign_is_planned_where_the_actor_may(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    planner = make_actor(company, "campaigns.change")
    plan = CampaignPlan("开放日", make_segment(company))

    campaign = create_campaign(company, plan=plan, actor=planner, now=now)

    assert (campaign.state, len(campaign.salt)) == ("draft", 32)
    assert EventRecord.objects.get(type="campaigns.created").subject_id == campaign.pk
    with pytest.raises(NotAllowed):
        create_campaign(neighbour, plan=plan, actor=planner, now=now)
    with pytest.raises(NameTaken):
        create_campaign(company, plan=plan, actor=planner, now=now)


@pytest.mark.parametrize(
    ("arms", "refusal"),
    [
        ([MAIL, replace(CALL, share=Decimal("0.5"))], NoControlGroup),
        ([CONTROL, replace(CONTROL, name="second")], NoControlGroup),
        ([replace(CONTROL, share=Decimal(1))], NoTreatment),
        ([CONTROL, replace(MAIL, share=Decimal("0.4"))], SharesNotWhole),
        (
            [replace(CONTROL, share=Decimal("0.04")), replace(MAIL, share=Decimal("0.96"))],
            ControlGroupTooSmall,
        ),
        ([CONTROL, replace(MAIL, body="{name}, no way out")], TextMissing),
        ([CONTROL, replace(MAIL, subject="")], TextMissing),
    ],
)
@pytest.mark.requirement("S248")
def test_unsound_arms_are_refused(
    company: OrgUnit,
    actor: Actor,
    now: datetime,
    arms: list[TreatmentPlan],
    refusal: type[DomainError],
) -> None:
    campaign = make_campaign(company, now=now)

    with pytest.raises(refusal):
        set_treatments(campaign, arms, actor=actor, now=now)

    assert campaign.treatments.count() == 2


def test_the_group_may_demand_a_larger_control_group(company: OrgUnit, actor: Actor, now: datetime) -> None:
    Setting.objects.create(org_unit=company, key="campaigns.least_control_share", value="0.6", updated_at=now)

    with pytest.raises(ControlGroupTooSmall):
        make_campaign(company, now=now)


def test_a_running_campaign_is_not_replanned(company: OrgUnit, actor: Actor, now: datetime) -> None:
    campaign = make_running_campaign(company, now=now)

    with pytest.raises(AlreadyLaunched):
        set_treatments(campaign, [CONTROL, MAIL], actor=actor, now=now)
    with pytest.raises(AlreadyLaunched):
        change_campaign(campaign, plan=CampaignPlan("x", campaign.segment), actor=actor, now=now)


def test_a_campaign_ends_once(company: OrgUnit, actor: Actor, now: datetime) -> None:
    running, draft = make_running_campaign(company, now=now), make_campaign(company, now=now)

    end_campaign(running, actor=actor, now=now)
    end_campaign(draft, actor=actor, now=now)

    assert (running.state, draft.state) == ("finished", "cancelled")
    with pytest.raises(AlreadyLaunched):
        end_campaign(running, actor=actor, now=now)


def test_the_power_of_a_plan_follows_the_published_formula(company: OrgUnit, now: datetime) -> None:
    campaign = make_campaign(company, now=now)
    campaign.planned_lift = 5.0

    power = power_plan(campaign, baseline=0.10)

    assert [(arm.treatment.name, arm.needed) for arm in power.arms] == [("邮件", 1372)]
    assert power.audience == 0
    assert power.is_enough is False


@pytest.mark.requirement("S249")
@pytest.mark.requirement("S247")
def test_four_tests_stand_on_every_campaign(company: OrgUnit, now: datetime) -> None:
    campaign = make_campaign(company, now=now)
    poor = make_campaign(company, now=now, arms=[CONTROL, replace(CALL, body="")])
    poor.goal = ""
    campaign.occasion = Campaign.Occasion.CUSTOMER_EVENT

    tests = four_tests(campaign, power_plan(campaign))
    poor_tests = four_tests(poor, power_plan(poor))

    assert [(test.code, test.is_passed) for test in tests] == [
        ("clear_target", True),
        ("tailored", True),
        ("timely", True),
        ("proven", False),
    ]
    assert [test.is_passed for test in poor_tests] == [False, False, False, False]


def test_placeholders_are_filled_and_other_braces_stay() -> None:
    text = fill_in("{name} {link} {opt_out} {other} {", name="王{link}", token="abc")

    assert text.startswith("王")
    assert "/p/r/abc" in text
    assert text.endswith("/p/u/abc {other} {")
