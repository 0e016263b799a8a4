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

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from hearth.analytics.voices import UNKNOWN, Calendar, HouseholdCounter, VoiceCounter, Voices, first_words
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import numpy as np
    from scipy import special

    from hearth.analytics.voices import Real, Truth, Whole
else:
    np = Postponed("numpy")
    special = Postponed("scipy.special")

BUILDINGS = 10_000
MOST_HOUSEHOLDS = 200
LEAST_PROBABILITY = 1e-300


@dataclass(frozen=True, slots=True)
class Exposure:
    """What is known of the projects, one row each.

    `households` at risk; `watched_from` the first day whose messages are known; `city` a number from 0;
    `handover_day` the day of hand-over, `np.nan` where it is not known.
    """

    households: Real
    watched_from: Whole
    city: Whole
    handover_day: Real


@dataclass(frozen=True, slots=True)
class RadarSettings:
    """How the radar listens. Days are whole days, shapes those of gamma distributions.

    :param windows: days over which households are counted
    :param rate_days: days that make a cell's own rate
    :param guard_days: days just past that do not
    :param least: households below which there is never an alarm
    :param limit: −log10 of the p-value from which there is an alarm; a project may have its own
    :param quiet_days: days without a signal after which the next one is a new episode
    :param cell_shape: how much what project and topic make likely weighs against the cell's own past
    :param loudness_shape: how sure it is, before anybody spoke, that today is a day like any other
    :param handover_days: days after a hand-over in which everything is expected `handover_factor` times
    :param building_shape: households' worth of belief that all buildings speak by their number of homes
    """

    windows: tuple[int, ...] = (2, 5, 10, 20)
    rate_days: int = 365
    guard_days: int = 21
    least: int = 3
    limit: float = 5.2
    quiet_days: int = 21
    cell_shape: float = 2.0
    loudness_shape: float = 4.0
    handover_days: int = 60
    handover_factor: float = 3.0
    building_shape: float = 2.0


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


class _Usual:
    """What is usual for a cell on a day: the voices outside known episodes, counted."""

    def __init__(self, heard: Voices, exposure: Exposure, settings: RadarSettings, topics: int) -> None:
        self.exposure, self._settings, self._topics = exposure, settings, topics
        calendar = Calendar(*(heard.day.min(), heard.day.max()) if len(heard) else (0, 0))
        self._all = VoiceCounter(np.zeros_like(heard.day), heard.day, calendar)
        self._of_project = VoiceCounter(heard.project, heard.day, calendar)
        self._of_topic = VoiceCounter(heard.topic, heard.day, calendar)
        self._of_cell = VoiceCounter(_cells(heard, topics), heard.day, calendar)
        self._of_place = VoiceCounter(_places(heard, topics), heard.day, calendar)
        self._of_city = VoiceCounter(exposure.city[heard.project] * topics + heard.topic, heard.day, calendar)
        self._city_from = np.full(int(exposure.city.max(initial=0)) + 1, np.iinfo(np.int64).max)
        np.minimum.at(self._city_from, exposure.city, exposure.watched_from)

    def watched(self, since: Whole, until: Whole) -> Real:
        """Count the days from `since` to `until`, at most the days that make a rate."""
        return np.clip(until - since + 1, 0, self._settings.rate_days).astype(float)

    def at_risk(self, until: Whole) -> Real:
        """Sum up the days of all households that make the rate of each of the days."""
        days, back = np.unique(until, return_inverse=True)
        watched = self.watched(self.exposure.watched_from[np.newaxis, :], days[:, np.newaxis])
        return np.maximum(watched @ self.exposure.households, 1.0)[back]

    def rates(self, at: Voices) -> tuple[Real, Real, Real]:
        """Give, a day, the voices of the cell, of its whole project, and how many the cell really had."""
        settings, exposure = self._settings, self.exposure
        until = at.day - settings.guard_days
        after = until - settings.rate_days
        watched = self.watched(exposure.watched_from[at.project], until)
        of_all = self._all.count(np.zeros_like(until), after, until)
        of_project = self._of_project.count(at.project, after, until)
        of_topic = self._of_topic.count(at.topic, after, until)
        of_cell = self._of_cell.count(_cells(at, self._topics), after, until)
        shape = settings.cell_shape
        likely = (of_all + 1) / self.at_risk(until) * exposure.households[at.project]
        project_rate = (of_project + shape) / (watched + shape / likely)
        likely = project_rate * (of_topic + 1) / (of_all + self._topics)
        return (of_cell + shape) / (watched + shape / likely), project_rate, of_cell.astype(float)

    def loudness_of_project(self, at: Voices, window: int, others_rate: Real) -> tuple[Real, Real]:
        """Give how much louder the other topics of the project are than usual, and the shape of that."""
        settings = self._settings
        since = at.day - self.exposure.handover_day[at.project]
        fresh = (since >= 0) & (since < settings.handover_days)
        before = settings.loudness_shape / np.where(fresh, settings.handover_factor, 1.0)
        spoke = self._of_project.count(at.project, at.day - window, at.day)
        spoke -= self._of_cell.count(_cells(at, self._topics), at.day - window, at.day)
        shape = spoke + settings.loudness_shape
        return shape / (others_rate * window + before), shape

    def loudness_of_topic(self, at: Voices, window: int, of_cell: Real) -> tuple[Real, Real]:
        """Give how much louder the topic is than usual in the city's other projects, and the shape of that."""
        settings = self._settings
        until = at.day - settings.guard_days
        city = self.exposure.city[at.project]
        place, cell = city * self._topics + at.topic, _cells(at, self._topics)
        usual = self._of_city.count(place, until - settings.rate_days, until) - of_cell
        rate = usual / np.maximum(self.watched(self._city_from[city], until), 1.0)
        spoke = self._of_city.count(place, at.day - window, at.day) - self._of_cell.count(
            cell, at.day - window, at.day
        )
        shape = spoke + settings.loudness_shape
        return shape / (rate * window + settings.loudness_shape), shape

    def part_of_building(self, at: Voices, of_cell: Real, share: Real) -> tuple[Real, Real]:
        """Give which part of the cell's voices comes from the building, and the shape of that."""
        until = at.day - self._settings.guard_days
        of_place = self._of_place.count(_places(at, self._topics), until - self._settings.rate_days, until)
        belief = self._settings.building_shape
        return (of_place + belief) / (of_cell + belief / share), of_place + belief

    def expected(self, at: Voices, window: int, share: Real | None) -> tuple[Real, Real]:
        """Give the households expected in the window, as mean and shape; with `share` those of the building."""
        rate, project_rate, of_cell = self.rates(at)
        loud, loud_shape = self.loudness_of_project(at, window, project_rate - rate)
        heard, heard_shape = self.loudness_of_topic(at, window, of_cell)
        mean = rate * window * loud * heard
        doubt = 1 / (of_cell + self._settings.cell_shape) + 1 / loud_shape + 1 / heard_shape
        if share is not None:
            part, part_shape = self.part_of_building(at, of_cell, share)
            mean, doubt = mean * part, doubt + 1 / part_shape
        return mean, 1 / doubt


