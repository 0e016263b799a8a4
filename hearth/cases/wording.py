"""The clocks of cases in words: what was promised, what did not count and why, and how it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext, pgettext

from hearth.cases.levels import ServiceLevel
from hearth.cases.models import Case, ClockStates, Step
from hearth.channels.models import Channel
from hearth.lib.service_clock import ClockReading, ClockState
from hearth.lib.timetable import Counting

DAY, HOUR, MANY_HOURS = 24 * 60, 60, 48
COLOURS = {
    ClockState.RUNNING: "green",
    ClockState.PAUSED: "secondary",
    ClockState.OVERDUE: "red",
    ClockState.MET: "green",
    ClockState.MISSED: "red",
}
MOST_DAYS = 4


@dataclass(frozen=True)
class Standing:
    """How one promise about a case stands."""

    step: str
    state: ClockState
    is_soon: bool
    due_at: datetime | None
    stopped_at: datetime | None

    @property
    def label(self) -> str | Promise:
        return Step(self.step).label

    @property
    def state_label(self) -> str | Promise:
        return pgettext("promise", "due soon") if self.is_soon else ClockStates(self.state.value).label

    @property
    def colour(self) -> str:
        return "yellow" if self.is_soon else COLOURS[self.state]

    @property
    def hint(self) -> str:
        """By when it is due, or nothing while it stands."""
        return gettext("Due %(due)s") % {"due": _moment(self.due_at)} if self.due_at else ""


@dataclass(frozen=True)
class ClockLine:
    """One promise about a case with its explanation."""

    standing: Standing
    reading: ClockReading

    @property
    def words(self) -> str:
        """The sentence of the tooltip."""
        between = "" if (get_language() or "").startswith("zh") else " "
        return between.join(sentences(self))


def sentences(line: ClockLine) -> Iterator[str]:
    """Yield the sentences that explain a clock."""
    reading = line.reading
    yield gettext("%(step)s within %(amount)s, counted from %(start)s.") % {
        "step": str(line.standing.label).capitalize(),
        "amount": promised_amount(reading.amount, reading.counting),
        "start": _moment(reading.started_at),
    }
    if reading.paused:
        yield gettext("Paused for %(amount)s while we waited for the customer.") % {
            "amount": duration(reading.paused, reading.counting)
        }
    if reading.days_off:
        yield gettext("Days off that do not count: %(days)s.") % {"days": _days(reading.days_off)}
    if reading.make_up_days:
        yield gettext("Weekend days that are worked: %(days)s.") % {"days": _days(reading.make_up_days)}
    yield _ending(line)


def _ending(line: ClockLine) -> str:
    standing, left = line.standing, line.reading.remaining
    due = standing.due_at
    if standing.state == ClockState.PAUSED or due is None:
        return gettext("Stands still; %(left)s are left.") % {
            "left": duration(max(left, timedelta()), line.reading.counting)
        }
    words = {"due": _moment(due), "left": duration(abs(left), line.reading.counting)}
    if standing.stopped_at:
        words["done"] = _moment(standing.stopped_at)
        return gettext("Due %(due)s, done %(done)s.") % words
    if standing.state == ClockState.OVERDUE:
        return gettext("Was due %(due)s, %(left)s ago as this counts.") % words
    return gettext("Due %(due)s; %(left)s are left.") % words


def promised_amount(amount: timedelta, counting: str) -> str:
    """Say how much time was promised, and of which kind: "8 working hours", "2 working days"."""
    minutes = amount // timedelta(minutes=1)
    if minutes % DAY == 0:
        days = minutes // DAY
        if counting == Counting.WORKING_DAYS:
            return ngettext("%(n)s working day", "%(n)s working days", days) % {"n": days}
        if counting == Counting.ALL_HOURS:
            return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    said = duration(amount, counting)
    if counting == Counting.WORKING_HOURS:
        return gettext("%(amount)s of working time") % {"amount": said}
    if counting == Counting.WORKING_DAYS:
        return gettext("%(amount)s of working days") % {"amount": said}
    if counting == Counting.DAILY_HOURS:
        return gettext("%(amount)s of the opening hours of every day") % {"amount": said}
    return said


def duration(amount: timedelta, counting: str) -> str:
    """Say a length of time in hours and minutes, or in days and hours where whole days count and there are many."""
    hours, minutes = divmod(amount // timedelta(minutes=1), HOUR)
    if hours >= MANY_HOURS and counting in (Counting.WORKING_DAYS, Counting.ALL_HOURS):
        days, hours = divmod(hours, 24)
        return gettext("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if not hours:
        return gettext("%(minutes)s min") % {"minutes": minutes}
    if not minutes:
        return gettext("%(hours)s h") % {"hours": hours}
    return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


def _moment(moment: datetime) -> str:
    return f"{localtime(moment):%Y-%m-%d %H:%M}"


def _days(days: Sequence[date]) -> str:
    """Name some days, and of many the first and how many there are."""
    said = ", ".join(f"{day:%m-%d}" for day in days[:MOST_DAYS])
    if len(days) <= MOST_DAYS:
        return said
    return gettext("%(days)s and %(n)s more") % {"days": said, "n": len(days) - MOST_DAYS}


@dataclass(frozen=True)
class LevelLine:
    """A service level in words: the promise, its time, and the cases it is for."""

    step: str
    amount: str
    cases: str
    pauses: bool


def level_line(level: ServiceLevel) -> LevelLine:
    """Put a rule in words."""
    named = (
        dict(Case.Kind.choices).get(level.kind),
        dict(Case.Grade.choices).get(level.grade),
        dict(Channel.choices).get(level.channel),
    )
    return LevelLine(
        str(Step(level.step).label),
        promised_amount(timedelta(minutes=level.minutes), level.counting),
        " · ".join(str(word) for word in named if word) or gettext("all other cases"),
        level.pauses,
    )
