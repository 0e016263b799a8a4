from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hearth.lib.calendars import WorkingCalendar
from hearth.lib.service_clock import (
    Clock,
    ClockSpan,
    ClockState,
    Pause,
    due_moment,
    elapsed_time,
    read_clock,
)
from hearth.lib.timetable import Counting, Timetable

CHINA = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
OFFICE = WorkingCalendar(hours=((time(9), time(12)), (time(13, 30), time(18))))
TABLE = Timetable(OFFICE, Counting.WORKING_HOURS)
FAR = 25 * 24 * 60


def at(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


# The oracle knows nothing of intervals: it walks minute by minute and asks of each whether it counts.


@cache
def is_national_working_day(day: date) -> bool:
    return WorkingCalendar().is_working_day(day)


def counts(calendar: WorkingCalendar, counting: Counting, minute: datetime) -> bool:
    local = minute.astimezone(calendar.zone)
    day = local.date()
    by_days = counting in (Counting.WORKING_HOURS, Counting.WORKING_DAYS)
    if by_days and not calendar.overrides.get(day, is_national_working_day(day)):
        return False
    if counting in (Counting.WORKING_DAYS, Counting.ALL_HOURS):
        return True
    clock = local.time().replace(tzinfo=None)
    return any(opens <= clock and (closes == time() or clock < closes) for opens, closes in calendar.hours)


def is_paused(pauses: Sequence[Pause], minute: datetime) -> bool:
    return any(
        pause.began_at <= minute and (pause.ended_at is None or minute < pause.ended_at) for pause in pauses
    )


def walked_due(
    calendar: WorkingCalendar,
    counting: Counting,
    start: datetime,
    minutes: int,
    pauses: Sequence[Pause],
) -> datetime | None:
    """Walk until so many minutes have counted; None when that is beyond the horizon."""
    left = minutes
    for ahead in range(FAR):
        if left == 0:
            return start + ahead * MINUTE
        minute = start + ahead * MINUTE
        left -= counts(calendar, counting, minute) and not is_paused(pauses, minute)
    return None


def walked_time(
    calendar: WorkingCalendar, counting: Counting, start: datetime, length: int, pauses: Sequence[Pause]
) -> timedelta:
    minutes = (start + ahead * MINUTE for ahead in range(length))
    return MINUTE * sum(
        counts(calendar, counting, minute) and not is_paused(pauses, minute) for minute in minutes
    )


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    # Where clocks are set forward or back, the hours at which that happens are left to the whole day.
    zone = draw(st.sampled_from(("Asia/Shanghai", "Asia/Kolkata", "America/New_York", "Europe/Berlin")))
    bounds = draw(st.lists(st.integers(16, 95), min_size=2, max_size=6, unique=True).map(sorted))
    quarters = [(bounds[each], bounds[each + 1]) for each in range(0, len(bounds) - 1, 2)]
    opened = [(time(a // 4, a % 4 * 15), time(b // 4, b % 4 * 15)) for a, b in quarters]
    if draw(st.booleans()):
        opened[-1] = (opened[-1][0], time())
    whole = draw(st.integers(0, 4)) == 0
    days = st.dates(date(2025, 9, 20), date(2026, 4, 20))
    return WorkingCalendar(
        overrides=draw(st.dictionaries(days, st.booleans(), max_size=5)),
        hours=((time(), time()),) if whole else tuple(opened),
        zone=ZoneInfo(zone),
    )


STARTS = st.integers(0, 200 * 24 * 60).map(lambda minute: datetime(2025, 9, 24, tzinfo=UTC) + minute * MINUTE)


@st.composite
def pauses_of(draw: st.DrawFn, start: datetime) -> list[Pause]:
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        began_at = start + draw(st.integers(-600, 6_000)) * MINUTE
        length = draw(st.one_of(st.integers(0, 3_000), st.none()))
        pauses.append(Pause(began_at, None if length is None else began_at + length * MINUTE))
    return pauses


@st.composite
def promises(draw: st.DrawFn) -> tuple[datetime, list[Pause]]:
    start = draw(STARTS)
    return start, draw(pauses_of(start))


@settings(max_examples=100)
@given(calendars(), st.sampled_from(Counting), promises(), st.integers(0, 1_500))
def test_a_promise_is_due_when_the_minutes_say_so(
    calendar: WorkingCalendar, counting: Counting, promise: tuple[datetime, list[Pause]], minutes: int
) -> None:
    start, pauses = promise
    walked = walked_due(calendar, counting, start, minutes, pauses)

    due = due_moment(Timetable(calendar, counting), start, minutes * MINUTE, pauses)

    if walked is None:
        assert due is None or due > start + (FAR - 1) * MINUTE
    else:
        assert due == walked


@settings(max_examples=100)
@given(calendars(), st.sampled_from(Counting), promises(), st.integers(0, 9_000))
def test_time_elapses_by_the_minutes_that_count(
    calendar: WorkingCalendar, counting: Counting, promise: tuple[datetime, list[Pause]], length: int
) -> None:
    start, pauses = promise
    table = Timetable(calendar, counting)
    now = start + length * MINUTE

    reading = read_clock(Clock(start, hours(8), pauses), table, now=now)

    assert reading.elapsed == walked_time(calendar, counting, start, length, pauses)
    assert reading.elapsed == elapsed_time(table, start, now, pauses)
    assert reading.elapsed + reading.paused == walked_time(calendar, counting, start, length, [])
    assert sum((span.ended_at - span.began_at for span in reading.spans), timedelta()) == now - start


@settings(max_examples=100)
@given(calendars(), st.sampled_from(Counting), promises(), st.integers(1, 1_500), st.integers(0, 9_000))
def test_a_clock_is_overdue_exactly_when_more_has_elapsed_than_was_promised(
    calendar: WorkingCalendar,
    counting: Counting,
    promise: tuple[datetime, list[Pause]],
    minutes: int,
    length: int,
) -> None:
    start, pauses = promise
    table, now = Timetable(calendar, counting), start + length * MINUTE
    clock = Clock(start, minutes * MINUTE, pauses)

    reading = read_clock(clock, table, now=now)

    # Between two working days nothing elapses: then the due moment alone tells.
    if reading.remaining < timedelta():
        assert reading.state == ClockState.OVERDUE
    if reading.remaining > timedelta():
        assert reading.state in (ClockState.RUNNING, ClockState.PAUSED)
    if reading.due_at is not None:
        assert (reading.state == ClockState.OVERDUE) is (now > reading.due_at)
        stopped = read_clock(Clock(start, clock.amount, pauses, stopped_at=now), table, now=now + hours(99))
        assert (stopped.state == ClockState.MISSED) is (now > reading.due_at)


@settings(max_examples=100)
@given(calendars(), st.sampled_from(Counting), STARTS, st.integers(0, 50_000_000_000))
def test_amounts_down_to_the_microsecond_come_back(
    calendar: WorkingCalendar, counting: Counting, start: datetime, micros: int
) -> None:
    table, amount = Timetable(calendar, counting), timedelta(microseconds=micros)

    due = table.after(start, amount)

    assert table.between(start, due) == amount
    assert not micros or table.between(start, due - timedelta(microseconds=1)) < amount


@given(st.datetimes(datetime(2005, 1, 1), datetime(2027, 12, 31)), st.integers(1, 10_000))  # noqa: DTZ001 - bounds
@example(datetime(2026, 12, 31, 23, 59), 4_000)  # noqa: DTZ001 - in China
def test_a_timetable_says_what_its_calendar_says(moment: datetime, minutes: int) -> None:
    start, amount = moment.replace(tzinfo=CHINA), minutes * MINUTE

    assert TABLE.after(start, amount) == OFFICE.add_working_time(start, amount)
    assert TABLE.between(start, start + amount) == OFFICE.working_time_between(start, start + amount)


@pytest.mark.parametrize(
    ("counting", "due"),
    [
        (Counting.WORKING_HOURS, at(9, 17, 30)),
        (Counting.WORKING_DAYS, at(9, 1)),
        (Counting.DAILY_HOURS, at(7, 17, 30)),
        (Counting.ALL_HOURS, at(7, 1)),
    ],
)
def test_eight_hours_from_friday_afternoon_end_as_they_are_counted(counting: Counting, due: datetime) -> None:
    friday = at(6, 17)

    assert due_moment(Timetable(OFFICE, counting), friday, hours(8)) == due


def test_make_up_days_count_and_holidays_do_not_and_both_are_told() -> None:
    # The Spring Festival of 2026: off from 15 to 23 February, worked on Saturday the 14th and the 28th.
    clock = Clock(at(13, 17, month=2), hours(16))

    reading = read_clock(clock, TABLE, now=at(24, 9, month=2))

    assert reading.due_at == at(24, 18, month=2)
    assert reading.make_up_days == (date(2026, 2, 14),)
    assert reading.days_off == tuple(date(2026, 2, day) for day in (16, 17, 18, 19, 20, 23))


def test_an_open_pause_has_no_due_moment_until_it_ends() -> None:
    asked = Pause(at(4, 10))

    assert due_moment(TABLE, at(4, 9), hours(2), [asked]) is None
    assert due_moment(TABLE, at(4, 9), hours(2), [Pause(asked.began_at, at(5, 9))]) == at(5, 10)
    assert read_clock(Clock(at(4, 9), hours(2), [asked]), TABLE, now=at(6, 9)).state == ClockState.PAUSED


def test_what_was_due_before_a_pause_stays_due() -> None:
    late = Clock(at(4, 9), hours(2), [Pause(at(4, 14))])

    reading = read_clock(late, TABLE, now=at(6, 9))

    assert (reading.due_at, reading.state) == (at(4, 11), ClockState.OVERDUE)
    assert reading.elapsed == hours(3.5)
    assert reading.remaining == -hours(1.5)


def test_time_that_is_used_up_as_a_pause_begins_is_due_then() -> None:
    assert due_moment(TABLE, at(4, 9), hours(1), [Pause(at(4, 10))]) == at(4, 10)


def test_pauses_that_overlap_or_have_no_length_count_once_or_not_at_all() -> None:
    pauses = [
        Pause(at(4, 11), at(4, 15)),
        Pause(at(4, 10), at(4, 12)),
        Pause(at(4, 16), at(4, 16)),
        Pause(at(4, 17), at(4, 16)),
    ]

    reading = read_clock(Clock(at(4, 9), hours(8), pauses), TABLE, now=at(4, 18))

    assert reading.paused == hours(3.5)
    assert reading.spans == (
        ClockSpan(at(4, 9), at(4, 10), is_pause=False, counted=hours(1)),
        ClockSpan(at(4, 10), at(4, 15), is_pause=True, counted=hours(3.5)),
        ClockSpan(at(4, 15), at(4, 18), is_pause=False, counted=hours(3)),
    )


def test_the_last_instant_is_in_time() -> None:
    clock = Clock(at(4, 9), hours(1))

    assert read_clock(clock, TABLE, now=at(4, 10)).state == ClockState.RUNNING
    assert read_clock(clock, TABLE, now=at(4, 10) + timedelta(microseconds=1)).state == ClockState.OVERDUE


def test_a_promise_of_nothing_is_due_at_once_whatever_the_calendar_says() -> None:
    sunday = at(8, 3)

    assert due_moment(TABLE, sunday, timedelta(), [Pause(at(7, 0), at(9, 0))]) == sunday
    assert due_moment(TABLE, sunday, timedelta(), [Pause(at(7, 0))]) == sunday


def test_what_can_never_be_due_is_refused() -> None:
    days = {date(2025, 1, 1) + timedelta(days=ahead): False for ahead in range(5_000)}
    never = Timetable(WorkingCalendar(days), Counting.WORKING_HOURS)

    with pytest.raises(ValueError, match="ten years"):
        never.after(at(4, 9), hours(1))
    with pytest.raises(ValueError, match="negative"):
        TABLE.after(at(4, 9), -hours(1))
