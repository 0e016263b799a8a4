"""Farrington's method on counts whose bound can be worked out by hand, and on what must not move it."""

import numpy as np
import pytest
from scipy import stats

from hearth.analytics.farrington import FarringtonSettings, farrington, farrington1996, noufaily

YEAR = 52
NOW = 5 * YEAR + 10


def weeks_of(level: int, *, now: int = 0) -> np.ndarray:
    """Five years and more of one level, and what is counted now."""
    counts = np.full((1, NOW + 1), level)
    counts[0, NOW] = now
    return counts


@pytest.mark.parametrize("seen", [11, 12])
def test_a_steady_past_gives_the_quantile_of_a_poisson_count(seen: int) -> None:
    judged = farrington(weeks_of(5, now=seen), range(NOW, NOW + 1), noufaily(alpha=0.01))

    assert judged.upperbound[0, NOW] == stats.poisson.ppf(0.99, 5) == 11
    assert judged.alarm[0, NOW] == (seen > 11)


def test_weeks_that_are_not_asked_have_no_bound() -> None:
    judged = farrington(weeks_of(5), range(NOW, NOW + 1), farrington1996())

    assert np.isnan(judged.upperbound[0, :NOW]).all()
    assert not judged.alarm[0, :NOW].any()


def test_a_handful_of_cases_in_four_weeks_is_no_alarm() -> None:
    counts = weeks_of(0, now=4)

    judged = farrington(counts, range(NOW, NOW + 1), farrington1996())

    assert np.isnan(judged.upperbound[0, NOW])
    assert not judged.alarm.any()


def test_what_began_half_a_year_ago_does_not_raise_its_own_bound() -> None:
    calm, risen = weeks_of(5), weeks_of(5)
    risen[0, NOW - 20 : NOW] = 40

    bounds = [
        farrington(counts, range(NOW, NOW + 1), noufaily()).upperbound[0, NOW] for counts in (calm, risen)
    ]

    assert bounds[0] == bounds[1]


def test_an_outbreak_of_a_former_year_is_weighted_down() -> None:
    counts = weeks_of(5)
    counts[0, NOW - 2 * YEAR] = 60
    even = FarringtonSettings(alpha=0.01, weights_threshold=np.inf)

    weighted, unweighted = (
        farrington(counts, range(NOW, NOW + 1), settings).upperbound[0, NOW]
        for settings in (FarringtonSettings(alpha=0.01), even)
    )

    assert weighted < unweighted / 1.5


def test_a_sure_trend_is_followed_if_three_years_are_looked_back_on() -> None:
    counts = np.round(np.exp(np.linspace(np.log(60), np.log(10), NOW + 1)))[np.newaxis].astype(int)

    bounds = [
        farrington(counts, range(NOW, NOW + 1), noufaily(years=years)).upperbound[0, NOW] for years in (2, 5)
    ]

    assert 10 < bounds[1] < bounds[0] - 4


def test_many_series_are_judged_as_each_by_itself() -> None:
    random = np.random.default_rng(4)
    counts = random.poisson(random.gamma(2, 4, size=(30, 1)), size=(30, NOW + 1))
    counts[3] = 0

    together = farrington(counts, range(NOW - 5, NOW + 1), noufaily())
    alone = [farrington(row[np.newaxis], range(NOW - 5, NOW + 1), noufaily()).upperbound for row in counts]

    assert together.upperbound == pytest.approx(np.concatenate(alone), nan_ok=True)


def test_too_short_a_past_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer weeks"):
        farrington(weeks_of(5), range(YEAR, NOW), noufaily())
