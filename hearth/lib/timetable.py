"""Time that counts, laid out once: how much lies between two instants, and when an amount of it is used up."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from hearth.lib.calendars import WorkingCalendar

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_WHOLE_DAY = ((time(), time()),)
_FURTHEST_YEARS = 10


class Counting(StrEnum):
    """Which time counts: the hours of working days, whole working days, the hours of every day, or all of it."""

    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    DAILY_HOURS = "daily_hours"
    ALL_HOURS = "all_hours"


@dataclass(frozen=True)
class _Layout:
    """The intervals that count from one year to another, in microseconds, with what had counted before each."""

    first_year: int
    last_year: int
    starts: list[int]
    ends: list[int]
    before: list[int]

    def counted_at(self, moment: int) -> int:
        found = bisect_right(self.starts, moment) - 1
        if found < 0:
            return 0
        return self.before[found] + min(moment, self.ends[found]) - self.starts[found]

    def moment_of(self, counted: int) -> int | None:
        """Return the earliest moment at which so much has counted; None if that lies beyond the last year."""
        found = bisect_left(self.before, counted) - 1
        if found < 0:
            return None
        moment = self.starts[found] + counted - self.before[found]
        return moment if moment <= self.ends[found] else None


class Timetable:
    """A calendar under a way of counting, for many questions: each is answered by halving a laid out list.

    The layout grows by whole years as they are asked for. It is replaced as a whole, so threads may share one.
    """

    def __init__(self, calendar: WorkingCalendar, counting: Counting) -> None:
        self.counting = counting
        self.calendar = replace(calendar, hours=_WHOLE_DAY) if counting == Counting.WORKING_DAYS else calendar
        self._layout: _Layout | None = None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much time counts between two instants; nothing if `end` is not later."""
        if end <= start:
            return timedelta()
        if self.counting == Counting.ALL_HOURS:
            return end - start
        layout = self._reaching(start.year - 1, end.year + 1)
        return timedelta(microseconds=layout.counted_at(_micros(end)) - layout.counted_at(_micros(start)))

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """Return the earliest instant (UTC) at which `amount` has counted since `start`; `start` for nothing.

        An amount that ends with a working day ends on that day, not on the next morning.

        :raises ValueError: if the amount is negative, or lies more than ten years away
        """
        if amount < timedelta():
            raise ValueError("amount must not be negative")
        if not amount or self.counting == Counting.ALL_HOURS:
            return start.astimezone(UTC) + amount
        begun, wanted = _micros(start), amount // _MICROSECOND
        for years in range(1, _FURTHEST_YEARS + 1):
            layout = self._reaching(start.year - 1, start.year + years)
            moment = layout.moment_of(layout.counted_at(begun) + wanted)
            if moment is not None:
                return _EPOCH + timedelta(microseconds=moment)
        raise ValueError("no such instant within ten years")

    def counts_day(self, day: date) -> bool:
        """Tell whether anything of a day counts."""
        every_day = self.counting in (Counting.DAILY_HOURS, Counting.ALL_HOURS)
        return every_day or self.calendar.is_working_day(day)

    def _reaching(self, first_year: int, last_year: int) -> _Layout:
        """Return a layout that holds these years, laid out anew if it does not reach yet."""
        known = self._layout
        if known is None:
            known = self._layout = self._laid_out(first_year, last_year)
        elif first_year < known.first_year or last_year > known.last_year:
            first_year, last_year = min(first_year, known.first_year), max(last_year, known.last_year)
            known = self._layout = self._laid_out(first_year, last_year)
        return known

    def _laid_out(self, first_year: int, last_year: int) -> _Layout:
        layout = _Layout(first_year, last_year, [], [], [])
        counted = 0
        for day in _days(first_year, last_year):
            if not self.counts_day(day):
                continue
            for begins, ends in self.calendar.intervals(day):
                layout.starts.append(_micros(begins))
                # Where clocks are set forward, hours may be swallowed whole.
                layout.ends.append(max(_micros(begins), _micros(ends)))
                layout.before.append(counted)
                counted += layout.ends[-1] - layout.starts[-1]
        return layout


def _days(first_year: int, last_year: int) -> Iterator[date]:
    first = date(first_year, 1, 1)
    for ahead in range((date(last_year, 12, 31) - first).days + 1):
        yield first + timedelta(days=ahead)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
