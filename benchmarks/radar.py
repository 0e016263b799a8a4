"""`hearth bench radar`: how early and how surely the radar sees group complaints, beside other methods, and how fast.

Invented streams whose group complaints are known, two of each kind; no database. What the other methods answer for a
project and topic is gathered into episodes as the radar's signals are.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.complaint_streams import Stream, StreamSettings, make_stream
from hearth.analytics.farrington import farrington, noufaily
from hearth.analytics.group_complaints import signals
from hearth.analytics.radar_episodes import Episodes, back_test, episodes, gather
from hearth.analytics.radar_expectation import RadarSettings, cells
from hearth.analytics.radar_trial import Trial, try_episodes
from hearth.analytics.surveillance import cusum, ears
from hearth.analytics.voices import Calendar, HouseholdCounter

FROM_DAY, WEEK = 386, 7
SEEDS = (1, 2)
SERIES = 10_000
RADAR = RadarSettings()
LARGE = StreamSettings(projects=500, topics=20, cities=25, outbreaks=300)
STREAMS: Mapping[str, StreamSettings] = {
    "as usual": StreamSettings(),
    "six cities": StreamSettings(cities=6),
    "silent before hand-over": StreamSettings(
        before_handover=0.05, handover_factor=8.0, is_settling=True, handover_days=60
    ),
    "louder hand-overs": StreamSettings(handover_factor=8.0, handover_days=60),
    "many city-wide surges": StreamSettings(surge_factor=5.0, surges=12, cities=3),
    "uneven projects": StreamSettings(cell_spread=1.0, rate_spread=1.0),
}
Way = Callable[[Stream, StreamSettings], Episodes]


def by_radar(stream: Stream, settings: StreamSettings) -> Episodes:
    return back_test(stream.voices, stream.exposure, RADAR, from_day=FROM_DAY)[1]


def by_three_in_a_week(stream: Stream, settings: StreamSettings) -> Episodes:
    """The simple rule: three households within seven days."""
    return _episodes_of(_households(stream, settings, window=7) >= 3, settings)


def by_ears(stream: Stream, settings: StreamSettings) -> Episodes:
    """EARS C2 on the households of each day."""
    return _episodes_of(ears(_households(stream, settings, window=1), "C2").alarm, settings)


def by_farrington(stream: Stream, settings: StreamSettings) -> Episodes:
    """Farrington's flexible method on the households of each week, with the one year that there is before."""
    counts = _weekly(stream, settings)
    return _weeks_of(farrington(counts, _watched_weeks(counts), noufaily(years=1)).alarm, settings)


def by_cusum(stream: Stream, settings: StreamSettings) -> Episodes:
    """Sums of what each week is above the mean of the year before."""
    counts = _weekly(stream, settings)
    return _weeks_of(cusum(counts, _watched_weeks(counts)).alarm, settings)


WAYS: Mapping[str, Way] = {
    "radar": by_radar,
    "three in a week": by_three_in_a_week,
    "EARS C2, daily": by_ears,
    "Farrington, weekly": by_farrington,
    "CUSUM, weekly": by_cusum,
}


def _weekly(stream: Stream, settings: StreamSettings) -> np.ndarray:
    """Count the distinct households of each cell in each whole week: cells x weeks."""
    return _households(stream, settings, window=WEEK)[:, WEEK - 1 :: WEEK]