def _cells(voices: Voices, topics: int) -> Whole:
    return voices.project * topics + voices.topic


def _places(voices: Voices, topics: int) -> Whole:
    return _cells(voices, topics) * BUILDINGS + voices.building + 1


def _usual(
    voices: Voices, exposure: Exposure, settings: RadarSettings, known: Truth | None
) -> tuple[_Usual, int]:
    if len(voices) and voices.project.max() >= len(exposure.households):
        raise ValueError("a project without exposure")
    topics = int(voices.topic.max(initial=0)) + 1
    heard = first_words(voices, _cells(voices, topics), max(settings.windows))
    return _Usual(
        voices.taken(heard if known is None else heard & ~known), exposure, settings, topics
    ), topics


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
    usual, topics = _usual(voices, exposure, settings, known)
    limit = np.full(len(exposure.households), settings.limit) if limits is None else limits
    judged = voices.taken(voices.day >= from_day)
    found = [
        some
        for window in settings.windows
        for some in _tails(voices, judged, usual, window, settings, topics)
    ]
    return _strongest(found, limit, topics)


def _buildings(voices: Voices, projects: int) -> Whole:
    """Count the buildings of each project that ever spoke."""
    placed = voices.building != UNKNOWN
    pairs = np.unique(voices.project[placed] * BUILDINGS + voices.building[placed])
    return np.bincount(pairs // BUILDINGS, minlength=projects)


def _tails(
    voices: Voices, judged: Voices, usual: _Usual, window: int, settings: RadarSettings, topics: int
) -> list[Signals]:
    """Give the voices that at least `settings.least` households speak with, with how likely that was."""
    calendar = _calendar_of(voices, window, judged.day)
    share = 1.0 / np.maximum(_buildings(voices, len(usual.exposure.households)), 1)
    found = []
    for number, placed in ((_cells, False), (_places, True)):
        told = voices.taken(voices.building != UNKNOWN) if placed else voices
        asked = judged.taken(judged.building != UNKNOWN) if placed else judged
        counter = HouseholdCounter(number(told, topics), told.household, told.day, window, calendar)
        households = counter.count(number(asked, topics), asked.day)
        many = households >= settings.least
        asked, households = asked.taken(many), households[many]
        mean, shape = usual.expected(asked, window, share[asked.project] if placed else None)
        tail = special.betainc(households, shape, mean / (mean + shape))
        found.append(
            Signals(
                day=asked.day,
                project=asked.project,
                topic=asked.topic,
                building=asked.building if placed else np.full_like(asked.building, UNKNOWN),
                window=np.full_like(asked.day, window),
                households=households,
                expected=mean,
                shape=shape,
                score=-np.log10(np.maximum(tail, LEAST_PROBABILITY)),
            )
        )
    return found


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
    )
    counter = HouseholdCounter(
        _cells(voices, topics), voices.household, voices.day, window, _calendar_of(voices, window, day)
    )
    mean, shape = usual.expected(at, window, None)
    number = np.arange(settings.least, MOST_HOUSEHOLDS)
    tails = special.betainc(number, shape[:, np.newaxis], (mean / (mean + shape))[:, np.newaxis])
    likely = tails > 10.0**-limit
    return Band(counter.count(_cells(at, topics), day), mean, settings.least + likely.sum(axis=1))
