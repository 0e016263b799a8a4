"""The curve of an alarm: households that spoke, how many were expected, and from how many on there is an alarm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from hearth.analytics.group_complaints import Band, band
from hearth.organization.models import OrgUnit
from hearth.radar.hearing import SETTINGS, hear
from hearth.radar.models import RadarAlarm
from hearth.radar.selectors import shown_days

LEFT, RIGHT, TOP, BOTTOM = 30.0, 590.0, 14.0, 150.0
WINDOW = 14


@dataclass(frozen=True)
class Curve:
    """Where the lines stand, in units of the drawing, and the figures behind them day by day."""

    heard: str
    expected: str
    alarming: str
    alarm_at: float
    top: int
    months: Sequence[tuple[float, date]]
    rows: Sequence[tuple[date, int, float, int]]


def curve_of(alarm: RadarAlarm, *, now: datetime) -> Curve | None:
    """Draw what was heard of an alarm's topic in its project; None where no case is there any more. Eight queries."""
    place = (
        OrgUnit.objects.above(alarm.org_unit).filter(kind=OrgUnit.Kind.CITY_COMPANY).last() or alarm.org_unit
    )
    hearing = hear(place, now=now)
    numbers = {project.pk: number for number, project in enumerate(hearing.projects)}
    if alarm.topic not in hearing.topics or alarm.project_id not in numbers:
        return None
    first, last = shown_days(alarm, localdate(now))
    days = range(first.toordinal(), last.toordinal() + 1)
    project = numbers[alarm.project_id]
    found = band(
        hearing.voices,
        hearing.exposure,
        SETTINGS,
        project=project,
        topic=hearing.topics.index(alarm.topic),
        days=days,
        window=WINDOW,
        limit=float(hearing.limits[project]),
        known=hearing.known,
    )
    return draw(found, days, localdate(alarm.raised_at))


def draw(found: Band, days: range, alarm_day: date) -> Curve:
    """Lay the lines of a band out."""
    top = int(max(found.households.max(), found.alarming.max(), 5)) + 1

    def across(day: int) -> float:
        return round(LEFT + (day - days.start) / max(len(days) - 1, 1) * (RIGHT - LEFT), 1)

    def up(value: float) -> float:
        return round(BOTTOM - value / top * (BOTTOM - TOP), 1)

    def line(values: Sequence[float]) -> str:
        return " ".join(f"{across(day)},{up(value)}" for day, value in zip(days, values, strict=True))

    dates = [date.fromordinal(day) for day in days]
    return Curve(
        heard=line(found.households.tolist()),
        expected=line(found.expected.tolist()),
        alarming=line(found.alarming.tolist()),
        alarm_at=across(min(max(alarm_day.toordinal(), days.start), days.stop - 1)),
        top=top,
        months=[(across(day.toordinal()), day) for day in dates if day.day == 1],
        rows=[
            row
            for row in zip(
                dates,
                found.households.tolist(),
                found.expected.tolist(),
                found.alarming.tolist(),
                strict=True,
            )
            if (dates[-1] - row[0]) % timedelta(days=7) == timedelta(0)
        ],
    )
