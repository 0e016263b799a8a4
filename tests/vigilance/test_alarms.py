"""Unusual reading is found beside what a person and their peers usually read, and told to those who watch."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils.translation import override

from hearth.accounts.models import Notification
from hearth.core.errors import NotAllowed
from hearth.organization.models import Membership, OrgUnit
from hearth.organization.selectors import actor_for
from hearth.vigilance.habits import Habit
from hearth.vigilance.models import Alarm, Kind, Read
from hearth.vigilance.notifications import ALARM
from hearth.vigilance.services import (
    RuleTerms,
    change_rule,
    close_alarm,
    examine_alarm,
    forget_reads,
    judge_reading,
    sync_rules,
)
from hearth.vigilance.services.alarms import AlarmSettled, NoteMissing
from tests.api.builders import make_program
from tests.customers.builders import make_customer
from tests.organization.builders import make_member, sign_in
from tests.vigilance.builders import (
    NOW,
    OFFICER_RIGHTS,
    make_alarm,
    make_habit,
    make_officer,
    make_reads,
    make_rule,
)

pytestmark = pytest.mark.django_db


def found() -> list[tuple[str, int]]:
    judge_reading(now=NOW)
    return list(Alarm.objects.order_by("id").values_list("rule__code", "user_id"))


@pytest.mark.requirement("S60")
def test_three_hundred_profiles_in_an_hour_are_found(group: OrgUnit, company: OrgUnit) -> None:
    sync_rules()
    officer, thief = make_officer(group), make_member(company)
    make_habit(thief, an_hour=15)
    make_reads(thief, 300)

    assert ("profiles-hour", thief.pk) in found()
    alarm = Alarm.objects.get(rule__code="profiles-hour")
    assert (alarm.number, alarm.peer_median) == (300, None)
    assert alarm.own_median == pytest.approx(15, abs=3)
    told = Notification.objects.filter(kind=ALARM, user=officer, url=f"/vigilance/alarms/{alarm.pk}/")
    assert told.count() == 1
    for language, name in (("zh-hans", alarm.rule.name_zh), ("en", alarm.rule.name_en)):
        with override(language):
            assert name in told.get().text


def test_a_busy_agent_who_is_always_busy_is_not(company: OrgUnit) -> None:
    sync_rules()
    agent = make_member(company)
    make_habit(agent, an_hour=90)
    make_reads(agent, 100)

    assert found() == []


def test_a_campaign_that_makes_all_of_a_role_busy_is_usual_for_their_peers(company: OrgUnit) -> None:
    sync_rules()
    newcomer = make_member(company)
    role = Membership.objects.get(user=newcomer).role
    for seed in range(6):
        peer = make_member(company)
        Membership.objects.filter(user=peer).update(role=role)
        make_habit(peer, an_hour=80, seed=seed)
    make_habit(newcomer, an_hour=20)
    make_reads(newcomer, 95)

    assert found() == []
    make_reads(newcomer, 300)
    assert ("profiles-hour", newcomer.pk) in found()


def test_the_same_customer_again_and_again_is_one(company: OrgUnit) -> None:
    sync_rules()
    agent = make_member(company)
    make_reads(agent, 300, records=[make_customer(company).pk])

    assert found() == []


def test_reading_at_night_is_found_by_night_alone(company: OrgUnit) -> None:
    sync_rules()
    by_day, by_night = make_member(company), make_member(company)
    midnight = datetime(2026, 3, 18, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    make_reads(by_day, 40, until=NOW, kind=Kind.LIST)
    make_reads(by_night, 40, until=midnight, kind=Kind.LIST)

    judge_reading(now=NOW)
    judge_reading(now=midnight)

    assert list(Alarm.objects.values_list("rule__code", "user_id")) == [("night", by_night.pk)]


def test_customers_of_many_companies_are_found(group: OrgUnit, company: OrgUnit, neighbour: OrgUnit) -> None:
    rule = make_rule("places")
    terms = RuleTerms(rule.window_minutes, 2, rule.own_factor, rule.peer_factor, is_active=True)
    change_rule(rule, terms, actor=actor_for(make_officer(group), today=NOW.date()), now=NOW)
    curious, local = make_member(group), make_member(company)
    make_reads(curious, 2, records=[make_customer(company).pk, make_customer(neighbour).pk])
    make_reads(local, 2, records=[make_customer(company).pk, make_customer(company).pk])

    assert found() == [("places", curious.pk)]


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [(Kind.REVEAL, 12, "reveals"), (Kind.EXPORT, 8, "exports"), (Kind.SEARCH, 150, "searches")],
)
def test_uncovering_exporting_and_searching_have_rules_of_their_own(
    company: OrgUnit, kind: Kind, number: int, code: str
) -> None:
    sync_rules()
    user = make_member(company)
    make_reads(user, number, kind=kind)

    assert found() == [(code, user.pk)]


def test_what_goes_on_is_one_alarm_and_told_once(group: OrgUnit, company: OrgUnit) -> None:
    sync_rules()
    make_officer(group)
    user = make_member(company)
    make_reads(user, 80)
    judge_reading(now=NOW)
    make_reads(user, 60, until=NOW + timedelta(minutes=5), minutes=4)

    judge_reading(now=NOW + timedelta(minutes=5))

    assert Alarm.objects.get().number > 120
    assert Notification.objects.filter(kind=ALARM).count() == 1


def test_a_rule_out_of_force_finds_nothing(group: OrgUnit, company: OrgUnit) -> None:
    rule, officer = make_rule("profiles-hour"), actor_for(make_officer(group), today=NOW.date())
    make_reads(make_member(company), 80)

    change_rule(rule, RuleTerms(60, 60, 6, 6, is_active=False), actor=officer, now=NOW)

    assert found() == []


def test_few_days_make_no_habit() -> None:
    assert Habit.of([3, 4, 5, 4]) is None
    assert Habit.of([3, 4, 5, 4, 4]) == Habit(4, 1.0, 5)


def test_an_alarm_is_examined_and_closed_with_what_was_found(group: OrgUnit, company: OrgUnit) -> None:
    officer = actor_for(make_officer(group), today=NOW.date())
    alarm = make_alarm(make_member(company))

    examined = examine_alarm(alarm, actor=officer, now=NOW)
    with pytest.raises(NoteMissing):
        close_alarm(alarm, is_harmless=True, note=" ", actor=officer, now=NOW)
    closed = close_alarm(alarm, is_harmless=False, note="导出后转卖", actor=officer, now=NOW)

    assert (examined.state, closed.state, closed.handler_id) == ("examined", "confirmed", officer.user_id)
    steps = alarm.steps.order_by("id").values_list("state", "note")
    assert list(steps) == [("examined", ""), ("confirmed", "导出后转卖")]
    with pytest.raises(AlarmSettled):
        examine_alarm(alarm, actor=officer, now=NOW)


def test_nobody_sees_or_closes_an_alarm_about_themselves_and_nobody_tells_them(group: OrgUnit) -> None:
    officer = make_officer(group)
    alarm, actor = make_alarm(officer), actor_for(officer, today=NOW.date())

    assert not Alarm.objects.visible_to(actor).exists()
    assert not Notification.objects.filter(user=officer).exists()
    with pytest.raises(NotAllowed):
        close_alarm(alarm, is_harmless=True, note="fine", actor=actor, now=NOW)


def test_a_person_of_one_company_sees_no_alarm(company: OrgUnit) -> None:
    make_alarm(make_member(company))

    user = make_member(company, *OFFICER_RIGHTS)

    assert not Alarm.objects.visible_to(actor_for(user, today=NOW.date())).exists()


def test_reads_are_forgotten_after_half_a_year(company: OrgUnit) -> None:
    user = make_member(company)
    make_reads(user, 1, until=NOW - timedelta(days=181))
    make_reads(user, 1)

    assert forget_reads(now=NOW) == 1
    assert Read.objects.count() == 1


def test_the_officer_examines_on_pages(client: Client, group: OrgUnit, company: OrgUnit) -> None:
    thief = make_member(company, username="thief")
    alarm = make_alarm(thief)
    make_reads(thief, 3, records=[make_customer(company, name="秦雨").pk])
    officer = sign_in(client, make_officer(group))

    listed = officer.get("/vigilance/alarms/").content.decode()
    page = officer.get(f"/vigilance/alarms/{alarm.pk}/").content.decode()
    officer.post(f"/vigilance/alarms/{alarm.pk}/examine/")
    empty = officer.post(f"/vigilance/alarms/{alarm.pk}/close/", {"note": "", "finding": "harmless"})
    officer.post(f"/vigilance/alarms/{alarm.pk}/close/", {"note": "年度核对", "finding": "harmless"})

    assert "thief" in listed
    assert page.count("秦雨") == 3
    assert empty.status_code == 422
    alarm.refresh_from_db()
    assert alarm.state == "harmless"
    assert "thief" not in officer.get("/vigilance/alarms/").content.decode()
    assert "thief" in officer.get("/vigilance/alarms/?state=settled").content.decode()


def test_a_rule_is_changed_on_its_page(client: Client, group: OrgUnit) -> None:
    make_rule("night")
    officer = sign_in(client, make_officer(group))

    wrong = officer.post("/vigilance/rules/night/", {"window_minutes": 0, "at_least": 1})
    answer = officer.post(
        "/vigilance/rules/night/",
        {"window_minutes": 120, "at_least": 5, "own_factor": 3, "peer_factor": 2.5, "is_active": "on"},
    )

    assert (wrong.status_code, answer.status_code) == (422, 303)
    rule = make_rule("night")
    assert (rule.window_minutes, rule.at_least, rule.peer_factor) == (120, 5, 2.5)


def test_a_program_of_the_officer_examines_alarms(group: OrgUnit, company: OrgUnit) -> None:
    alarm = make_alarm(make_member(company))
    program = make_program(group, *OFFICER_RIGHTS)

    listed = program.get("/alarms?filter[state][eq]=open").body["data"]
    taken = program.post(f"/alarms/{alarm.pk}/examine", {})
    closed = program.post(f"/alarms/{alarm.pk}/close", {"is_harmless": True, "note": "agreed"})

    assert [row["id"] for row in listed] == [str(alarm.pk)]
    assert program.get(f"/alarms/{alarm.pk}").body["rule"] == "profiles-hour"
    assert (taken.body["state"], closed.body["state"]) == ("examined", "harmless")
