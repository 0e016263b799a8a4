"""A round of the loop is dated, decided, measured, and compared with the one before."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from hearth.campaigns.models import Campaign, CampaignMember, Treatment
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.insight.models import Round, ScoringRun
from hearth.insight.permissions import RUN_INSIGHT, VIEW_INSIGHT
from hearth.insight.selectors.rounds import campaign_results, compare, round_page
from hearth.insight.services import (
    CountOfOtherSegment,
    DecisionEmpty,
    NothingScored,
    RoundAlreadyOpen,
    RoundNotOpen,
    RoundStartsTooEarly,
    SnapshotNotNewest,
    close_round,
    decide,
    open_round,
)
from hearth.organization.models import OrgUnit
from hearth.segments.models import Segment, SegmentCount
from tests.customers.builders import make_customer
from tests.insight.builders import SYSTEM, make_run, make_scored
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db
SPRING = date(2026, 3, 1)


def begin(org_unit: OrgUnit, now: datetime, *, name: str = "春季", starts: date = SPRING) -> Round:
    return open_round(org_unit, name=name, goal="让老业主回来", starts=starts, actor=SYSTEM, now=now)


def make_segment(org_unit: OrgUnit, run: ScoringRun, now: datetime, *, sizes: tuple[int, ...]) -> Segment:
    assert run.snapshot
    segment = Segment.objects.create(
        org_unit=org_unit, name=f"客群{uuid4()}", rule={}, created_at=now, updated_at=now
    )
    for index, size in enumerate(sizes):
        at = now + timedelta(minutes=index)
        SegmentCount.objects.create(
            segment=segment, snapshot=run.snapshot, rule={}, size=size, created_at=at, updated_at=at
        )
    return segment


def make_campaign(org_unit: OrgUnit, now: datetime, *, outcome: str = "response") -> Campaign:
    return Campaign.objects.create(
        org_unit=org_unit,
        name=f"活动{uuid4()}",
        main_outcome=outcome,
        salt="s",
        created_at=now,
        updated_at=now,
    )


def make_arm(
    campaign: Campaign, company: OrgUnit, now: datetime, *, channel: str, members: int, responded: int
) -> None:
    arm = Treatment.objects.create(
        campaign=campaign,
        name=channel or "对照",
        channel=channel,
        share=Decimal("0.5"),
        created_at=now,
        updated_at=now,
    )
    for index in range(members):
        CampaignMember.objects.create(
            campaign=campaign,
            customer=make_customer(company),
            household_key=uuid4(),
            treatment=arm,
            token=uuid4().hex,
            responded_at=now if index < responded else None,
            revenue_amount=100 if index < responded else 0,
            created_at=now,
            updated_at=now,
        )


@pytest.mark.requirement("S70")
def test_a_round_freezes_the_figures_of_its_place_when_it_opens(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    run = make_run(now)
    make_scored(
        make_customer(company), run, tier="top", action="retain", amount=6_000_000, contacts={"all_90": 3}
    )
    make_scored(
        make_customer(company), run, stage="prospect", tier="prospect", action="acquire", complaints=2
    )
    make_scored(make_customer(neighbour), run, tier="small", amount=5)

    opened = begin(company, now)

    assert opened.snapshot == run.snapshot
    assert opened.figures == {
        "as_of": now.isoformat(),
        "run": str(run.pk),
        "customers": 2,
        "buyers": 1,
        "conversion": 0.5,
        "amount": "6000000.00",
        "open_complaints": 2,
        "contacts": 3,
        "contact_days": 90,
        "stages": {"prospect": 1, "stable_owner": 1},
        "tiers": {"prospect": 1, "top": 1},
        "actions": {"acquire": 1, "retain": 1},
    }
    assert EventRecord.objects.get(type="insight.round_opened").subject_id == opened.pk


@pytest.mark.requirement("S77")
@pytest.mark.requirement("S52")
def test_a_decision_names_its_segment_with_its_newest_count_and_its_campaign(
    company: OrgUnit, now: datetime
) -> None:
    run = make_run(now)
    opened = begin(company, now)
    segment = make_segment(company, run, now, sizes=(10, 12))
    campaign = make_campaign(company, now)

    decision = decide(opened, text=" 请回老业主 ", segment=segment, campaign=campaign, actor=SYSTEM, now=now)

    assert decision.text == "请回老业主"
    assert decision.count is not None
    assert decision.count.size == 12
    event = EventRecord.objects.get(type="insight.round_decided")
    assert event.payload == {
        "round_id": str(opened.pk),
        "segment_id": str(segment.pk),
        "campaign_id": str(campaign.pk),
    }


@pytest.mark.requirement("S70")
def test_a_closed_round_is_measured_beside_its_start_and_the_next_beside_it(
    company: OrgUnit, now: datetime
) -> None:
    run = make_run(now)
    customer = make_customer(company)
    make_scored(customer, run, tier="inactive", action="activate", amount=100)
    first = begin(company, now)
    later = make_run(now + timedelta(days=30))
    make_scored(customer, later, tier="small", action="serve", amount=350)

    closed = close_round(first, lessons="回访有效", actor=SYSTEM, now=now + timedelta(days=31))
    second = begin(company, now + timedelta(days=32), name="夏季", starts=date(2026, 6, 1))

    assert (closed.state, closed.ends_date, closed.lessons) == ("closed", date(2026, 4, 18), "回访有效")
    assert closed.closing_snapshot == later.snapshot
    page = round_page(closed, SYSTEM)
    spent = page.since_start[3]
    assert (spent.now, spent.before, spent.change, spent.direction) == ("¥350", "¥100", "¥250", "up")
    assert page.previous is None
    beside = round_page(second, SYSTEM)
    assert beside.previous == first
    by_label = {each.label: each for each in beside.against_previous}
    assert [by_label[each].direction for each in ("激活", "日常服务")] == ["down", "up"]
    assert EventRecord.objects.get(type="insight.round_closed").subject_id == first.pk


def test_figures_without_a_round_before_stand_alone() -> None:
    figures = {"customers": 2, "conversion": 0.5, "amount": "10.00", "stages": {"prospect": 2}}

    differences = compare(figures, {})

    assert {each.direction for each in differences} == {""}
    assert (differences[0].now, differences[0].before) == ("2", "—")


def test_shares_differ_by_points_and_equal_figures_are_unchanged() -> None:
    before = {"customers": 4, "conversion": 0.5, "amount": "10.00"}
    now = {"customers": 4, "conversion": 0.25, "amount": "10.00"}

    differences = {each.label: each for each in compare(now, before)}

    assert differences["客户"].words == "不变"
    assert differences["曾购买占比"].words == "减少 25.00 个百分点"


@pytest.mark.requirement("S77")
def test_results_of_a_rounds_campaigns_stand_beside_their_control_groups(
    company: OrgUnit, now: datetime
) -> None:
    make_run(now)
    opened = begin(company, now)
    campaign, empty = make_campaign(company, now), make_campaign(company, now)
    make_arm(campaign, company, now, channel="email", members=4, responded=3)
    make_arm(campaign, company, now, channel="", members=2, responded=1)
    for each in (campaign, empty):
        decide(opened, text="发邮件", campaign=each, actor=SYSTEM, now=now)

    results = round_page(opened, SYSTEM).results

    assert [(each.addressed, each.control, each.lift, each.revenue) for each in results] == [
        (4, 2, 0.25, Decimal(300)),
        (0, 0, None, Decimal(0)),
    ]


def test_campaigns_the_reader_may_not_see_are_not_shown(company: OrgUnit, now: datetime) -> None:
    make_run(now)
    opened = begin(company, now)
    decide(opened, text="发邮件", campaign=make_campaign(company, now), actor=SYSTEM, now=now)

    assert round_page(opened, make_actor(company, VIEW_INSIGHT)).results == []
    assert campaign_results([]) == []


def test_a_round_needs_scored_profiles_of_the_newest_snapshot(company: OrgUnit, now: datetime) -> None:
    with pytest.raises(NothingScored):
        begin(company, now)
    old = make_run(now)
    make_run(now + timedelta(days=1))

    with pytest.raises(SnapshotNotNewest):
        open_round(company, name="a", goal="", starts=SPRING, actor=SYSTEM, now=now, snapshot=old.snapshot)


def test_rounds_at_a_place_follow_each_other(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    make_run(now)
    first = begin(company, now)

    with pytest.raises(RoundAlreadyOpen, match="春季"):
        begin(company, now, name="夏季")
    begin(neighbour, now)
    close_round(first, lessons="", actor=SYSTEM, now=now)
    with pytest.raises(RoundStartsTooEarly):
        begin(company, now, name="冬季", starts=SPRING - timedelta(days=1))


def test_a_closed_round_is_history(company: OrgUnit, now: datetime) -> None:
    make_run(now)
    opened = begin(company, now)
    close_round(opened, lessons="", actor=SYSTEM, now=now)

    with pytest.raises(RoundNotOpen):
        close_round(opened, lessons="", actor=SYSTEM, now=now)
    with pytest.raises(RoundNotOpen):
        decide(opened, text="a", actor=SYSTEM, now=now)


def test_a_decision_says_something_and_fits_its_segment(company: OrgUnit, now: datetime) -> None:
    run = make_run(now)
    opened = begin(company, now)
    segment, other = (make_segment(company, run, now, sizes=(1,)) for _ in range(2))

    with pytest.raises(DecisionEmpty):
        decide(opened, text="  ", actor=SYSTEM, now=now)
    with pytest.raises(CountOfOtherSegment):
        decide(opened, text="a", segment=segment, count=other.counts.get(), actor=SYSTEM, now=now)


def test_rounds_need_the_right_at_their_place(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    run = make_run(now)
    opened = begin(company, now)
    stranger = make_actor(neighbour, RUN_INSIGHT)
    keeper = make_actor(company, RUN_INSIGHT)

    with pytest.raises(NotAllowed):
        open_round(company, name="a", goal="", starts=SPRING, actor=stranger, now=now)
    with pytest.raises(NotAllowed):
        decide(opened, text="a", actor=stranger, now=now)
    with pytest.raises(NotAllowed):
        close_round(opened, lessons="", actor=stranger, now=now)
    with pytest.raises(NotAllowed):
        decide(opened, text="a", actor=keeper, now=now, segment=make_segment(company, run, now, sizes=(1,)))
    with pytest.raises(NotAllowed):
        decide(opened, text="a", actor=keeper, now=now, campaign=make_campaign(company, now))
