"""Clocks of promises: by when something is due, counted in working time and without the time spent waiting.

    table = Timetable(calendar, Counting.WORKING_HOURS)
    clock = Clock(opened_at, timedelta(hours=8), pauses=[Pause(asked_at, replied_at)])
    reading = read_clock(clock, table, now=now)

Nothing here knows what a clock is for. What a reading says can be put in words: `days_off`, `make_up_days`, `spans`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from hearth.lib.timetable import Counting, Timetable


@dataclass(frozen=True)
class Pause:
    """Time that does not count against us; one without an end lasts still."""

    began_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Clock:
    """A promise: `amount` of counted time from `started_at`, kept when `stopped_at` is not later than that."""

    started_at: datetime
    amount: timedelta
    pauses: Sequence[Pause] = ()
    stopped_at: datetime | None = None


class ClockState(StrEnum):
    """How a promise stands: kept or broken once it has stopped, otherwise running, paused or overdue."""

    RUNNING = "running"
    PAUSED = "paused"
    OVERDUE = "overdue"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True)
class ClockSpan:
    """A stretch of a clock's time, and how much of it counts by the calendar; paused time does so in vain."""

    began_at: datetime
    ended_at: datetime
    is_pause: bool
    counted: timedelta


@dataclass(frozen=True)
class ClockReading:
    """How a clock stands at a moment, with all that is needed to explain it.

    `due_at` is None while a pause without an end keeps it open. `remaining` is negative once the time is used up.
    `days_off` are the days between start and end of which nothing counts, weekends left out; `make_up_days` are the
    days of weekends that count.
    """

    state: ClockState
    started_at: datetime
    amount: timedelta
    counting: Counting
    due_at: datetime | None
    elapsed: timedelta
    paused: timedelta
    spans: tuple[ClockSpan, ...]
    days_off: tuple[date, ...]
    make_up_days: tuple[date, ...]

    @property
    def remaining(self) -> timedelta:
        return self.amount - self.elapsed


def due_moment(
    timetable: Timetable, start: datetime, amount: timedelta, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """Return the earliest instant at which `amount` has counted since `start`; None if an open pause holds it up.

    :raises ValueError: if the amount is negative, or lies more than ten years away
    """
    for pause in _in_order(pauses) if pauses and amount else ():
        if pause.began_at > start:
            counted = timetable.between(start, pause.began_at)
            if counted >= amount:
                break
            amount -= counted
        if pause.ended_at is None:
            return None
        start = max(start, pause.ended_at)
    return timetable.after(start, amount)


def elapsed_time(
    timetable: Timetable, start: datetime, until: datetime, pauses: Sequence[Pause] = ()
) -> timedelta:
    """Return how much time has counted between two instants, pauses left out."""
    return sum(
        (span.counted for span in _spans(timetable, start, until, pauses) if not span.is_pause), timedelta()
    )


def read_clock(clock: Clock, timetable: Timetable, *, now: datetime) -> ClockReading:
    """Return how a clock stands: kept, broken, running, paused or overdue, and why."""
    until = clock.stopped_at or now
    due_at = due_moment(timetable, clock.started_at, clock.amount, clock.pauses)
    spans = tuple(_spans(timetable, clock.started_at, until, clock.pauses))
    days = list(_days_between(timetable, clock.started_at, due_at or until))
    return ClockReading(
        state=state_of(clock, due_at, now=now),
        started_at=clock.started_at,
        amount=clock.amount,
        counting=timetable.counting,
        due_at=due_at,
        elapsed=sum((span.counted for span in spans if not span.is_pause), timedelta()),
        paused=sum((span.counted for span in spans if span.is_pause), timedelta()),
        spans=spans,
        days_off=tuple(day for day in days if day.weekday() < 5 and not timetable.counts_day(day)),
        make_up_days=tuple(day for day in days if _is_make_up_day(timetable, day)),
    )


def state_of(clock: Clock, due_at: datetime | None, *, now: datetime) -> ClockState:
    """Return how a clock stands whose due moment is known; the last instant is still in time."""
    if clock.stopped_at is not None:
        return ClockState.MISSED if due_at is not None and clock.stopped_at > due_at else ClockState.MET
    if due_at is not None and now > due_at:
        return ClockState.OVERDUE
    if any(pause.began_at <= now and not _is_over(pause, now) for pause in clock.pauses):
        return ClockState.PAUSED
    return ClockState.RUNNING


def _is_over(pause: Pause, now: datetime) -> bool:
    return pause.ended_at is not None and pause.ended_at <= now


def _in_order(pauses: Sequence[Pause]) -> list[Pause]:
    """Return the pauses in order, without overlap; those of no length are gone."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda each: each.began_at):
        if pause.ended_at is not None and pause.ended_at <= pause.began_at:
            continue
        last = merged[-1] if merged else None
        if last is None or (last.ended_at is not None and last.ended_at < pause.began_at):
            merged.append(pause)
        elif last.ended_at is not None and (pause.ended_at is None or pause.ended_at > last.ended_at):
            merged[-1] = Pause(last.began_at, pause.ended_at)
    return merged


def _spans(
    timetable: Timetable, start: datetime, until: datetime, pauses: Sequence[Pause]
) -> Iterator[ClockSpan]:
    """Yield the stretches from `start` to `until`, running and paused in turn."""
    for pause in _in_order(pauses):
        began = min(max(pause.began_at, start), until)
        ended = until if pause.ended_at is None else min(max(pause.ended_at, start), until)
        if ended <= began:
            continue
        if began > start:
            yield ClockSpan(start, began, is_pause=False, counted=timetable.between(start, began))
        yield ClockSpan(began, ended, is_pause=True, counted=timetable.between(began, ended))
        start = ended
    if until > start:
        yield ClockSpan(start, until, is_pause=False, counted=timetable.between(start, until))


def _days_between(timetable: Timetable, start: datetime, end: datetime) -> Iterator[date]:
    zone = timetable.calendar.zone
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)


def _is_make_up_day(timetable: Timetable, day: date) -> bool:
    """Tell whether a day of a weekend counts because it is worked, not because every day counts."""
    by_days = timetable.counting in (Counting.WORKING_HOURS, Counting.WORKING_DAYS)
    return by_days and day.weekday() >= 5 and timetable.counts_day(day)
