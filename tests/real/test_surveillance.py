"""The same alarms as R's package `surveillance`, on its series and on simulated outbreaks."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from hearth.analytics.farrington import FarringtonSettings, farrington, farrington1996, noufaily
from hearth.analytics.surveillance import Method, Surveillance, cusum, ears
from tests.real.files import FOLDER, needs

SERIES, EXPECTED = (FOLDER / "surveillance" / name for name in ("series", "expected"))
OUTBREAKS, WEEKS = FOLDER / "outbreak_sim", 624
LAST_YEAR = range(WEEKS - 49, WEEKS)
pytestmark = [pytest.mark.real, needs(SERIES)]


Judge = Callable[[np.ndarray, range], Surveillance]


def by_farrington(settings: FarringtonSettings) -> Judge:
    return lambda counts, weeks: farrington(counts, weeks, settings)


JUDGES: dict[str, Judge] = {
    "cusum_rossi_k1.04_h2.26": cusum,
    "farrington1996_b2_a01": by_farrington(farrington1996(years=2)),
    "farrFlex_orig_b2_a01": by_farrington(FarringtonSettings(years=2, alpha=0.01)),
    "farrFlex_noufaily_nbPlugin_b2_a01": by_farrington(noufaily(years=2)),
}


def verdicts_of(path: Path, judge: Judge) -> tuple[list[bool], list[bool]]:
    """Ours and R's, where R gives one."""
    observed = pacsv.read_csv(SERIES / f"{path.name.split('_')[0]}.csv")["observed"].to_numpy()
    rows = pacsv.read_csv(path).to_pylist()
    judged = judge(observed[np.newaxis], range(rows[0]["t"] - 1, rows[-1]["t"]))
    known = [row for row in rows if row["alarm"] not in (None, "NA")]
    return [bool(judged.alarm[0, row["t"] - 1]) for row in known], [bool(int(row["alarm"])) for row in known]


def all_verdicts(pattern: str, judge: Judge) -> tuple[list[bool], list[bool]]:
    ours, theirs = list[bool](), list[bool]()
    for path in sorted(EXPECTED.glob(pattern)):
        one, other = verdicts_of(path, judge)
        ours, theirs = ours + one, theirs + other
    return ours, theirs


@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
def test_every_alarm_of_ears_is_rs(method: Method) -> None:
    ours, theirs = all_verdicts(f"*_ears{method}.csv", lambda counts, _weeks: ears(counts, method))

    assert len(ours) > 500
    assert sum(theirs) > 10
    assert ours == theirs


@pytest.mark.parametrize("name", JUDGES)
def test_every_alarm_of_the_other_methods_is_rs(name: str) -> None:
    ours, theirs = all_verdicts(f"*_{name}.csv", JUDGES[name])

    assert len(ours) > 500
    assert sum(theirs) > 10
    assert ours == theirs


@pytest.mark.slow
@needs(OUTBREAKS)
def test_on_simulated_outbreaks_every_alarm_is_rs_and_half_of_them_are_found() -> None:
    table = pq.read_table(OUTBREAKS / "series_seed20130601.parquet")
    columns = {
        name: table[name].to_numpy().reshape(-1, WEEKS)
        for name in ("observed", "baseline", "outbreak", "scenario", "rep")
    }
    peer = pacsv.read_csv(OUTBREAKS / "peer_alarms" / "sim_farrFlex_noufaily_nbPlugin.csv.gz").to_pylist()
    row_of = {
        key: row for row, key in enumerate(zip(columns["scenario"][:, 0], columns["rep"][:, 0], strict=True))
    }
    judged = {name: farrington(columns[name], LAST_YEAR, noufaily()) for name in ("observed", "baseline")}

    theirs = [bool(row["alarm"]) for row in peer]
    ours = [
        bool(judged[row["variant"]].alarm[row_of[row["scenario"], row["rep"]], row["t"] - 1]) for row in peer
    ]
    loose = noufaily(alpha=0.0105)
    found = farrington(columns["observed"], LAST_YEAR, loose).alarm & (columns["outbreak"] > 0)
    false = farrington(columns["baseline"], LAST_YEAR, loose).alarm[:, LAST_YEAR.start :]

    assert len(ours) > 40_000
    assert ours == theirs
    assert found[:, LAST_YEAR.start :].any(axis=1).mean() >= 0.5
    assert false.mean() <= 0.01
