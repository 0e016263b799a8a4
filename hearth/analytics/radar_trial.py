"""How well a way of seeing group complaints does on a stream whose group complaints are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hearth.postponed import Postponed

if TYPE_CHECKING:
    import numpy as np

    from hearth.analytics.radar_episodes import Episodes
    from hearth.analytics.voices import Truth, Voices, Whole
else:
    np = Postponed("numpy")

DAYS_A_MONTH = 30.44
# An episode that begins so many days after the last voice is still about it.
ECHO_DAYS = 14


@dataclass(frozen=True, slots=True)
class Outbreaks:
    """Group complaints that there were, one row each: first and last day of their voices, and how many households."""

    project: Whole
    topic: Whole
    start: Whole
    end: Whole
    households: Whole


@dataclass(frozen=True, slots=True)
class Trial:
    """What a way of seeing reached.

    :param sensitivity: share of the outbreaks for which the alarm came by their last day
    :param sensitivity_of_large: the same of those of at least `LARGE` households
    :param delay_days: median days from the first voice to the alarm
    :param share_in: median share of the households that had spoken by the day of the alarm
    :param false_episodes: episodes about no outbreak
    :param false_rate: the same for 100 projects and a month
    """

    sensitivity: float
    sensitivity_of_large: float
    delay_days: float
    share_in: float
    false_episodes: int
    false_rate: float


LARGE = 12


def try_episodes(
    found: Episodes, outbreaks: Outbreaks, voices: Voices, origin: Whole, *, days: range, projects: int
) -> Trial:
    """Hold episodes against the truth.

    :param origin: number of the outbreak that each message belongs to, below 0 for none
    :param days: the days that were watched
    """
    seen = np.zeros(len(outbreaks.start), dtype=bool)
    delays, shares = [], []
    about_one = np.zeros(len(found), dtype=bool)
    for number in range(len(outbreaks.start)):
        start, end = outbreaks.start[number], outbreaks.end[number]
        same = (found.project == outbreaks.project[number]) & (found.topic == outbreaks.topic[number])
        about_one |= same & (found.day <= end + ECHO_DAYS) & (found.until >= start)
        alarms = found.day[same & (found.day <= end) & (found.until >= start)]
        if not len(alarms):
            continue
        seen[number] = True
        alarm = max(int(alarms.min()), int(start))
        delays.append(alarm - start)
        spoken = voices.household[(origin == number) & (voices.day <= alarm)]
        shares.append(len(np.unique(spoken)) / outbreaks.households[number])
    false = int((~about_one).sum())
    return Trial(
        sensitivity=_share(seen),
        sensitivity_of_large=_share(seen[outbreaks.households >= LARGE]),
        delay_days=float(np.median(delays)) if delays else float("nan"),
        share_in=float(np.median(shares)) if shares else float("nan"),
        false_episodes=false,
        false_rate=false * 100 / (projects * len(days) / DAYS_A_MONTH),
    )


def _share(marks: Truth) -> float:
    return float(marks.mean()) if len(marks) else float("nan")
