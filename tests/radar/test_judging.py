"""People accept, merge and dismiss alarms, and the radar learns the limit of the project from that."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.group_cases.models import GroupCase, GroupChild
from hearth.group_cases.services import open_group_case
from hearth.organization.models import OrgUnit
from hearth.properties.permissions import VIEW_PROPERTY
from hearth.radar.models import RadarAlarm, RadarLimit
from hearth.radar.permissions import CHANGE_RADAR, VIEW_RADAR
from hearth.radar.services import (
    AlarmJudged,
    NothingToMerge,
    accept_alarm,
    dismiss_alarm,
    listen,
    merge_alarm,
)
from hearth.radar.services.judging import HandledAlready, UnknownReason
from tests.cases.builders import NOW
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries
from tests.radar.builders import TOPIC, homes_of, make_leak, make_quiet_project, make_radar_alarm, speak

pytestmark = pytest.mark.django_db
JUDGE = (SIGNED_IN, VIEW_RADAR, CHANGE_RADAR, VIEW_CASE, CHANGE_CASE, VIEW_PROPERTY)


@pytest.fixture
def alarm(company: OrgUnit) -> RadarAlarm:
    return make_radar_alarm(company, homes=6)


@pytest.fixture
def judge(company: OrgUnit) -> Actor:
    return make_actor(company, *JUDGE)


def test_an_accepted_alarm_is_a_group_complaint_of_its_households(alarm: RadarAlarm, judge: Actor) -> None:
    accepted = accept_alarm(alarm, actor=judge, note="查明原因前统一口径", now=NOW)

    group = accepted.group_case
    assert group is not None
    assert (accepted.state, accepted.judged_by_id) == ("accepted", judge.user_id)
    assert (group.project, group.topic, group.households, group.level) == (
        alarm.project,
        TOPIC,
        6,
        "ordinary",
    )
    children = set(GroupChild.objects.filter(group_case=group).values_list("case_id", flat=True))
    assert children == set(alarm.voices.values_list("case_id", flat=True))
    assert EventRecord.objects.get(type="radar.accepted").payload["households"] == 6


def test_who_speaks_after_the_acceptance_joins_the_group_complaint(
    alarm: RadarAlarm, judge: Actor, company: OrgUnit
) -> None:
    accept_alarm(alarm, actor=judge, now=NOW)
    late = speak(homes_of(alarm.project)[8], days_ago=-1)

    listen(company, now=NOW + timedelta(days=1))

    group = GroupCase.objects.get()
    assert GroupChild.objects.filter(group_case=group, case=late).exists()
    assert group.households == 7


def test_an_alarm_whose_cases_are_handled_cannot_be_accepted_and_says_so(
    alarm: RadarAlarm, judge: Actor
) -> None:
    cases = list(Case.objects.filter(radar_voices__alarm=alarm))
    open_group_case(alarm.project, actor=judge, cases=cases, title="渗漏", now=NOW)

    with pytest.raises(HandledAlready):
        accept_alarm(alarm, actor=judge, now=NOW)

    alarm.refresh_from_db()
    assert alarm.state == "open"


@pytest.mark.parametrize(("reason", "extra"), [("unrelated", 0.5), ("handled", None), ("mistaken", None)])
def test_from_a_dismissal_without_common_cause_the_radar_learns(
    alarm: RadarAlarm, judge: Actor, reason: str, extra: float | None
) -> None:
    dismiss_alarm(alarm, reason=reason, actor=judge, note="三户原因不同", now=NOW)

    alarm.refresh_from_db()
    learnt = RadarLimit.objects.filter(project=alarm.project).first()
    assert (alarm.state, alarm.reason, alarm.note) == ("dismissed", reason, "三户原因不同")
    assert (learnt and learnt.extra) == extra


def test_what_was_learnt_has_bounds_and_is_taken_back_by_acceptance(company: OrgUnit, judge: Actor) -> None:
    alarm = make_radar_alarm(company, homes=6)
    RadarLimit.objects.create(project=alarm.project, extra=2.0, changed_at=NOW)
    other = make_radar_alarm(company, homes=6)

    dismiss_alarm(alarm, reason="unrelated", actor=judge, now=NOW)
    accept_alarm(other, actor=judge, now=NOW)

    assert RadarLimit.objects.get(project=alarm.project).extra == 2.0
    assert RadarLimit.objects.get(project=other.project).extra == -0.5


def test_a_dismissal_says_why(alarm: RadarAlarm, judge: Actor) -> None:
    with pytest.raises(UnknownReason):
        dismiss_alarm(alarm, reason="", actor=judge, now=NOW)


def test_an_alarm_is_judged_once(alarm: RadarAlarm, judge: Actor) -> None:
    dismiss_alarm(alarm, reason="handled", actor=judge, now=NOW)

    with pytest.raises(AlarmJudged):
        accept_alarm(alarm, actor=judge, now=NOW)


def test_the_same_grievance_under_another_topic_becomes_part_of_the_first(
    company: OrgUnit, judge: Actor
) -> None:
    project = make_quiet_project(company)
    make_leak(project, homes=4)
    make_leak(project, homes=4, topic="漏水")
    first, second = sorted(listen(company, now=NOW), key=lambda each: each.topic == "漏水")

    merge_alarm(second, first, actor=judge, now=NOW)

    second.refresh_from_db()
    assert (second.state, second.merged_into) == ("merged", first)
    assert first.voices.count() == 8
    assert listen(company, now=NOW) == []


def test_an_alarm_is_merged_into_a_standing_one_of_its_project_alone(company: OrgUnit, judge: Actor) -> None:
    alarm, elsewhere = make_radar_alarm(company), make_radar_alarm(company)

    for other in (alarm, elsewhere):
        with pytest.raises(NothingToMerge):
            merge_alarm(alarm, other, actor=judge, now=NOW)


@pytest.mark.parametrize("missing", [CHANGE_RADAR, CHANGE_CASE])
def test_accepting_needs_the_right_over_the_radar_and_over_the_case(
    alarm: RadarAlarm, company: OrgUnit, missing: str
) -> None:
    actor = make_actor(company, *(right for right in JUDGE if right != missing))

    with pytest.raises(NotAllowed):
        accept_alarm(alarm, actor=actor, now=NOW)

    assert RadarAlarm.objects.get().state == "open"


def test_whoever_judges_at_another_place_may_not_dismiss(alarm: RadarAlarm, neighbour: OrgUnit) -> None:
    with pytest.raises(NotAllowed):
        dismiss_alarm(alarm, reason="handled", actor=make_actor(neighbour, *JUDGE), now=NOW)


def test_the_page_says_why_who_and_where(alarm: RadarAlarm, company: OrgUnit, client: Client) -> None:
    sign_in(client, make_member(company, *JUDGE))
    address = reverse("radar:alarm", args=[alarm.pk])

    shown = client.get(address, headers={"accept-language": "en"}).content.decode()

    assert "户就" in shown
    assert TOPIC in shown
    assert shown.count("data-row=") >= 6
    assert "<polyline" in shown
    assert count_queries(client, address) <= 30


def test_a_refused_judgement_is_said_on_the_page(
    alarm: RadarAlarm, company: OrgUnit, judge: Actor, client: Client
) -> None:
    sign_in(client, make_member(company, *JUDGE))
    cases = list(Case.objects.filter(radar_voices__alarm=alarm))
    open_group_case(alarm.project, actor=judge, cases=cases, title="渗漏", now=NOW)

    answer = client.post(reverse("radar:accept", args=[alarm.pk]))

    assert answer.status_code == 422
    assert "本预警的工单都已属于群诉" in answer.content.decode()


def test_the_pages_lead_through_dismissing_and_accepting(company: OrgUnit, client: Client) -> None:
    sign_in(client, make_member(company, *JUDGE))
    one, other = make_radar_alarm(company), make_radar_alarm(company)

    client.post(reverse("radar:dismiss", args=[one.pk]), {"reason": "unrelated", "note": "无共同原因"})
    client.post(reverse("radar:accept", args=[other.pk]), {"note": "成立小组"})

    waiting = client.get(reverse("radar:alarms")).content.decode()
    dismissed = client.get(reverse("radar:alarms"), {"state": "dismissed"}).content.decode()
    accepted = client.get(reverse("radar:alarms"), {"state": "accepted"}).content.decode()
    assert str(one.pk) not in waiting
    assert str(one.pk) in dismissed
    assert str(other.pk) in accepted


def test_who_sees_alarms_but_no_case_is_told_how_many_are_not_shown(
    alarm: RadarAlarm, company: OrgUnit, client: Client
) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_RADAR))

    shown = client.get(
        reverse("radar:alarm", args=[alarm.pk]), headers={"accept-language": "en"}
    ).content.decode()

    assert "另有 6 个工单不对您显示" in shown
    assert "卫生间渗漏" not in shown


def test_the_list_asks_the_database_the_same_for_one_and_three(company: OrgUnit, client: Client) -> None:
    sign_in(client, make_member(company, *JUDGE))
    make_radar_alarm(company)
    one = count_queries(client, reverse("radar:alarms"))
    make_radar_alarm(company)
    make_radar_alarm(company)

    assert count_queries(client, reverse("radar:alarms")) == one
