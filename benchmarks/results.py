"""What was measured, whether it meets its aim, and how it is told."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from benchmarks.load import Times

PAGE_P95, PAGE_QUERIES = 200, 25
FLOOR_FACTOR, FLOOR_ALLOWANCE = 3, 20


@dataclass(frozen=True)
class Result:
    """One line of the report; times in milliseconds."""

    name: str
    clients: int
    p50: float
    p95: float
    acts: int
    floor_p50: float | None = None
    floor_p95: float | None = None
    queries: int | None = None
    aim: str = ""
    is_met: bool | None = None

    @property
    def ratio(self) -> float | None:
        return self.p50 / self.floor_p50 if self.floor_p50 else None


def page_result(
    name: str, times: Times, floor: Times, *, clients: int, queries: int, most: int = PAGE_P95
) -> Result:
    """Hold a page against the aims for pages; with more than one client it waits for its turn, and has none."""
    allowed = FLOOR_FACTOR * floor.p50 + FLOOR_ALLOWANCE
    is_met = times.p95 <= most and times.p50 <= allowed and queries <= PAGE_QUERIES
    return Result(
        name,
        clients,
        times.p50,
        times.p95,
        len(times.milliseconds),
        floor.p50,
        floor.p95,
        queries,
        f"p95 ≤ {most}, p50 ≤ {allowed:.0f}, ≤ {PAGE_QUERIES} queries" if clients == 1 else "",
        is_met if clients == 1 else None,
    )


def work_result(
    name: str, times: Times, floor: Times | None, *, most: float | None, is_tail: bool = False
) -> Result:
    """Hold a piece of work against the longest it may take, in milliseconds; its slow turns where `is_tail`."""
    held = times.p95 if is_tail else times.p50
    return Result(
        name,
        1,
        times.p50,
        times.p95,
        len(times.milliseconds),
        floor.p50 if floor else None,
        floor.p95 if floor else None,
        aim=f"{'p95 ' if is_tail else ''}≤ {most:,.0f}" if most else "",
        is_met=held <= most if most else None,
    )


HEAD = ("measure", "clients", "p50 ms", "p95 ms", "floor p50", "floor p95", "ratio", "queries", "aim", "met")


def as_table(results: Sequence[Result]) -> str:
    """Write the results as a table in Markdown, which a terminal shows as well."""
    rows = [HEAD, *(_cells(result) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _cells(result: Result) -> tuple[str, ...]:
    met = {None: "", True: "yes", False: "no"}[result.is_met]
    return (
        result.name,
        str(result.clients),
        _number(result.p50),
        _number(result.p95),
        _number(result.floor_p50),
        _number(result.floor_p95),
        f"{result.ratio:.1f}" if result.ratio else "",
        "" if result.queries is None else str(result.queries),
        result.aim,
        met,
    )


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def as_json(result: Result) -> dict[str, object]:
    return {**asdict(result), "ratio": result.ratio}
