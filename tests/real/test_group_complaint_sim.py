"""The radar on a simulated group of 120 projects that it was not made with."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from hearth.analytics.radar_episodes import back_test
from hearth.analytics.radar_expectation import Exposure, RadarSettings
from hearth.analytics.radar_trial import Outbreaks, try_episodes
from hearth.analytics.voices import Voices
from tests.real.files import FOLDER, needs

SIM = FOLDER / "group_complaint_sim"
EVENTS = SIM / "dev_seed11_events.parquet"
DAYS = range(386, 1095)
FLOOD = -2
pytestmark = [pytest.mark.real, needs(EVENTS)]


def columns(name: str) -> Mapping[str, Any]:
    table = pq.read_table(SIM / name) if name.endswith("parquet") else pacsv.read_csv(SIM / name)
    return {column: table[column].to_numpy() for column in table.column_names}


def test_the_radar_sees_the_planted_group_complaints_early_and_hardly_anything_else() -> None:
    events, projects, truth = (
        columns(f"dev_seed11_{name}") for name in ("events.parquet", "projects.csv", "truth.csv")
    )
    number = len(projects["project"])
    voices = Voices(
        day=events["day"],
        project=events["project"],
        topic=events["topic"],
        building=events["building"],
        household=events["household"],
        floor=np.arange(len(events["day"])) * 100,
        line=np.zeros_like(events["day"]),
    )
    households = np.zeros(number)
    np.maximum.at(households, voices.project, voices.household + 1)
    exposure = Exposure(
        households=households,
        watched_from=np.zeros(number, dtype=np.int64),
        city=np.zeros(number, dtype=np.int64),
        handover_day=projects["handover_day"].astype(float),
    )
    outbreaks = Outbreaks(
        **{name: truth[name] for name in ("project", "topic", "start", "end", "households")}
    )

    found = back_test(voices, exposure, RadarSettings(), from_day=DAYS.start)[1]

    trial = try_episodes(found, outbreaks, voices, events["cluster"], days=DAYS, projects=number)
    assert trial.sensitivity >= 0.95
    assert trial.sensitivity_of_large >= 0.99
    assert trial.delay_days <= 2
    assert trial.share_in <= 0.45
    assert trial.false_rate <= 1
