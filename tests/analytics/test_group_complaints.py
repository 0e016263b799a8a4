"""Group complaints are seen while they are small, and nothing else is taken for one."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.complaint_streams import FLOOD, Stream, StreamSettings, make_stream
from hearth.analytics.group_complaints import band, signals
from hearth.analytics.radar_episodes import back_test
from hearth.analytics.radar_expectation import Exposure, RadarSettings
from hearth.analytics.radar_trial import Trial, try_episodes
from hearth.analytics.voices import UNKNOWN, Calendar, HouseholdCounter, Voices

SETTINGS = RadarSettings()
SMALL = StreamSettings(projects=60, topics=10, days=900, outbreaks=40, floods=40, surges=5)
FROM_DAY = 386
TODAY = 800


def trial_of(stream: Stream, settings: StreamSettings, radar: RadarSettings = SETTINGS) -> Trial:
    found = back_test(stream.voices, stream.exposure, radar, from_day=FROM_DAY)[1]
    return try_episodes(
        found,
        stream.outbreaks,
        stream.voices,
        stream.origin,
        days=range(FROM_DAY, settings.days),
        projects=settings.projects,
    )


def voices_of(rows: list[tuple[int, int, int, int, int]]) -> Voices:
    """Columns of (day, project, topic, building, household); each household far from all others."""
    day, project, topic, building, household = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return Voices(
        day=day,
        project=project,
        topic=topic,
        building=building,
        household=household,
        floor=household * 100,
        line=np.zeros_like(day),
    )


def with_more(voices: Voices, rows: list[tuple[int, int, int, int, int]]) -> Voices:
    """The same voices and others."""
    more = voices_of(rows)
    return Voices(
        **{
            each.name: np.append(getattr(voices, each.name), getattr(more, each.name))
            for each in fields(Voices)
        }
    )


def quiet_years(
    extra: list[tuple[int, int, int]], *, topics: int = 4, projects: int = 4
) -> tuple[Voices, Exposure]:
    """Two years in which each cell of project 0 to 3 hears one household in forty days, and `extra` voices.

    :param extra: (day, building, household) of project 0 and topic 0
    """
    past = [
        (day + 7 * topic + 11 * project, project, topic, day % 5, 1000 + day)
        for day in range(0, TODAY - 30, 40)
        for project in range(projects)
        for topic in range(topics)
    ]
    rows = past + [(day, 0, 0, building, household) for day, building, household in extra]
    voices = voices_of(rows)
    exposure = Exposure(
        households=np.full(projects, 800.0),
        watched_from=np.zeros(projects, dtype=np.int64),
        city=np.zeros(projects, dtype=np.int64),
        handover_day=np.full(projects, np.nan),
    )
    return voices, exposure


def alarms(extra: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The day, building and number of households of each signal of the last weeks."""
    voices, exposure = quiet_years(extra)
    found = signals(voices, exposure, SETTINGS, from_day=TODAY - 30)
    return list(zip(found.day.tolist(), found.building.tolist(), found.households.tolist(), strict=True))


def test_three_neighbours_within_a_week_are_an_alarm_about_their_building() -> None:
    three = [(TODAY - 3, 2, 1), (TODAY - 1, 2, 2), (TODAY, 2, 3)]

    found = alarms(three)

    assert found == [(TODAY, 2, 3)]


def test_three_households_of_buildings_far_apart_within_two_weeks_are_none() -> None:
    three = [(TODAY - 13, 0, 1), (TODAY - 6, 2, 2), (TODAY, 4, 3)]

    assert alarms(three) == []


def test_homes_above_each_other_speak_louder_than_homes_far_apart() -> None:
    voices, exposure = quiet_years([(TODAY - 9, 2, 1), (TODAY - 5, 2, 2), (TODAY, 2, 3)])
    scattered = signals(voices, exposure, replace(SETTINGS, limit=1), from_day=TODAY)
    floors = np.where(voices.household < 4, voices.household, voices.floor)
    stacked = signals(replace(voices, floor=floors), exposure, replace(SETTINGS, limit=1), from_day=TODAY)

    assert stacked.households.tolist() == [3]
    assert stacked.score[0] > scattered.score[0] + 0.5


def test_one_household_that_writes_a_dozen_times_is_one_voice() -> None:
    flood = [(TODAY - day, 2, 1) for day in range(12)]

    assert alarms(flood) == []


def test_where_nobody_said_which_building_the_whole_project_speaks() -> None:
    six = [(TODAY - day, UNKNOWN, day) for day in range(6)]

    found = alarms(six)

    assert {building for _day, building, _households in found} == {UNKNOWN}
    assert found[-1][2] >= 4


def test_a_project_of_its_own_limit_is_asked_for_more() -> None:
    voices, exposure = quiet_years([(TODAY - 3, 2, 1), (TODAY - 1, 2, 2), (TODAY, 2, 3)])
    limits = np.array([20.0, SETTINGS.limit, SETTINGS.limit, SETTINGS.limit])

    assert len(signals(voices, exposure, SETTINGS, from_day=TODAY - 30, limits=limits)) == 0


