"""A year of working days as a page shows it."""

import calendar
from dataclasses import dataclass
from datetime import date

from hearth.organization.models import CalendarDay, OrgUnit
from hearth.organization.selectors import calendar_for


@dataclass(frozen=True)
class Day:
    """One day of a month sheet; `exception` is the nearest place's word on it, if any."""

    date: date
    is_working: bool
    is_today: bool
    exception: CalendarDay | None


@dataclass(frozen=True)
class Month:
    """A month in weeks from Monday; days of its neighbours are None."""

    first: date
    weeks: list[list[Day | None]]
    working_days: int


@dataclass(frozen=True)
class Year:
    """Twelve months, the exceptions in force, and whether public holidays are known."""

    year: int
    months: list[Month]
    exceptions: list[CalendarDay]
    is_known: bool
    working_days: int


def calendar_year(org_unit: OrgUnit, year: int, *, today: date) -> Year:
    """Draw up a year at a place. Three queries."""
    working = calendar_for(org_unit)
    rows = CalendarDay.objects.filter(org_unit__path__in=org_unit.ancestor_paths(), day_date__year=year)
    ordered = rows.select_related("org_unit").order_by("org_unit__depth", "id")
    nearest = {row.day_date: row for row in ordered}

    def sheet(number: int) -> Month:
        weeks = [
            [
                Day(day, working.is_working_day(day), day == today, nearest.get(day))
                if day.month == number
                else None
                for day in week
            ]
            for week in calendar.Calendar().monthdatescalendar(year, number)
        ]
        worked = sum(day.is_working for week in weeks for day in week if day)
        return Month(date(year, number, 1), weeks, worked)

    months = [sheet(number) for number in range(1, 13)]
    return Year(
        year=year,
        months=months,
        exceptions=[nearest[day] for day in sorted(nearest)],
        is_known=working.is_known(year),
        working_days=sum(month.working_days for month in months),
    )
