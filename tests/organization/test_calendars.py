"""Working days at a place: the country's calendar, and what places say above it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.organization.calendar_year import calendar_year
from hearth.organization.models import OrgUnit
from hearth.organization.permissions import CHANGE_SETTING
from hearth.organization.selectors import calendar_for
from hearth.organization.services import clear_calendar_day, set_calendar_day, set_setting
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db
LABOUR_DAY = date(2025, 5, 1)
MONDAY = date(2025, 6, 9)


def test_public_holidays_rest_and_moved_saturdays_work(company: OrgUnit) -> None:
    calendar = calendar_for(company)

    assert [calendar.is_working_day(day) for day in (LABOUR_DAY, date(2025, 4, 27), MONDAY)] == [
        False,
        True,
        True,
    ]


def test_a_place_and_all_below_may_differ(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    set_calendar_day(MONDAY, actor=actor, now=now, org_unit=company, is_working=False, reason="台风")

    team = OrgUnit.objects.get(code="SZ-A")
    working = [calendar_for(place).is_working_day(MONDAY) for place in (company, team, neighbour)]
    assert working == [False, False, True]


def test_the_nearest_place_has_the_last_word(company: OrgUnit, actor: Actor, now: datetime) -> None:
    region = OrgUnit.objects.get(code="S")
    set_calendar_day(LABOUR_DAY, actor=actor, now=now, org_unit=company, is_working=True)
    set_calendar_day(LABOUR_DAY, actor=actor, now=now, org_unit=region, is_working=False)

    own = calendar_for(company).is_working_day(LABOUR_DAY)
    clear_calendar_day(LABOUR_DAY, actor=actor, now=now, org_unit=company)

    assert own is True
    assert calendar_for(company).is_working_day(LABOUR_DAY) is False


def test_hours_come_from_the_rules_of_the_place(company: OrgUnit, actor: Actor, now: datetime) -> None:
    set_setting("organization.closes_hour", actor=actor, now=now, org_unit=company, value=12)

    # Three hours from 11:00 in Shanghai: one today, two the next morning from 9:00.
    due = calendar_for(company).add_working_time(datetime(2025, 6, 9, 3, tzinfo=UTC), timedelta(hours=3))

    assert due == datetime(2025, 6, 10, 3, tzinfo=UTC)


def test_hours_that_end_before_they_begin_are_not_used(company: OrgUnit, actor: Actor, now: datetime) -> None:
    set_setting("organization.closes_hour", actor=actor, now=now, org_unit=company, value=5)

    hours = calendar_for(company).hours

    assert [(start.hour, end.hour) for start, end in hours] == [(9, 18)]


def test_a_calendar_costs_two_queries(company: OrgUnit, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        calendar_for(company)


def test_a_year_sheet_counts_working_days_and_names_exceptions(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    before = calendar_year(company, 2025, today=MONDAY)
    set_calendar_day(MONDAY, actor=actor, now=now, org_unit=company, is_working=False, reason="台风")

    after = calendar_year(company, 2025, today=MONDAY)

    assert before.working_days - after.working_days == 1
    assert [(row.day_date, row.reason) for row in after.exceptions] == [(MONDAY, "台风")]
    assert (after.is_known, len(after.months), len(after.months[5].weeks)) == (True, 12, 6)


def test_a_neighbour_changes_no_day(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    stranger = make_actor(neighbour, CHANGE_SETTING)

    with pytest.raises(NotAllowed):
        set_calendar_day(MONDAY, actor=stranger, now=now, org_unit=company, is_working=False)
    with pytest.raises(NotAllowed):
        clear_calendar_day(MONDAY, actor=stranger, now=now, org_unit=company)
