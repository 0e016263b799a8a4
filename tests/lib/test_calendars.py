from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.lib.calendars import WorkingCalendar

CHINA = ZoneInfo("Asia/Shanghai")
OFFICE = WorkingCalendar(hours=((time(9), time(12)), (time(13), time(18))))
AROUND_THE_CLOCK = WorkingCalendar(hours=((time(), time()),))


def at(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 3, 4), True),
        (date(2026, 3, 7), False),
        (date(2026, 10, 1), False),
        (date(2026, 2, 14), True),
        (date(2024, 2, 10), False),
        (date(2024, 2, 4), True),
        (date(2030, 10, 1), True),
        (date(2030, 10, 5), False),
        (date(1999, 10, 1), True),
    ],
)
def test_holidays_and_make_up_days_are_known(day: date, worked: bool) -> None:
    assert WorkingCalendar().is_working_day(day) is worked


def test_a_year_without_announced_holidays_is_told() -> None:
    assert OFFICE.is_known(2026)
    assert not OFFICE.is_known(2045)


def test_a_groups_own_exceptions_stand_above_the_public_calendar() -> None:
    calendar = WorkingCalendar({date(2026, 3, 7): True, date(2026, 3, 4): False})

    assert calendar.is_working_day(date(2026, 3, 7))
    assert not calendar.is_working_day(date(2026, 3, 4))


@pytest.mark.parametrize(
    ("day", "count", "reached"),
    [
        (date(2026, 3, 4), 0, date(2026, 3, 4)),
        (date(2026, 3, 7), 0, date(2026, 3, 9)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        (date(2026, 3, 9), -1, date(2026, 3, 6)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
    ],
)
def test_working_days_are_added_across_weekends_and_holidays(day: date, count: int, reached: date) -> None:
    assert OFFICE.add_working_days(day, count) == reached


def test_working_days_between_leave_out_the_last() -> None:
    assert OFFICE.working_days_between(date(2026, 3, 2), date(2026, 3, 9)) == 5
    assert OFFICE.working_days_between(date(2026, 3, 9), date(2026, 3, 2)) == -5
    assert OFFICE.working_days_between(date(2026, 3, 9), date(2026, 3, 9)) == 0


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(4, 9), 1, at(4, 10)),
        (at(4, 11), 2, at(4, 14)),
        (at(4, 9), 8, at(4, 18)),
        (at(4, 17), 2, at(5, 10)),
        (at(6, 17), 2, at(9, 10)),
        (at(7, 10), 1, at(9, 10)),
        (at(4, 20), 0, at(5, 9)),
        (at(4, 6), 24, at(6, 18)),
    ],
)
def test_working_time_is_added_across_lunch_nights_and_weekends(
    start: datetime, hours: int, end: datetime
) -> None:
    assert OFFICE.add_working_time(start, timedelta(hours=hours)) == end


def test_a_desk_that_never_closes_counts_the_whole_day() -> None:
    assert AROUND_THE_CLOCK.add_working_time(at(4, 20), timedelta(hours=10)) == at(5, 6)
    assert AROUND_THE_CLOCK.working_time_between(at(6, 0), at(9, 0)) == timedelta(hours=24)


def test_working_time_between_two_instants_counts_open_hours_only() -> None:
    assert OFFICE.working_time_between(at(4, 11), at(5, 10)) == timedelta(hours=7)
    assert OFFICE.working_time_between(at(5, 10), at(4, 11)) == -timedelta(hours=7)
    assert OFFICE.working_time_between(at(7, 0), at(8, 23)) == timedelta()


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)), st.integers(0, 10_000))  # noqa: DTZ001 - bounds
def test_time_added_is_time_between(moment: datetime, minutes: int) -> None:
    start, amount = moment.replace(tzinfo=CHINA), timedelta(minutes=minutes)

    end = OFFICE.add_working_time(start, amount)

    assert OFFICE.working_time_between(start, end) == amount


@pytest.mark.parametrize(
    "hours", [(), ((time(9), time(9)),), ((time(9), time(8)),), ((time(9), time(12)), (time(11), time(18)))]
)
def test_hours_out_of_order_are_refused(hours: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="hours"):
        WorkingCalendar(hours=hours)


def test_a_calendar_without_any_working_day_ends_its_search() -> None:
    never = WorkingCalendar({date(2026, 1, 1) + timedelta(days=ahead): False for ahead in range(4_000)})

    with pytest.raises(ValueError, match="ten years"):
        never.add_working_days(date(2026, 3, 4), 1)
    with pytest.raises(ValueError, match="ten years"):
        never.add_working_time(at(4, 9), timedelta(hours=1))
    with pytest.raises(ValueError, match="negative"):
        OFFICE.add_working_time(at(4, 9), timedelta(hours=-1))
