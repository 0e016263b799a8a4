"""Group complaints seen while they are small.

A project x topic hears about one household a month, so a rate per week says nothing and a fixed number of
households cries wolf in every hand-over. Here each new voice is judged on the day it arrives: how many
**distinct households** spoke of this topic in the last days, in the project and in their building, against
how many would have spoken on days like these.

The expectation is the cell's own rate over a year, shrunk to what its project and its topic make likely
(a gamma prior, Clayton and Kaldor 1987), times how much louder the rest of the project is today (hand-over)
and how much louder the topic is in the other projects of the city (rain, news). The days just past are left
out of the rate, as are voices of known episodes, so that an outbreak never raises its own expectation
(Farrington et al. 1996; Noufaily et al. 2013 for the down-weighting). The number under that expectation is
negative binomial, and its tail is the p-value; the smallest over windows and places is what counts (a scan,
Kulldorff 2001). Alarms of one cell that follow each other are one episode.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING

from hearth.analytics.radar_expectation import Exposure, RadarSettings, Usual, cells, places
from hearth.analytics.voices import UNKNOWN, Calendar, HouseholdCounter, NeighbourCounter, Voices, first_words
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import numpy as np
    from scipy import special

    from hearth.analytics.voices import Real, Truth, Whole
else:
    np = Postponed("numpy")
    special = Postponed("scipy.special")

MOST_HOUSEHOLDS = 200
LEAST_PROBABILITY = 1e-300


@dataclass(frozen=True, slots=True)
class Signals:
    """Voices that stand out, one row each, by cell and day.

    `building` is `UNKNOWN` where the whole project is meant; `households` spoke in the last `window` days
    where `expected` were; `score` is −log10 of the probability of as many.
    """

    day: Whole
    project: Whole
    topic: Whole
    building: Whole
    window: Whole
    households: Whole
    expected: Real
    shape: Real
    score: Real

    def __len__(self) -> int:
        return len(self.day)

    def taken(self, rows: Whole | Truth) -> Signals:
        """Give some of the signals."""
        return Signals(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})


def _usual(
    voices: Voices, exposure: Exposure, settings: RadarSettings, known: Truth | None
) -> tuple[Usual, int]:
    if len(voices) and voices.project.max() >= len(exposure.households):
        raise ValueError("a project without exposure")
    topics = int(voices.topic.max(initial=0)) + 1
    heard = first_words(voices, cells(voices, topics), max(settings.windows))
    is_measure = np.ones(heard.sum(), dtype=bool) if known is None else ~known[heard]
    return Usual(voices.taken(heard), is_measure, exposure, settings, topics), topics


def _calendar_of(voices: Voices, window: int, days: Whole) -> Calendar:
    first, last = (voices.day.min(), voices.day.max()) if len(voices) else (0, 0)
    return Calendar(
        int(min(first, days.min(initial=first))) - 1, int(max(last, days.max(initial=last))) + window
    )


def signals(
    voices: Voices,
    exposure: Exposure,
    settings: RadarSettings,
    *,
    from_day: int,
    limits: Real | None = None,
    known: Truth | None = None,
) -> Signals:
    """Judge every voice from a day on, and give those that stand out.

    :param voices: all messages of at least `rate_days` + `guard_days` before `from_day`
    :param limits: the limit of each project, if not `settings.limit`
    :param known: marks the messages that belong to episodes already known; they make no rate
    :raises ValueError: if a project has no row in `exposure`
    """
    heard = voices.day > from_day - settings.past_days
    voices, known = voices.taken(heard), None if known is None else known[heard]
    usual, topics = _usual(voices, exposure, settings, known)
    limit = np.full(len(exposure.households), settings.limit) if limits is None else limits
    judged = voices.taken(voices.day >= from_day)
    counters = _Counters(voices, judged, settings, topics)
    found = [some for window in settings.windows for some in _tails(counters, usual, window, settings)]
    return _strongest(found, limit, topics)


class _Counters:
    """Counts with how many households each voice speaks: in the project, in the building, among the homes nearby."""

    def __init__(self, voices: Voices, judged: Voices, settings: RadarSettings, topics: int) -> None:
        self._judged, self._settings, self._topics = judged, settings, topics
        calendar = _calendar_of(voices, max(settings.windows), judged.day)
        told = voices.taken(voices.building != UNKNOWN)
        self._of_cell = HouseholdCounter(cells(voices, topics), voices.household, voices.day, calendar)
        self._of_place = HouseholdCounter(places(told, topics), told.household, told.day, calendar)
        self._nearby = NeighbourCounter(told, places(told, topics), calendar)

    def whole(self, window: int) -> _Counted:
        judged = self._judged
        return self._kept(judged, self._of_cell.count(cells(judged, self._topics), judged.day, window))

    def placed(self, whole: _Counted, window: int) -> _Counted:
        asked = whole.voices.taken(whole.voices.building != UNKNOWN)
        return self._kept(asked, self._of_place.count(places(asked, self._topics), asked.day, window))

    def near(self, placed: _Counted, window: int, *, floors: int, lines: int) -> _Counted:
        asked = placed.voices
        spoke = self._nearby.count(asked, places(asked, self._topics), window, floors=floors, lines=lines)
        return self._kept(asked, spoke)

    def _kept(self, voices: Voices, households: Whole) -> _Counted:
        many = households >= self._settings.least
        return _Counted(voices.taken(many), households[many])


def _tails(counters: _Counters, usual: Usual, window: int, settings: RadarSettings) -> list[Signals]:
    """Give the voices that at least `settings.least` households speak with, with how likely that was."""
    whole = counters.whole(window)
    placed = counters.placed(whole, window)
    found = [
        _judged(whole, usual, window, part=None, names_building=False),
        _judged(placed, usual, window, part=usual.part_of_building, names_building=True),
    ]
    for floors, lines in settings.areas:
        near = counters.near(placed, window, floors=floors, lines=lines)
        part = partial(usual.part_nearby, floors=floors, lines=lines)
        found.append(_judged(near, usual, window, part=part, names_building=True))
    return found


@dataclass(frozen=True, slots=True)
class _Counted:
    """Voices, and with how many households each speaks."""

    voices: Voices
    households: Whole


def _judged(
    counted: _Counted,
    usual: Usual,
    window: int,
    *,
    part: Callable[[Voices, Real], tuple[Real, Real]] | None,
    names_building: bool,
) -> Signals:
    voices, households = counted.voices, counted.households
    mean, shape, past = usual.expected(voices, window)
    if part is not None:
        share, share_shape = part(voices, past)
        mean, shape = mean * share, 1 / (1 / shape + 1 / share_shape)
    tail = special.betainc(households, shape, mean / (mean + shape))
    return Signals(
        day=voices.day,
        project=voices.project,
        topic=voices.topic,
        building=voices.building if names_building else np.full_like(voices.building, UNKNOWN),
        window=np.full_like(voices.day, window),
        households=households,
        expected=mean,
        shape=shape,
        score=-np.log10(np.maximum(tail, LEAST_PROBABILITY)),
    )


def _strongest(found: list[Signals], limit: Real, topics: int) -> Signals:
    """Keep the strongest signal of each cell and day."""
    all_found = Signals(
        **{
            each.name: np.concatenate([getattr(some, each.name) for some in found])
            for each in fields(Signals)
        }
    )
    all_found = all_found.taken(all_found.score >= limit[all_found.project])
    order = np.lexsort((-all_found.score, all_found.day, all_found.project * topics + all_found.topic))
    ordered = all_found.taken(order)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = (
        (ordered.day[1:] != ordered.day[:-1])
        | (ordered.project[1:] != ordered.project[:-1])
        | (ordered.topic[1:] != ordered.topic[:-1])
    )
    return ordered.taken(first)


@dataclass(frozen=True, slots=True)
class Band:
    """A cell day by day: the households that spoke in the window, how many were expected, and from how many on
    there would be an alarm for the whole project."""

    households: Whole
    expected: Real
    alarming: Whole


def band(
    voices: Voices,
    exposure: Exposure,
    settings: RadarSettings,
    *,
    project: int,
    topic: int,
    days: range,
    window: int,
    limit: float,
    known: Truth | None = None,
) -> Band:
    """Tell what was heard and what was expected of a cell on each of the days.

    :param limit: −log10 of the probability from which there is an alarm
    """
    usual, topics = _usual(voices, exposure, settings, known)
    day = np.arange(days.start, days.stop, days.step)
    at = Voices(
        day=day,
        project=np.full_like(day, project),
        topic=np.full_like(day, topic),
        building=np.full_like(day, UNKNOWN),
        household=np.zeros_like(day),
        floor=np.zeros_like(day),
        line=np.zeros_like(day),
    )
    calendar = _calendar_of(voices, window, day)
    counter = HouseholdCounter(cells(voices, topics), voices.household, voices.day, calendar)
    mean, shape, _past = usual.expected(at, window)
    number = np.arange(settings.least, MOST_HOUSEHOLDS)
    tails = special.betainc(number, shape[:, np.newaxis], (mean / (mean + shape))[:, np.newaxis])
    likely = tails > 10.0**-limit
    return Band(counter.count(cells(at, topics), day, window), mean, settings.least + likely.sum(axis=1))
