"""The same alarms as R's package `surveillance` on its series."""

from pathlib import Path

import numpy as np
import pyarrow.csv as pacsv
import pytest

from hearth.analytics.surveillance import Method, ears
from tests.real.files import FOLDER, needs

SERIES, EXPECTED = (FOLDER / "surveillance" / name for name in ("series", "expected"))
pytestmark = [pytest.mark.real, needs(SERIES)]


def verdicts_of(path: Path, method: Method) -> tuple[list[bool], list[bool]]:
    """Ours and R's, where R gives one."""
    observed = pacsv.read_csv(SERIES / f"{path.name.split('_')[0]}.csv")["observed"].to_numpy()
    judged = ears(observed[np.newaxis], method)
    rows = pacsv.read_csv(path).to_pylist()
    known = [row for row in rows if row["alarm"] not in (None, "NA")]
    return [bool(judged.alarm[0, row["t"] - 1]) for row in known], [bool(int(row["alarm"])) for row in known]


@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
def test_every_alarm_is_rs(method: Method) -> None:
    ours, theirs = list[bool](), list[bool]()
    for path in sorted(EXPECTED.glob(f"*_ears{method}.csv")):
        one, other = verdicts_of(path, method)
        ours, theirs = ours + one, theirs + other

    assert len(ours) > 500
    assert sum(theirs) > 10
    assert ours == theirs
