"""Invented streams of complaints with group complaints planted in them, and all that looks like one and is none."""

from dataclasses import dataclass

import numpy as np

from hearth.analytics.radar_expectation import Exposure
from hearth.analytics.radar_trial import Outbreaks
from hearth.analytics.voices import Voices

BACKGROUND, FLOOD, LINES = -1, -2, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSettings:
    """What a stream is like. Rates are voices a project and day over all topics; days are whole.

    :param rate_spread: standard deviation of the logarithm of a project's rate
    :param cell_spread: the same of a cell's rate around what project and topic make likely
    :param handover_factor: how much louder a project is in the `handover_days` after its hand-over
    :param before_handover: the same before it
    :param is_settling: it grows quieter step by step, in `handover_days` by a factor of e, and not all at once
    :param surges: weeks in which the city speaks `surge_factor` times as much of one topic
    :param first_outbreak: the day before which there is no outbreak
    """

    projects: int = 120
    topics: int = 14
    days: int = 1095
    cities: int = 1
    rate: float = 0.45
    rate_spread: float = 0.7
    cell_spread: float = 0.5
    weekend: float = 0.5
    handover_factor: float = 5.0
    handover_days: int = 45
    before_handover: float = 1.0
    is_settling: bool = False
    surges: int = 8
    surge_factor: float = 3.0
    outbreaks: int = 80
    households: tuple[int, int] = (6, 60)
    lasting: tuple[int, int] = (2, 21)
    floods: int = 60
    first_outbreak: int = 400


@dataclass(frozen=True, slots=True)
class Stream:
    """Messages, who was at risk, and the truth; `origin` numbers the outbreak of each message, below 0 none."""

    voices: Voices
    exposure: Exposure
    outbreaks: Outbreaks
    origin: np.ndarray


def make_stream(seed: int, settings: StreamSettings) -> Stream:
    """Invent a stream; the same seed and settings give the same stream."""
    dice = np.random.default_rng(seed)
    buildings = dice.integers(8, 31, settings.projects)
    homes = dice.integers(60, 141, settings.projects)
    handover = dice.integers(-400, settings.days, settings.projects)
    cities = np.arange(settings.projects) % settings.cities
    rows = [
        _background(dice, settings, buildings, homes, handover, cities),
        _floods(dice, settings, buildings, homes),
    ]
    outbreaks, spoken = _outbreaks(dice, settings, buildings, homes)
    day, project, topic, building, household, origin = np.hstack([*rows, spoken])
    order = np.argsort(day, kind="stable")
    home = household % homes[project]
    return Stream(
        voices=Voices(
            day=day[order],
            project=project[order],
            topic=topic[order],
            building=building[order],
            household=household[order],
            floor=home[order] // LINES,
            line=home[order] % LINES,
        ),
        exposure=Exposure(
            households=(buildings * homes).astype(float),
            watched_from=np.zeros(settings.projects, dtype=np.int64),
            city=cities,
            handover_day=handover.astype(float),
        ),
        outbreaks=outbreaks,
        origin=origin[order],
    )


def _background(dice, settings, buildings, homes, handover, cities) -> np.ndarray:  # type: ignore[no-untyped-def]
    shape = (settings.projects, settings.topics)
    rate = settings.rate * np.exp(dice.normal(0, settings.rate_spread, settings.projects))
    liked = dice.dirichlet(np.full(settings.topics, 20.0))
    cell = rate[:, np.newaxis] * liked * np.exp(dice.normal(0, settings.cell_spread, shape))
    days = np.arange(settings.days)
    weekday = np.where(days % 7 >= 5, settings.weekend, 1.2)
    since = days[np.newaxis, :] - handover[:, np.newaxis]
    if settings.is_settling:
        after = 1 + (settings.handover_factor - 1) * np.exp(-np.maximum(since, 0) / settings.handover_days)
    else:
        after = np.where(since < settings.handover_days, settings.handover_factor, 1.0)
    loud = np.where(since < 0, settings.before_handover, after) * weekday
    heard = np.ones((settings.cities, settings.topics, settings.days))
    for _surge in range(settings.surges):
        start = dice.integers(0, settings.days - 7)
        heard[dice.integers(settings.cities), dice.integers(settings.topics), start : start + 7] = (
            settings.surge_factor
        )
    parts = []
    for topic in range(settings.topics):
        count = dice.poisson(cell[:, topic, np.newaxis] * loud * heard[cities, topic])
        project, day = np.repeat(np.argwhere(count), count[count > 0], axis=0).T
        household = dice.integers(0, (buildings * homes)[project])
        parts.append(_rows(day, project, topic, household, homes, BACKGROUND))
    return np.hstack(parts)


def _rows(day, project, topic, household, homes, origin) -> np.ndarray:  # type: ignore[no-untyped-def]
    project = np.broadcast_to(project, np.shape(day))
    return np.vstack(
        [
            day,
            project,
            np.full_like(day, topic),
            household // homes[project],
            household,
            np.full_like(day, origin),
        ]
    )


def _floods(dice, settings, buildings, homes) -> np.ndarray:  # type: ignore[no-untyped-def]
    parts = [np.empty((6, 0), dtype=np.int64)]
    for _flood in range(settings.floods):
        project, messages = dice.integers(settings.projects), dice.integers(6, 16)
        day = np.sort(dice.integers(0, 10, messages)) + dice.integers(0, settings.days - 10)
        household = np.full_like(day, dice.integers(buildings[project] * homes[project]))
        parts.append(_rows(day, project, dice.integers(settings.topics), household, homes, FLOOD))
    return np.hstack(parts)


def _outbreaks(dice, settings, buildings, homes) -> tuple[Outbreaks, np.ndarray]:  # type: ignore[no-untyped-def]
    parts, truth = [np.empty((6, 0), dtype=np.int64)], []
    least, most = settings.households
    for number in range(settings.outbreaks):
        project, topic = dice.integers(settings.projects), dice.integers(settings.topics)
        lasting = dice.integers(*settings.lasting)
        start = dice.integers(settings.first_outbreak, settings.days - lasting)
        many = int(np.clip(np.exp(dice.uniform(np.log(least), np.log(most + 1))), least, most))
        narrow = dice.random() < 0.5
        home = homes[project]
        if narrow:
            building = dice.integers(buildings[project])
            household = building * home + dice.choice(home, min(many, home), replace=False)
        else:
            household = dice.choice(buildings[project] * home, many, replace=False)
        day = np.sort(start + dice.integers(0, lasting, len(household)))
        parts.append(_rows(day, project, topic, household, homes, number))
        truth.append((project, topic, day[0], day[-1], len(household)))
    project, topic, start, end, size = np.array(truth, dtype=np.int64).reshape(-1, 5).T
    return Outbreaks(project=project, topic=topic, start=start, end=end, households=size), np.hstack(parts)
