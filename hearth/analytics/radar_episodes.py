"""Alarms of a cell that follow each other are one episode, and an episode's voices are no measure of what is usual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hearth.analytics.group_complaints import Signals, signals
from hearth.analytics.radar_expectation import Exposure, RadarSettings
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import numpy as np

    from hearth.analytics.voices import Real, Truth, Voices, Whole
else:
    np = Postponed("numpy")


@dataclass(frozen=True, slots=True)
class Episodes:
    """Group complaints as the radar sees them, one row each: signals of a cell that follow each other.

    `first_signal` and `last_signal` are rows of the signals; `day` is when the alarm is given.
    """

    project: Whole
    topic: Whole
    day: Whole
    until: Whole
    first_signal: Whole
    last_signal: Whole

    def __len__(self) -> int:
        return len(self.day)


def episodes(found: Signals, *, quiet_days: int) -> Episodes:
    """Gather the signals of a cell that follow each other within `quiet_days`.

    :param found: what `signals` gave: one a cell and day, ordered by cell and day
    """
    return gather(found.project, found.topic, found.day, quiet_days=quiet_days)


def gather(project: Whole, topic: Whole, day: Whole, *, quiet_days: int) -> Episodes:
    """Make one episode of alarms of a cell that follow each other within `quiet_days`; ordered by cell and day."""
    new = np.ones(len(day), dtype=bool)
    new[1:] = (project[1:] != project[:-1]) | (topic[1:] != topic[:-1]) | (day[1:] - day[:-1] > quiet_days)
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(day)) - 1 if len(day) else first
    return Episodes(
        project=project[first],
        topic=topic[first],
        day=day[first],
        until=day[last],
        first_signal=first,
        last_signal=last,
    )


def voices_of(found: Episodes, voices: Voices, *, before_days: int) -> Truth:
    """Mark the messages that belong to episodes: of the cell, from `before_days` before the alarm to its end."""
    marks = np.zeros(len(voices), dtype=bool)
    for project, topic, day, until in zip(found.project, found.topic, found.day, found.until, strict=True):
        marks |= (
            (voices.project == project)
            & (voices.topic == topic)
            & (voices.day > day - before_days)
            & (voices.day <= until)
        )
    return marks


def back_test(
    voices: Voices, exposure: Exposure, settings: RadarSettings, *, from_day: int, limits: Real | None = None
) -> tuple[Signals, Episodes]:
    """Tell which alarms there would have been, as if every day were judged by what was known on it.

    Twice: the voices of the episodes of a first pass make no rate in the second. As only days `guard_days` past make
    a rate, no day knows of an episode that was not known on it.
    """
    known = None
    for _pass in range(2):
        found = signals(voices, exposure, settings, from_day=from_day, limits=limits, known=known)
        seen = episodes(found, quiet_days=settings.quiet_days)
        known = voices_of(seen, voices, before_days=max(settings.windows))
    return found, seen
