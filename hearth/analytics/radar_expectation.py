"""What is usual for a topic in a project on a day: the expectation that the radar holds voices against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hearth.analytics.voices import UNKNOWN, Calendar, VoiceCounter, Voices
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import numpy as np

    from hearth.analytics.voices import Real, Truth, Whole
else:
    np = Postponed("numpy")

BUILDINGS = 10_000


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
    :param loudness_shape: how sure it is, before anybody spoke, that today is like the last weeks
    :param mood_shape: the same, that the last weeks are like the year
    :param mood_days: days over which a project grows louder or quieter
    :param handover_factor: how many times as much is expected on the day of a hand-over, less and less in `mood_days`
    :param building_shape: households' worth of belief in each building that all of a project speak alike
    :param near_shape: the same, that homes near each other speak like all others
    :param stage_shape: how much a guess weighs before other projects of the same stage have spoken
    :param areas: what is near a home: so many floors up and down, so many columns of homes to both sides; water falls
        along one
    """

    windows: tuple[int, ...] = (2, 4, 8, 13, 20)
    rate_days: int = 365
    guard_days: int = 21
    least: int = 3
    limit: float = 5.2
    quiet_days: int = 21
    cell_shape: float = 2.0
    loudness_shape: float = 6.0
    mood_shape: float = 2.0
    mood_days: int = 60
    handover_factor: float = 3.0
    building_shape: float = 2.0
    near_shape: float = 6.0
    stage_shape: float = 5.0
    areas: tuple[tuple[int, int], ...] = ((2, 1), (2, 0))

    @property
    def past_days(self) -> int:
        """How many days before a day bear on the verdict of it."""
        return self.rate_days + self.guard_days + 2 * max(self.windows) + 1