def _watched_weeks(counts: np.ndarray) -> range:
    return range(FROM_DAY // WEEK, counts.shape[1])


def _weeks_of(alarms: np.ndarray, settings: StreamSettings) -> Episodes:
    """An alarm of a week comes on its last day."""
    by_day = np.zeros((len(alarms), settings.days), dtype=bool)
    by_day[:, WEEK - 1 :: WEEK] = alarms
    return _episodes_of(by_day, settings)


def _households(stream: Stream, settings: StreamSettings, *, window: int) -> np.ndarray:
    """Count the distinct households of each cell in the window that ends with each day: cells x days."""
    voices = stream.voices
    calendar = Calendar(-1, settings.days + window)
    counter = HouseholdCounter(cells(voices, settings.topics), voices.household, voices.day, calendar)
    shape = (settings.projects * settings.topics, settings.days)
    cell, day = (grid.ravel() for grid in np.indices(shape))
    return counter.count(cell, day, window).reshape(shape)


def _episodes_of(alarms: np.ndarray, settings: StreamSettings) -> Episodes:
    cell, day = np.nonzero(alarms)
    watched = day >= FROM_DAY
    project, topic = np.divmod(cell[watched], settings.topics)
    return gather(project, topic, day[watched], quiet_days=RADAR.quiet_days)


@dataclass(frozen=True, slots=True)
class Line:
    """What a way reached on a kind of stream, the mean of two."""

    stream: str
    way: str
    trial: Trial


def compare() -> list[Line]:
    """Try every way on every kind of stream."""
    lines = []
    for name, settings in STREAMS.items():
        streams = [make_stream(seed, settings) for seed in SEEDS]
        for way, find in WAYS.items():
            trials = [_try(find(stream, settings), stream, settings) for stream in streams]
            lines.append(Line(name, way, _mean(trials)))
    return lines


def _try(found: Episodes, stream: Stream, settings: StreamSettings) -> Trial:
    return try_episodes(
        found,
        stream.outbreaks,
        stream.voices,
        stream.origin,
        days=range(FROM_DAY, settings.days),
        projects=settings.projects,
    )


def _mean(trials: Sequence[Trial]) -> Trial:
    of_each = [asdict(trial) for trial in trials]
    return Trial(**{name: float(np.mean([each[name] for each in of_each])) for name in of_each[0]})  # type: ignore[arg-type]


def times() -> Mapping[str, float]:
    """Measure seconds: three years of 500 projects and 20 topics back-tested, and the update of a day."""
    stream = make_stream(1, LARGE)
    began = time.perf_counter()
    back_test(stream.voices, stream.exposure, RADAR, from_day=FROM_DAY)
    tested = time.perf_counter()
    found = signals(stream.voices, stream.exposure, RADAR, from_day=LARGE.days - 1)
    episodes(found, quiet_days=RADAR.quiet_days)
    updated = time.perf_counter()
    weekly = np.random.default_rng(1).poisson(4, size=(SERIES, noufaily().weeks_back + 1))
    began_weekly = time.perf_counter()
    farrington(weekly, range(weekly.shape[1] - 1, weekly.shape[1]), noufaily())
    judged = time.perf_counter()
    return {
        f"back-test of {len(stream.voices):,} voices, two passes": tested - began,
        "update of one day": updated - tested,
        f"Farrington, {SERIES:,} series, one week": judged - began_weekly,
    }


def run_radar(json_path: Path | None) -> int:
    """Print both tables; 0 always, for a missed aim is a finding."""
    lines, took = compare(), times()
    sys.stdout.write(
        "| stream | way | found | of 12 and more | days | households in | false a 100 project-months |\n"
    )
    sys.stdout.write("|---|---|---|---|---|---|---|\n")
    for line in lines:
        trial = line.trial
        sys.stdout.write(
            f"| {line.stream} | {line.way} | {trial.sensitivity:.3f} | {trial.sensitivity_of_large:.3f} |"
            f" {trial.delay_days:.1f} | {trial.share_in:.2f} | {trial.false_rate:.2f} |\n"
        )
    sys.stdout.write("\n| work | s |\n|---|---|\n")
    for name, seconds in took.items():
        sys.stdout.write(f"| {name} | {seconds:.2f} |\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    sys.stdout.write(f"| peak memory, GB | {peak:.2f} |\n")
    if json_path:
        report = {"lines": [asdict(line) for line in lines], "seconds": took}
        json_path.write_text(json.dumps(report, indent=1), encoding="utf-8")
    return 0
