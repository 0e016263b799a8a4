"""Working days and working hours in China: public holidays, make-up days, and a group's own exceptions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
from chinese_calendar import constants

_KNOWN_YEARS = frozenset(day.year for day in constants.holidays)
_FURTHEST = 3_660
_OFFICE_HOURS = ((time(9), time(18)),)
_CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class WorkingCalendar:
    """The days and hours on which a part of the organisation works.

    `overrides` says of single days whether they are worked, above the public calendar. `hours` are the
    intervals of a working day in order, without overlap; (00:00, 00:00) is the whole day. In years the
    public calendar does not know yet, Monday to Friday are worked: ask `is_known`.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)
    hours: Sequence[tuple[time, time]] = _OFFICE_HOURS
    zone: ZoneInfo = _CHINA

    def __post_init__(self) -> None:
        """Refuse hours out of order.

        :raises ValueError: if intervals are missing, empty or overlap
        """
        last = 0.0
        for start, end in self.hours:
            if not last <= _minutes(start) < _end_minutes(end):
                raise ValueError("hours must be in order and not overlap")
            last = _end_minutes(end)
        if not self.hours:
            raise ValueError("a working day needs hours")

    def is_known(self, year: int) -> bool:
        """Tell whether the public holidays of a year have been announced and are in the calendar."""
        return year in _KNOWN_YEARS

    def is_working_day(self, day: date) -> bool:
        """Tell whether a day is worked: make-up Saturdays are, public holidays are not."""
        if day in self.overrides:
            return self.overrides[day]
        if day.year in _KNOWN_YEARS:
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5

    def add_working_days(self, day: date, count: int) -> date:
        """Return the working day `count` working days after `day` (before it, if negative).

        With 0 it is `day` itself, or the next working day if `day` is none.

        :raises ValueError: if it lies more than ten years of days away
        """
        step = timedelta(days=-1 if count < 0 else 1)
        left = abs(count)
        for _ in range(_FURTHEST):
            if left == 0 and self.is_working_day(day):
                return day
            day += step
            if left and self.is_working_day(day):
                left -= 1
        raise ValueError("no such working day within ten years")

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days from `start` up to but without `end`; negative if `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(start + timedelta(days=ahead)) for ahead in range((end - start).days))

    def add_working_time(self, start: datetime, amount: timedelta) -> datetime:
        """Return the instant (UTC) at which `amount` of working time after `start` is used up.

        An amount that ends with a working day ends on that day, not on the next morning.

        :raises ValueError: if the amount is negative, or ends more than ten years of days away
        """
        if amount < timedelta():
            raise ValueError("amount must not be negative")
        day = start.astimezone(self.zone).date()
        for ahead in range(_FURTHEST):
            for begins, ends in self.worked_intervals(day + timedelta(days=ahead)):
                if (begins := max(begins, start)) >= ends:
                    continue
                if amount <= ends - begins:
                    return begins + amount
                amount -= ends - begins
        raise ValueError("no such instant within ten years")

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much working time lies between two instants; negative if `end` is earlier."""
        if end < start:
            return -self.working_time_between(end, start)
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        total = timedelta()
        while day <= last:
            for begins, ends in self.worked_intervals(day):
                total += max(timedelta(), min(ends, end) - max(begins, start))
            day += timedelta(days=1)
        return total

    def worked_intervals(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield the worked intervals of a day as instants in UTC, where arithmetic is safe."""
        if self.is_working_day(day):
            yield from self.intervals(day)

    def intervals(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield the hours of a day as instants in UTC, whether it is worked or not."""
        for start, end in self.hours:
            ends_on = day + timedelta(days=1) if end == time() else day
            yield (
                datetime.combine(day, start, self.zone).astimezone(UTC),
                datetime.combine(ends_on, end, self.zone).astimezone(UTC),
            )


def _minutes(moment: time) -> float:
    return moment.hour * 60 + moment.minute + moment.second / 60


def _end_minutes(moment: time) -> float:
    return _minutes(moment) or 24 * 60
