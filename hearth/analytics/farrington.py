"""Farrington's method for weekly counts: the bound that the same weeks of former years lead one to expect.

As in Farrington et al. (1996) and, with seasons, Noufaily et al. (2013), with the names and steps of R's package
`surveillance`, whose alarms it gives: a quasi-Poisson regression is fitted, weeks that stand out are weighted down by
their Anscombe residuals, and it is fitted once more. All series of a week share one design, so that they are fitted at
once, by products of matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hearth.analytics.surveillance import Surveillance
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import numpy as np
    from scipy import special, stats

    from hearth.analytics.voices import Real, Truth, Whole
else:
    np = Postponed("numpy")
    special, stats = Postponed("scipy.special"), Postponed("scipy.stats")

WEEKS_A_YEAR = 52
# The regression is fitted when its deviance changes by less, or given up after so many rounds.
TOLERANCE, MOST_ROUNDS = 1e-8, 25
# A bound is given only where at least so many cases were counted in so many weeks, the current one with them.
FEWEST_CASES, IN_WEEKS = 5, 4
# A trend is kept only if so many years are looked back on.
YEARS_FOR_TREND = 3
SKEWNESS = 2 / 3
RIDGE = 1e-13


@dataclass(frozen=True, slots=True)
class FarringtonSettings:
    """How the past is looked back on.

    :param years: how many years
    :param half_window: weeks before and after the same week of a former year
    :param periods: how many seasons a year has beside that window, and one more; 1 leaves all other weeks out
    :param left_out: weeks before the current one that are not looked at, lest an outbreak raise its own bound
    :param alpha: how rarely a count is above its bound by chance
    :param weights_threshold: standardised residuals above it are weighted down
    :param trend_p: a trend is kept if its p-value is below
    :param bound: by a power that takes the skewness away, as in 1996 or as `farringtonFlexible` does, or a quantile of
        the negative binomial at the fitted mean (`nbPlugin`)
    """

    years: int = 5
    half_window: int = 3
    periods: int = 1
    left_out: int = 3
    alpha: float = 0.05
    weights_threshold: float = 1.0
    trend_p: float = 0.05
    bound: Literal["1996", "delta", "nbPlugin"] = "delta"

    @property
    def weeks_back(self) -> int:
        """How many weeks before the current one the first is that is looked at."""
        return self.years * WEEKS_A_YEAR + self.half_window


def farrington1996(*, years: int = 5, half_window: int = 3, alpha: float = 0.01) -> FarringtonSettings:
    """Return the settings of 1996; its interval has two sides, of which only the upper is asked."""
    return FarringtonSettings(years=years, half_window=half_window, alpha=alpha / 2, bound="1996")


def noufaily(*, years: int = 5, half_window: int = 3, alpha: float = 0.01) -> FarringtonSettings:
    """Return the settings that Noufaily et al. recommend."""
    return FarringtonSettings(
        years=years,
        half_window=half_window,
        periods=10,
        left_out=26,
        alpha=alpha,
        weights_threshold=2.58,
        trend_p=1.0,
        bound="nbPlugin",
    )


def farrington(counts: Whole, weeks: range, settings: FarringtonSettings) -> Surveillance:
    """Judge the counts of some weeks by the years before them.

    :param counts: series x weeks
    :param weeks: numbers of columns
    :raises ValueError: if there are fewer weeks before them than are looked back on
    """
    if weeks and min(weeks) < settings.weeks_back:
        raise ValueError("there are fewer weeks before than are looked back on")
    observed = np.asarray(counts, dtype=float)
    bounds = np.full(observed.shape, np.nan)
    for week in weeks:
        past, period = _past_of(week, settings)
        bounds[:, week] = _bound(observed[:, past], past - week, period, settings)
        lately = observed[:, max(week - IN_WEEKS + 1, 0) : week + 1].sum(axis=1)
        bounds[lately < FEWEST_CASES, week] = np.nan
    with np.errstate(invalid="ignore"):
        return Surveillance(bounds, observed > bounds)


def _past_of(week: int, settings: FarringtonSettings) -> tuple[Whole, Whole]:
    """Return the weeks that are looked at, and the period of the year of each; 0 is the one of the current week."""
    half, periods = settings.half_window, settings.periods
    period = np.full(week + 1, -1)
    for year in range(1, settings.years + 1):
        centre = week - year * WEEKS_A_YEAR
        period[centre - half : centre + half + 1] = 0
        if periods > 1:
            between = np.array_split(np.arange(centre + half + 1, centre + WEEKS_A_YEAR - half), periods - 1)
            for number, part in enumerate(between, start=1):
                period[part] = number
    period[week - settings.left_out :] = -1
    past = np.flatnonzero(period >= 0)
    return past, period[past]


def _bound(observed: Real, offset: Whole, period: Whole, settings: FarringtonSettings) -> Real:
    seasons = (period[:, np.newaxis] == np.unique(period)).astype(float)
    with_trend = np.column_stack([seasons, offset / WEEKS_A_YEAR])
    fitted = _fit(observed, with_trend, settings.weights_threshold)
    keeps = _keeps_trend(fitted, observed, settings)
    if not keeps.all():
        plain = _fit(observed[~keeps], seasons, settings.weights_threshold)
        fitted.take(~keeps, plain)
    return _upper(fitted, settings)


@dataclass(slots=True)
class _Fitted:
    """What a regression says of each series, of the current week and of its trend.

    :param mean: logarithm of the mean of the current week
    :param variance: its variance, but for the dispersion
    :param dispersion: as it was found
    :param trend_p: p-value of the trend
    :param is_found: whether the regression came to an end
    """

    mean: Real
    variance: Real
    dispersion: Real
    trend_p: Real
    is_found: Truth

    def take(self, where: Truth, other: _Fitted) -> None:
        """Put the values of another fit in place of some."""
        for name in self.__dataclass_fields__:
            getattr(self, name)[where] = getattr(other, name)


def _keeps_trend(fitted: _Fitted, observed: Real, settings: FarringtonSettings) -> Truth:
    """Tell where the trend is sure, and leads no further than anything that was ever counted."""
    if settings.years < YEARS_FOR_TREND:
        return np.zeros(len(observed), dtype=bool)
    with np.errstate(over="ignore"):
        is_near = np.exp(fitted.mean) <= observed.max(axis=1)
    kept: Truth = fitted.is_found & (fitted.trend_p < settings.trend_p) & is_near
    return kept


def _fit(observed: Real, design: Real, threshold: float) -> _Fitted:
    """Fit, weight down what stands out, and fit again."""
    even = np.ones(observed.shape)
    mu, inverse, is_found, _slope = _regress(observed, design, even)
    freedom = observed.shape[1] - design.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        dispersion = np.maximum(_dispersion(observed, mu, even, freedom), 1)
        leverage = mu * _quadratic(design, inverse)
        residual = 1.5 * (observed ** (2 / 3) * mu ** (-1 / 6) - np.sqrt(mu))
        standardised = residual / np.sqrt(dispersion[:, np.newaxis] * (1 - leverage))
        weights = np.where(standardised > threshold, standardised**-2.0, 1.0)
    weights *= observed.shape[1] / weights.sum(axis=1, keepdims=True)
    mu, inverse, is_found_again, (level, slope) = _regress(observed, design, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        dispersion = _dispersion(observed, mu, weights, freedom)
        student = slope / np.sqrt(dispersion * inverse[:, -1, -1])
        trend_p = 2 * special.stdtr(freedom, -np.abs(student))
    return _Fitted(level, inverse[:, 0, 0], dispersion, trend_p, is_found & is_found_again)


def _dispersion(observed: Real, mu: Real, weights: Real, freedom: int) -> Real:
    found: Real = (weights * (observed - mu) ** 2 / mu).sum(axis=1) / freedom
    return found


def _quadratic(design: Real, inverse: Real) -> Real:
    """Return x'Ax of every week and series: series x weeks."""
    product: Real = np.einsum("ni,sij,nj->sn", design, inverse, design, optimize=True)
    return product