def test_a_topic_that_the_whole_city_speaks_of_is_no_matter_of_one_project() -> None:
    voices, exposure = quiet_years([(TODAY - day, UNKNOWN, day) for day in range(7)])
    everywhere = [(TODAY - day, project, 0, UNKNOWN, 50 + day) for project in (1, 2, 3) for day in range(7)]
    with_rain = with_more(voices, everywhere)
    alone = signals(voices, exposure, SETTINGS, from_day=TODAY - 30)

    in_the_rain = signals(with_rain, exposure, SETTINGS, from_day=TODAY - 30)

    assert len(alone) > 0
    assert in_the_rain.score[in_the_rain.project == 0].max(initial=0) < alone.score.max()


def test_what_belongs_to_a_known_episode_does_not_raise_what_is_expected() -> None:
    year_ago = [(TODAY - 200 + day // 4, 2, day) for day in range(40)]
    voices, exposure = quiet_years([*year_ago, (TODAY, 2, 99)])
    known = np.isin(voices.household, np.arange(40)) & (voices.project == 0) & (voices.topic == 0)
    days, cell = range(TODAY - 10, TODAY + 1), {"project": 0, "topic": 0, "window": 14, "limit": 5.5}

    naive = band(voices, exposure, SETTINGS, days=days, **cell)  # type: ignore[arg-type]
    knowing = band(voices, exposure, SETTINGS, days=days, known=known, **cell)  # type: ignore[arg-type]

    assert knowing.expected[-1] < naive.expected[-1] / 2
    assert knowing.alarming[-1] < naive.alarming[-1]


def test_a_project_without_exposure_is_refused() -> None:
    voices, exposure = quiet_years([])
    fewer = replace(exposure, households=exposure.households[:2])

    with pytest.raises(ValueError, match="exposure"):
        signals(voices, fewer, SETTINGS, from_day=0)


def test_columns_of_different_lengths_are_refused() -> None:
    one, two = np.zeros(1, dtype=np.int64), np.zeros(2, dtype=np.int64)

    with pytest.raises(ValueError, match="equally long"):
        Voices(day=one, project=one, topic=one, building=one, household=two, floor=one, line=one)


def test_no_voice_at_all_is_no_signal() -> None:
    _voices, exposure = quiet_years([])
    silence = voices_of([])

    assert len(signals(silence, exposure, SETTINGS, from_day=0)) == 0


def test_the_verdict_on_a_day_does_not_depend_on_what_comes_later() -> None:
    stream = make_stream(5, SMALL)
    until = stream.voices.day <= 600
    early = stream.voices.taken(until)

    then = signals(early, stream.exposure, SETTINGS, from_day=590)
    now = signals(stream.voices, stream.exposure, SETTINGS, from_day=590)

    of_then = now.taken(now.day <= 600)
    assert len(then) > 0
    assert (then.day.tolist(), then.project.tolist()) == (of_then.day.tolist(), of_then.project.tolist())


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 40)), min_size=1, max_size=60),
    st.integers(1, 15),
    st.integers(0, 3),
    st.integers(0, 45),
)
def test_households_are_counted_as_by_hand(
    said: list[tuple[int, int, int]], window: int, group: int, day: int
) -> None:
    groups, households, days = np.array(said, dtype=np.int64).T
    counter = HouseholdCounter(groups, households, days, Calendar(-1, 60))

    counted = counter.count(np.array([group]), np.array([day]), window)

    by_hand = {who for where, who, when in said if where == group and day - window < when <= day}
    assert counted.tolist() == [len(by_hand)]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"cities": 6},
        {"handover_factor": 8.0, "handover_days": 60},
        {"surge_factor": 5.0, "surges": 12, "cities": 3},
    ],
)
def test_group_complaints_are_found_early_and_hardly_anything_else_is(changes: dict[str, float]) -> None:
    settings = replace(StreamSettings(), **changes)  # type: ignore[arg-type]

    trials = [trial_of(make_stream(seed, settings), settings) for seed in (1, 2)]

    assert np.mean([trial.sensitivity for trial in trials]) >= 0.95
    assert np.mean([trial.sensitivity_of_large for trial in trials]) >= 0.98
    assert np.mean([trial.delay_days for trial in trials]) <= 2
    assert np.mean([trial.share_in for trial in trials]) <= 0.45
    assert np.mean([trial.false_rate for trial in trials]) <= 1


def test_floods_by_one_household_never_alarm() -> None:
    settings = replace(SMALL, outbreaks=0, floods=300, surges=0, handover_factor=1.0)
    stream = make_stream(6, settings)
    floods = stream.origin == FLOOD

    found = back_test(stream.voices, stream.exposure, SETTINGS, from_day=FROM_DAY)[1]

    flooded = set(zip(stream.voices.project[floods], stream.voices.topic[floods], strict=True))
    assert len(flooded) > 100
    without = stream.voices.taken(~floods)
    same = back_test(without, stream.exposure, SETTINGS, from_day=FROM_DAY)[1]
    assert len(found) <= len(same) + 1
