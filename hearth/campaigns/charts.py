"""Where the marks of the interval chart stand, in units of its drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

from hearth.analytics.experiments import Comparison

LEFT, RIGHT, ROW, TOP = 130.0, 460.0, 40.0, 34.0


@dataclass(frozen=True)
class IntervalMark:
    """One arm: the line from `low` to `high`, the dot at `middle`, on the row at `y`."""

    name: str
    low: float
    middle: float
    high: float
    y: float
    comparison: Comparison
    is_proven: bool


@dataclass(frozen=True)
class IntervalChart:
    """All arms on one axis whose `zero` is the control group; `ticks` are (position, value)."""

    marks: tuple[IntervalMark, ...]
    zero: float
    ticks: tuple[tuple[float, float], ...]
    height: float


def interval_chart(rows: Sequence[tuple[str, Comparison, bool]]) -> IntervalChart | None:
    """Lay out (arm, comparison, is proven) on a common axis that always shows nought."""
    if not rows:
        return None
    lowest = min(0.0, *(comparison.low for _, comparison, _ in rows))
    highest = max(0.0, *(comparison.high for _, comparison, _ in rows))
    room = (highest - lowest) * 0.08 or 0.01
    lowest, highest = lowest - room, highest + room

    def place(value: float) -> float:
        return round(LEFT + (value - lowest) / (highest - lowest) * (RIGHT - LEFT), 1)

    marks = tuple(
        IntervalMark(
            name=name,
            low=place(comparison.low),
            middle=place(comparison.difference),
            high=place(comparison.high),
            y=TOP + number * ROW,
            comparison=comparison,
            is_proven=is_proven,
        )
        for number, (name, comparison, is_proven) in enumerate(rows)
    )
    ticks = tuple((place(value), value) for value in (lowest + room, 0.0, highest - room))
    return IntervalChart(marks, place(0.0), tuple(dict.fromkeys(ticks)), TOP + len(rows) * ROW + 8)