def _regress(observed: Real, design: Real, weights: Real) -> tuple[Real, Real, Truth, tuple[Real, Real]]:
    """Fit a Poisson regression with log link to each series by weighted least squares, again and again.

    :return: means (series x weeks), inverse of the information (series x columns x columns), whether the deviance came
        to rest, and the coefficients of the first and the last column
    """
    count, columns = len(observed), design.shape[1]
    pairs = (design[:, :, np.newaxis] * design[:, np.newaxis, :]).reshape(len(design), columns**2)
    mu, eta = observed + 0.1, np.log(observed + 0.1)
    deviance = _deviance(observed, mu, weights)
    inverse, beta = np.zeros((count, columns, columns)), np.zeros((count, columns))
    open_ones, is_found = np.arange(count), np.zeros(count, dtype=bool)
    for _round in range(MOST_ROUNDS):
        if not len(open_ones):
            break
        mean, seen, weight = mu[open_ones], observed[open_ones], weights[open_ones]
        pull = weight * mean
        information = (pull @ pairs).reshape(-1, columns, columns)
        right = (pull * (eta[open_ones] + (seen - mean) / mean)) @ design
        inverse[open_ones] = _invert(information)
        beta[open_ones] = np.einsum("sij,sj->si", inverse[open_ones], right)
        eta[open_ones] = beta[open_ones] @ design.T
        with np.errstate(over="ignore"):
            mu[open_ones] = np.maximum(np.exp(eta[open_ones]), np.finfo(float).tiny)
        now = _deviance(seen, mu[open_ones], weight)
        is_still = np.abs(now - deviance[open_ones]) / (np.abs(now) + 0.1) < TOLERANCE
        deviance[open_ones] = now
        is_found[open_ones[is_still]] = True
        open_ones = open_ones[~is_still]
    return mu, inverse, is_found, (beta[:, 0], beta[:, -1])


