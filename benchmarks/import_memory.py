"""Run as `python -m benchmarks.import_memory FOLDER ROWS`: import a file of new customers, and print the most memory
that took.

A process for each size: what one has ever held, no other can be told from.
"""

import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django

from benchmarks.load import Times, timed

if TYPE_CHECKING:
    from benchmarks.works import Stage

SMALL, LARGE = 100_000, 300_000


def compare_sizes(stage: "Stage") -> Times:
    """Import a file and one three times as long, each in a process of its own, and note the memory of both."""
    peaks: dict[int, int] = {}

    def work(rows: int) -> None:
        words = [sys.executable, "-m", "benchmarks.import_memory", str(stage.folder), str(rows)]
        peaks[rows] = int(subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout)

    times = [timed(lambda rows=rows: work(rows)) for rows in (SMALL, LARGE)]  # type: ignore[misc]
    for rows, peak in peaks.items():
        stage.notes[f"import of {rows:,} rows, MB at most"] = peak
    stage.notes["import, memory of three times the rows"] = f"{peaks[LARGE] / peaks[SMALL]:.2f}"
    return times[-1]


def main(folder: Path, rows: int) -> int:
    django.setup()
    from benchmarks.works import import_file_of  # noqa: PLC0415  (models need Django started)

    import_file_of(folder, rows, mark=f"M{rows}-")
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
