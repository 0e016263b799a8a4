"""What `trend.js` draws: lines and bars over periods, and what happened meanwhile as lines across."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Number = int | float | None


@dataclass(frozen=True)
class Series:
    """One line, or one row of bars; `is_second` by the axis on the right, `is_strong` drawn thicker."""

    name: str
    values: Sequence[Number]
    is_bars: bool = False
    is_second: bool = False
    is_strong: bool = False


@dataclass(frozen=True)
class Mark:
    """Something that happened in one of the periods, counted from nought."""

    at: int
    label: str
    day: str


def trend(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    marks: Sequence[Mark] = (),
    units: tuple[str, str] = ("", ""),
) -> Mapping[str, Any]:
    """Return a drawing as JSON; a value for each label, and the units of the axes on the left and the right."""
    return {
        "labels": list(labels),
        "units": list(units),
        "series": [
            {
                "name": each.name,
                "values": list(each.values),
                "bars": each.is_bars,
                "second": each.is_second,
                "strong": each.is_strong,
            }
            for each in series
        ],
        "marks": [{"at": each.at, "label": each.label, "day": each.day} for each in marks],
    }
