"""The curve of an alarm: households that spoke, how many were expected, and from how many on there is an alarm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.utils.timezone import localdate

from hearth.analytics.group_complaints import band
from hearth.radar.hearing import SETTINGS, Hearing
from hearth.radar.models import RadarAlarm

LEFT, RIGHT, TOP, BOTTOM = 30.0, 590.0, 14.0, 150.0
WINDOW = 14
SHOWN_DAYS, WEEK = 120, 7


@dataclass(frozen=True)
class Curve:
    """Where the lines stand, in units of the drawing, and the figures behind them by week."""

    heard: str
    expected: str
    alarming: str
    alarm_at: float
    top: int
    months: Sequence[tuple[float, date]]
    rows: Sequence[tuple[date, int, float, int]]


def figures_of(alarm: RadarAlarm, hearing: Hearing, *, today: date) -> dict[str, Any]:
    """Return the figures of four months until today as they are kept with an alarm."""
    project = next(number for number, each in enumerate(hearing.projects) if each.pk == alarm.project_id)
    days = range(today.toordinal() - SHOWN_DAYS, today.toordinal() + 1)
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
    return {
        "last": today.isoformat(),
        "heard": found.households.tolist(),
        "expected": [round(each, 2) for each in found.expected.tolist()],
        "alarming": found.alarming.tolist(),
    }


def draw(alarm: RadarAlarm) -> Curve | None:
    """Lay out the figures that are kept with an alarm; None where there are none."""
    kept: Mapping[str, Any] = alarm.curve
    if not kept:
        return None
    last = date.fromisoformat(kept["last"])
    dates = [last - timedelta(days=back) for back in reversed(range(len(kept["heard"])))]
    top = max(*kept["heard"], *kept["alarming"], 5) + 1

    def across(day: date) -> float:
        return round(LEFT + (day - dates[0]).days / (len(dates) - 1) * (RIGHT - LEFT), 1)

    def line(values: Sequence[float]) -> str:
        heights = [round(BOTTOM - value / top * (BOTTOM - TOP), 1) for value in values]
        return " ".join(f"{across(day)},{up}" for day, up in zip(dates, heights, strict=True))

    columns = zip(dates, kept["heard"], kept["expected"], kept["alarming"], strict=True)
    return Curve(
        heard=line(kept["heard"]),
        expected=line(kept["expected"]),
        alarming=line(kept["alarming"]),
        alarm_at=across(min(max(localdate(alarm.raised_at), dates[0]), last)),
        top=top,
        months=[(across(day), day) for day in dates if day.day == 1],
        rows=list(islice(columns, (len(dates) - 1) % WEEK, None, WEEK)),
    )
