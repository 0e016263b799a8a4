"""The radar hears a group complaint while it is three families, once, and tells those who answer for the place."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now as clock

from hearth.accounts.models import Notification
from hearth.cases.models import Case
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.organization.services import set_setting
from hearth.radar.jobs import look
from hearth.radar.models import RadarAlarm, RadarLimit
from hearth.radar.permissions import CHANGE_RADAR
from hearth.radar.selectors import households_of, places_with_news
from hearth.radar.services import dismiss_alarm, listen
from tests.cases.builders import NOW
from tests.customers.builders import SYSTEM, make_customer, make_household
from tests.organization.builders import make_actor, make_member, make_org_unit
from tests.radar.builders import TOPIC, building_of, homes_of, make_leak, make_quiet_project, speak

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)


def test_three_families_of_a_building_within_days_are_an_alarm(company: OrgUnit) -> None:
    project = make_quiet_project(company)
    cases = make_leak(project, homes=3)

    raised = listen(company, now=NOW)

    alarm = raised[0]
    assert (len(raised), alarm.project, alarm.topic, alarm.households) == (1, project, TOPIC, 3)
    assert alarm.building == building_of(project)
    assert set(alarm.voices.values_list("case_id", flat=True)) == {case.pk for case in cases}
    assert alarm.score >= alarm.limit
    assert alarm.expected < 0.5


def test_two_families_are_none(company: OrgUnit) -> None:
    make_leak(make_quiet_project(company), homes=2)

    assert listen(company, now=NOW) == []


def test_a_family_speaks_with_one_voice_through_whichever_member_and_home(company: OrgUnit) -> None:
    project = make_quiet_project(company)
    units = homes_of(project)
    husband, wife, neighbour = (make_customer(company) for _ in range(3))
    make_household(husband, wife)
    speak(units[0], customer=husband)
    speak(units[1], customer=wife)
    speak(units[1], customer=None)
    speak(units[2], customer=neighbour)

    assert listen(company, now=NOW) == []


def test_praise_is_no_grievance_and_a_case_without_a_topic_meets_no_other(company: OrgUnit) -> None:
    project = make_quiet_project(company)
    for unit in homes_of(project)[:4]:
        speak(unit, kind=Case.Kind.PRAISE)
        speak(unit, topic="")

    assert listen(company, now=NOW) == []


def test_who_complains_without_a_name_or_a_home_is_no_voice(company: OrgUnit) -> None:
    project = make_quiet_project(company)
    for case in make_leak(project):
        Case.objects.filter(pk=case.pk).update(customer=None, unit=None)

    assert listen(company, now=NOW) == []


@pytest.mark.parametrize("marks", [{"restricted_at": NOW}, {"is_canary": True}])
def test_nobody_is_counted_whose_data_are_restricted_or_who_is_invented(
    company: OrgUnit, marks: dict[str, object]
) -> None:
    project = make_quiet_project(company)
    cases = make_leak(project, homes=3)
    assert cases[0].customer is not None
    Customer.objects.filter(pk=cases[0].customer.pk).update(**marks)

    assert listen(company, now=NOW) == []


def test_the_figures_behind_an_alarm_are_kept_with_it_and_go_on(company: OrgUnit) -> None:
    project = make_quiet_project(company)
    make_leak(project, homes=3)
    alarm = listen(company, now=NOW)[0]
    alarm.refresh_from_db()
    first = alarm.curve
    speak(homes_of(project)[7], days_ago=-1)

    listen(company, now=TOMORROW)

    alarm.refresh_from_db()
    assert (first["last"], first["heard"][-1]) == ("2026-03-18", 3)
    assert first["alarming"][-1] > 3 > first["expected"][-1]
    assert (alarm.curve["last"], alarm.curve["heard"][-1]) == ("2026-03-19", 4)
    assert {len(alarm.curve[name]) for name in ("heard", "expected", "alarming")} == {121}


def test_the_curve_of_an_alarm_that_was_dismissed_stays_as_it_was(company: OrgUnit) -> None:
    make_leak(make_quiet_project(company), homes=3)
    alarm = listen(company, now=NOW)[0]
    dismiss_alarm(alarm, reason="unrelated", actor=SYSTEM, now=NOW)

    listen(company, now=TOMORROW)

    alarm.refresh_from_db()
    assert alarm.curve["last"] == "2026-03-18"


def test_what_goes_on_is_one_alarm_with_more_voices(company: OrgUnit) -> None:
    project = make_quiet_project(company)
    make_leak(project, homes=3)
    alarm = listen(company, now=NOW)[0]
    speak(homes_of(project)[7], days_ago=-1)

    again = listen(company, now=TOMORROW)

    alarm.refresh_from_db()
    assert again == []
    assert alarm.voices.count() == 4
    assert alarm.last_date == TOMORROW.date()
    assert (alarm.households, households_of(alarm)) == (3, 4)


def test_listening_twice_changes_nothing(company: OrgUnit) -> None:
    make_leak(make_quiet_project(company))
    listen(company, now=NOW)
    before = list(RadarAlarm.objects.values()), EventRecord.objects.count()

    listen(company, now=NOW)

    assert (list(RadarAlarm.objects.values()) == before[0]) or before[0][0]["updated_at"] == NOW
    assert (RadarAlarm.objects.count(), EventRecord.objects.count()) == (1, before[1])


def test_when_it_spreads_to_other_buildings_the_alarm_is_about_the_project(company: OrgUnit) -> None:
    project = make_quiet_project(company)
    make_leak(project, homes=3)
    alarm = listen(company, now=NOW)[0]
    for number in (1, 2, 3):
        for unit in homes_of(project, number)[:3]:
            speak(unit, days_ago=-1)

    listen(company, now=TOMORROW)

    alarm.refresh_from_db()
    assert alarm.building is None
    assert alarm.voices.count() == 12


def test_a_dismissed_alarm_is_quiet_until_twice_as_many_speak(company: OrgUnit) -> None:
    project = make_quiet_project(company)
    make_leak(project, homes=3)
    alarm = listen(company, now=NOW)[0]
    dismiss_alarm(alarm, reason="handled", actor=SYSTEM, now=NOW)
    units = homes_of(project)
    speak(units[5], days_ago=-1)
    quiet = listen(company, now=TOMORROW)
    for unit in units[6:9]:
        speak(unit, days_ago=-1)

    loud = listen(company, now=TOMORROW)

    assert quiet == []
    assert len(loud) == 1
    assert loud[0].pk != alarm.pk
    assert loud[0].households >= 6


def test_a_place_asks_for_more_where_it_wants_calm_and_a_project_where_alarms_were_dismissed(
    company: OrgUnit,
) -> None:
    project = make_quiet_project(company)
    make_leak(project, homes=3)
    RadarLimit.objects.create(project=project, extra=20, changed_at=NOW)
    silent = listen(company, now=NOW)
    RadarLimit.objects.all().delete()
    set_setting("radar.watchfulness", value="calm", org_unit=company, actor=SYSTEM, now=NOW)

    raised = listen(company, now=NOW)

    assert silent == []
    assert [alarm.limit for alarm in raised] == [6.0]


def test_the_nearest_who_judge_are_told_and_nobody_above_them(company: OrgUnit, group: OrgUnit) -> None:
    near, above = make_member(company, CHANGE_RADAR), make_member(group, CHANGE_RADAR)
    project = make_quiet_project(company)
    make_leak(project, homes=3)

    alarm = listen(company, now=NOW)[0]

    told = Notification.objects.filter(kind="radar.raised")
    assert [notice.user for notice in told] == [near]
    assert above not in {notice.user for notice in told}
    assert str(alarm.pk) in told[0].url
    event = EventRecord.objects.get(type="radar.raised")
    assert (event.project_id, event.payload["households"]) == (project.pk, 3)


def test_who_judges_in_a_department_of_the_place_is_told(company: OrgUnit) -> None:
    department = make_org_unit(company, kind=OrgUnit.Kind.DEPARTMENT)
    there = make_member(department, CHANGE_RADAR)
    make_leak(make_quiet_project(company), homes=3)

    listen(company, now=NOW)

    assert [notice.user for notice in Notification.objects.filter(kind="radar.raised")] == [there]


def test_where_nobody_judges_those_above_are_told(company: OrgUnit, group: OrgUnit) -> None:
    above = make_member(group, CHANGE_RADAR)
    make_leak(make_quiet_project(company), homes=3)

    listen(company, now=NOW)

    assert [notice.user for notice in Notification.objects.filter(kind="radar.raised")] == [above]


def test_only_cities_with_news_are_listened_to_until_an_hour_has_passed(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    at = clock()
    listen(company, now=at)
    listen(neighbour, now=at)
    nothing = places_with_news(now=at + timedelta(minutes=10))
    speak(homes_of(make_quiet_project(company))[0])

    found = places_with_news(now=clock())

    assert nothing == []
    assert found == [company.pk]
    assert places_with_news(now=at + timedelta(minutes=70)) == [company.pk, neighbour.pk]


def test_the_clock_has_a_city_listened_to_where_somebody_spoke(
    company: OrgUnit,
) -> None:
    make_leak(make_quiet_project(company), homes=3)

    look(int(NOW.timestamp()))

    assert _queued() >= 1


def _queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'radar.listen'")
        return int(cursor.fetchone()[0])


def test_an_actor_of_the_neighbour_sees_no_alarm(company: OrgUnit, neighbour: OrgUnit) -> None:
    make_leak(make_quiet_project(company), homes=3)
    listen(company, now=NOW)

    assert RadarAlarm.objects.visible_to(make_actor(neighbour, "radar.view")).count() == 0
    assert RadarAlarm.objects.visible_to(make_actor(company, "radar.view")).count() == 1