class Usual:
    """What is usual for a cell on a day: the voices outside known episodes, counted."""

    def __init__(
        self, heard: Voices, is_measure: Truth, exposure: Exposure, settings: RadarSettings, topics: int
    ) -> None:
        """:param heard: all voices, each household once; `is_measure` marks those outside known episodes"""
        self.exposure, self._settings, self._topics = exposure, settings, topics
        self._calendar = Calendar(*(heard.day.min(), heard.day.max()) if len(heard) else (0, 0))
        self._loud_projects = self._counter(heard, heard.project)
        self._loud_cells = self._counter(heard, cells(heard, topics))
        self._loud_cities = self._counter(heard, self._cities(heard))
        self._buildings = np.maximum(_buildings(heard, len(exposure.households)), 1)
        measure = heard.taken(is_measure)
        stage = self._stages(measure)
        self._of_stage = self._counter(measure, stage)
        self._of_topic = self._counter(measure, stage * topics + measure.topic)
        self._of_project = self._counter(measure, measure.project)
        self._of_cell = self._counter(measure, cells(measure, topics))
        self._of_place = self._counter(measure, places(measure, topics))
        self._of_city = self._counter(measure, self._cities(measure))
        self._city_from = np.full(int(exposure.city.max(initial=0)) + 1, np.iinfo(np.int64).max)
        np.minimum.at(self._city_from, exposure.city, exposure.watched_from)

    def _counter(self, voices: Voices, group: Whole) -> VoiceCounter:
        return VoiceCounter(group, voices.day, self._calendar)

    def _cities(self, voices: Voices) -> Whole:
        return self.exposure.city[voices.project] * self._topics + voices.topic

    def _stages(self, at: Voices) -> Whole:
        """Tell of each voice whether its project was handed over: 1, or not: 0. Other things go wrong before."""
        return (at.day >= self.exposure.handover_day[at.project]).astype(np.int64)

    def _at_risk(self, stage: Whole, until: Whole) -> Real:
        """Sum up the days that make the rate of each day and stage, of all households."""
        exposure, days = self.exposure, self._settings.rate_days
        pairs, back = np.unique(np.stack([stage, until]), axis=1, return_inverse=True)
        last = np.broadcast_to(pairs[1][:, np.newaxis], (pairs.shape[1], len(exposure.households))).astype(
            float
        )
        first = np.maximum(last - days + 1, exposure.watched_from)
        handover = np.where(np.isnan(exposure.handover_day), np.inf, exposure.handover_day)
        is_after = pairs[0][:, np.newaxis] == 1
        first = np.where(is_after, np.maximum(first, handover), first)
        last = np.where(is_after, last, np.minimum(last, handover - 1))
        at_risk: Real = (np.clip(last - first + 1, 0, days) @ exposure.households)[back.ravel()]
        return at_risk

    def _watched(self, since: Real | Whole, until: Real | Whole) -> Real:
        """Count the days from `since` to `until`, at most the days that make a rate."""
        return np.clip(until - since + 1, 0, self._settings.rate_days).astype(float)

    def rates(self, at: Voices) -> tuple[Real, Real, Real]:
        """Give, a day, the voices of the cell and of its whole project, each before and after the hand-over, and how
        many the cell really had.

        Both stages of a project tell how much louder it is than others in the same stage, and how much more a topic is
        its own; what is usual in a stage, the other projects tell.
        """
        settings, exposure = self._settings, self.exposure
        until = at.day - settings.guard_days
        year, homes = until - settings.rate_days, exposure.households[at.project]
        handover = np.nan_to_num(exposure.handover_day[at.project], nan=float(np.iinfo(np.int32).max))
        cell, since = cells(at, self._topics), exposure.watched_from[at.project].astype(float)
        spoken, of_cell = np.zeros(len(at)), np.zeros(len(at))
        likely = np.zeros((2, len(at)))
        usual: list[Real] = []
        share: list[Real] = []
        for stage, first, last in (
            (0, since, np.minimum(until, handover - 1)),
            (1, np.maximum(since, handover), until),
        ):
            after, through = np.maximum(year, first - 1).astype(np.int64), last.astype(np.int64)
            usual.append(self._rate_of_stage(np.full_like(until, stage), until) * homes)
            share.append(self._share_of_topic(stage, at.topic, until))
            watched = self._watched(np.maximum(first, year + 1), last)
            spoken = spoken + self._of_project.count(at.project, after, through)
            of_cell = of_cell + self._of_cell.count(cell, after, through)
            likely = likely + np.stack([usual[stage] * watched, usual[stage] * watched * share[stage]])
        shape = settings.cell_shape
        louder = (spoken + shape) / (likely[0] + shape)
        more = (of_cell + shape) / (likely[1] * louder + shape)
        project = np.stack(usual) * louder
        rate = project * np.stack(share) * more
        return rate, project, of_cell

    def _share_of_topic(self, stage: int, topic: Whole, until: Whole) -> Real:
        year = until - self._settings.rate_days
        of_topic = self._of_topic.count(stage * self._topics + topic, year, until)
        return (of_topic + 1) / (self._of_stage.count(np.full_like(until, stage), year, until) + self._topics)

    def _rate_of_stage(self, stage: Whole, until: Whole) -> Real:
        """Give the voices a household and day, of all projects in the same stage; of any where there are hardly any."""
        settings = self._settings
        year = until - settings.rate_days
        of_stage, of_other = (self._of_stage.count(each, year, until) for each in (stage, 1 - stage))
        own_risk, other_risk = self._at_risk(stage, until), self._at_risk(1 - stage, until)
        anywhere = (of_stage + of_other + 1) / np.maximum(own_risk + other_risk, 1.0)
        usual = anywhere * np.where(stage == 1, settings.handover_factor, 1.0)
        return (of_stage + settings.stage_shape) / (own_risk + settings.stage_shape / usual)

    def loudness_of_project(self, at: Voices, window: int, others_rate: Real) -> tuple[Real, Real]:
        """Give how much louder the other topics of the project are than usual, and the shape of that.

        First over the last weeks, for a project grows louder and quieter with its age; then over the window, where
        that of the last weeks is what is believed beforehand, and more of it in the weeks after a hand-over.
        """
        settings = self._settings
        cell, belief, same = cells(at, self._topics), settings.mood_shape, settings.loudness_shape
        since = at.day - self.exposure.handover_day[at.project]
        fresh = np.where((since >= 0) & (since < settings.mood_days), 1 - since / settings.mood_days, 0.0)
        spoke = [
            self._loud_projects.count(at.project, at.day - days, at.day)
            - self._loud_cells.count(cell, at.day - days, at.day)
            for days in (settings.mood_days, window)
        ]
        mood = (spoke[0] + belief) / (others_rate * settings.mood_days + belief)
        before = same / settings.handover_factor**fresh
        loud = (spoke[1] + same) / (mood * others_rate * window + before)
        return mood * loud, 1 / (1 / (spoke[0] + belief) + 1 / (spoke[1] + same))

    def loudness_of_topic(self, at: Voices, window: int, of_cell: Real) -> tuple[Real, Real]:
        """Give how much louder the topic is than usual in the city's other projects, and the shape of that."""
        settings = self._settings
        until = at.day - settings.guard_days
        city = self._cities(at)
        usual = self._of_city.count(city, until - settings.rate_days, until) - of_cell
        since = self._city_from[self.exposure.city[at.project]]
        rate = usual / np.maximum(self._watched(since, until), 1.0)
        spoke = self._loud_cities.count(city, at.day - window, at.day)
        spoke -= self._loud_cells.count(cells(at, self._topics), at.day - window, at.day)
        shape = spoke + settings.loudness_shape
        return shape / (rate * window + settings.loudness_shape), shape

    def expected(self, at: Voices, window: int) -> tuple[Real, Real, Real]:
        """Give the households of the cell that are expected in the window: mean, shape, and the cell's own past.

        In the days after a hand-over the window reaches into both stages, and the one that expects more counts.
        """
        rate, project_rate, of_cell = self.rates(at)
        loud, loud_shape = self.loudness_of_project(at, window, project_rate - rate)
        heard, heard_shape = self.loudness_of_topic(at, window, of_cell)
        means = rate * window * loud * heard
        since = at.day - self.exposure.handover_day[at.project]
        mean = np.where(since >= 0, means[1], means[0])
        mean = np.where((since >= 0) & (since < window), means.max(axis=0), mean)
        doubt = 1 / (of_cell + self._settings.cell_shape) + 1 / loud_shape + 1 / heard_shape
        return mean, 1 / doubt, of_cell

    def part_of_building(self, at: Voices, of_cell: Real) -> tuple[Real, Real]:
        """Give which part of the cell's voices comes from the building, and the shape of that."""
        until = at.day - self._settings.guard_days
        of_place = self._of_place.count(places(at, self._topics), until - self._settings.rate_days, until)
        belief = self._settings.building_shape
        return (of_place + belief) / (of_cell + belief * self._buildings[at.project]), of_place + belief

    def part_nearby(self, at: Voices, of_cell: Real, *, floors: int, lines: int) -> tuple[Real, Real]:
        """Give which part of the project's homes lies near one of its homes, and the shape of that."""
        homes = (2 * floors + 1) * (2 * lines + 1)
        part = np.minimum(homes / self.exposure.households[at.project], 1.0)
        return part.astype(np.float64), np.full(len(at), self._settings.near_shape)


def cells(voices: Voices, topics: int) -> Whole:
    return voices.project * topics + voices.topic


def places(voices: Voices, topics: int) -> Whole:
    return cells(voices, topics) * BUILDINGS + voices.building + 1


def _buildings(voices: Voices, projects: int) -> Whole:
    """Count the buildings of each project that ever spoke."""
    placed = voices.building != UNKNOWN
    pairs = np.unique(voices.project[placed] * BUILDINGS + voices.building[placed])
    return np.bincount(pairs // BUILDINGS, minlength=projects)