def _deviance(observed: Real, mu: Real, weights: Real) -> Real:
    total: Real = 2 * (weights * (special.xlogy(observed, observed / mu) - (observed - mu))).sum(axis=1)
    return total


def _invert(information: Real) -> Real:
    """Invert matrices whose columns may differ in size by many powers of ten."""
    size = np.sqrt(np.maximum(np.einsum("sii->si", information), np.finfo(float).tiny))
    scale = size[:, :, np.newaxis] * size[:, np.newaxis, :]
    # What a season without a case says is nearly nothing, and must not stop the others.
    even = information / scale + RIDGE * np.eye(information.shape[1])
    inverse: Real = np.linalg.inv(even) / scale
    return inverse


def _upper(fitted: _Fitted, settings: FarringtonSettings) -> Real:
    dispersion = np.maximum(fitted.dispersion, 1)
    upper: Real
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        mean = np.exp(fitted.mean)
        if settings.bound == "nbPlugin":
            upper = _quantile(mean, dispersion, 1 - settings.alpha)
        else:
            off = dispersion * mean if settings.bound == "1996" else fitted.dispersion
            spread = dispersion + off * fitted.variance
            deviation = np.sqrt(SKEWNESS**2 * mean ** (2 * SKEWNESS - 1) * spread)
            upper = (mean**SKEWNESS - special.ndtri(settings.alpha) * deviation) ** (1 / SKEWNESS)
    return np.where(fitted.is_found & np.isfinite(upper), upper, np.nan)


def _quantile(mean: Real, dispersion: Real, share: float) -> Real:
    """Return the quantile of counts with that mean, whose variance is the dispersion times the mean."""
    is_spread = dispersion > 1
    size = mean / np.where(is_spread, dispersion - 1, 1)
    found: Real = np.where(
        is_spread,
        stats.nbinom.ppf(share, size, 1 / dispersion),
        stats.poisson.ppf(share, mean),
    )
    return found
