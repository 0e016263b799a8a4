"""Until when a part of a home is under warranty: the latest of what the law asks of the seller, what the builder still
owes, and what the contract gives.

    ends = warranty_ends({Source.SELLER: Span(36), Source.BUILDER: Span(60)}, handed_over=day, accepted=earlier)
    warranty = latest_end(ends)

The seller's time and the contract's run from handover, the builder's from the acceptance of the finished building; it
is what "the builder's remaining time" comes to. Nothing here knows which parts a home has.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MONTHS = 12


class Source(StrEnum):
    """Who gives a warranty; of two that end on one day the first is named."""

    SELLER = "seller"
    BUILDER = "builder"
    CONTRACT = "contract"


@dataclass(frozen=True)
class Season:
    """A time of every year in which homes are heated or cooled, as month and day of its first and last day."""

    begins: tuple[int, int]
    ends: tuple[int, int]

    def end_of_whole(self, number: int, start: date) -> date:
        """Return the last day of the so-manieth season that begins on the day of `start` or later."""
        first = start.year if _day(start.year, self.begins) >= start else start.year + 1
        year = first + number - 1
        return _day(year if self.ends >= self.begins else year + 1, self.ends)


HEATING = Season((11, 15), (3, 15))
COOLING = Season((6, 1), (9, 30))


@dataclass(frozen=True)
class Span:
    """How long a warranty lasts: so many months, or so many whole seasons of every kind."""

    number: int
    is_in_seasons: bool = False

    def end_from(self, start: date, seasons: Sequence[Season] = (HEATING, COOLING)) -> date:
        """Return the last day; the day of `start` itself does not count."""
        if not self.is_in_seasons:
            return add_months(start, self.number)
        return max(season.end_of_whole(self.number, start) for season in seasons)


def add_months(day: date, number: int) -> date:
    """Return the same day so many months later, or the last of that month where it has no such day."""
    months = day.year * MONTHS + day.month - 1 + number
    return _day(months // MONTHS, (months % MONTHS + 1, day.day))


def _day(year: int, month_day: tuple[int, int]) -> date:
    month, day = month_day
    return date(year, month, min(day, monthrange(year, month)[1]))


@dataclass(frozen=True)
class WarrantyEnd:
    """The last day of a warranty, and which of the sources makes it so."""

    ends_date: date
    source: Source


def warranty_ends(
    spans: Mapping[Source, Span],
    *,
    handed_over: date,
    accepted: date | None,
    seasons: Sequence[Season] = (HEATING, COOLING),
) -> Mapping[Source, date]:
    """Return when each source ends; the builder's is not known where the day of acceptance is not."""
    starts = {Source.SELLER: handed_over, Source.BUILDER: accepted, Source.CONTRACT: handed_over}
    return {
        source: span.end_from(start, seasons)
        for source in Source
        if (span := spans.get(source)) and (start := starts[source])
    }


def latest_end(ends: Mapping[Source, date]) -> WarrantyEnd | None:
    """Return the end that holds, None where no source gives a warranty."""
    found = [WarrantyEnd(ends[source], source) for source in Source if source in ends]
    return max(found, key=lambda end: end.ends_date, default=None)
