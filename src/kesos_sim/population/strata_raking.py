"""Spreading known totals over parts: populations, urban shares and poor persons of districts.

Three small problems with one solution each: the populations nearest to a prior (least
Kullback-Leibler divergence) that average to a known rate; the urban shares nearest to a prior (one
shift of all log odds) that add up to a known number; and the poor persons by area that have the
known sums by district and by area and no further interaction (one odds ratio for all districts),
which is the limit of iterative proportional fitting.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit

from kesos_sim.population.quantile import Floats

__all__ = ["poor_by_area", "rates_with_mean", "shares_with_total", "tilted"]

_TINY: Final = 1e-13
_LARGEST_LOG_ODDS: Final = 60.0
_LARGEST_ODDS_RATIO: Final = 18.0
"""Logarithm of the odds ratio at which one area holds all the poor it can."""


def tilted(prior: Floats, rate: Floats, mean: float, total: float) -> tuple[Floats, bool]:
    """Return the populations nearest to a prior that average to a known rate.

    Parameters
    ----------
    prior : float64[n], persons, positive, known up to a common factor
    rate : float64[n], percent, rate of each part
    mean : float
        Percent, rate of the whole.
    total : float
        Persons in the whole.

    Returns
    -------
    population : float64[n], persons, sum is `total`, proportional to ``prior * exp(c * rate)``
    met : bool
        False if no weights can give that mean; then the prior is only scaled.
    """
    share = prior / prior.sum()
    off = rate - mean
    spread = float(np.ptp(rate))
    reachable = off.min() < 0.0 < off.max()
    if not reachable:
        return share * total, bool(abs(float(share @ off)) <= _TINY)

    def miss(exponent: float) -> float:
        log_weight = exponent * off / spread
        weight = share * np.exp(log_weight - log_weight.max())
        return float(weight @ off / weight.sum())

    exponent = _root(miss)
    log_weight = exponent * off / spread
    weight = share * np.exp(log_weight - log_weight.max())
    return weight * (total / weight.sum()), True


def rates_with_mean(rate: Floats, weight: Floats, mean: float) -> Floats:
    """Shift the log odds of all rates by one amount until they average to a known rate.

    Parameters
    ----------
    rate : float64[n], share, between 0 and 1 (exclusive)
    weight : float64[n], persons, positive
    mean : float
        Share, rate of the whole, between 0 and 1 (exclusive).

    Returns
    -------
    float64[n], share, rates whose weighted mean is `mean`

    Examples
    --------
    >>> import numpy as np
    >>> found = rates_with_mean(np.array([0.05, 0.15]), np.array([1.0, 1.0]), 0.12)
    >>> bool(found[0] < found[1]), round(float(found.mean()), 6)
    (True, 0.12)
    """
    return shares_with_total(logit(rate), weight, mean * float(weight.sum()))


def shares_with_total(prior: Floats, weight: Floats, total: float) -> Floats:
    """Shift the log odds of all shares by one amount until they add up to a known number.

    Parameters
    ----------
    prior : float64[n], log odds, share of each part before the shift
    weight : float64[n], persons, positive
    total : float
        Persons in all the shares together.

    Returns
    -------
    float64[n], share, between 0 and 1; all 0 or all 1 if the number is not inside

    Examples
    --------
    >>> import numpy as np
    >>> weight = np.array([2.0, 1.0])
    >>> found = shares_with_total(np.array([0.3, 0.6]), weight, 1.5)
    >>> round(float(found @ weight), 6)
    1.5
    """
    everyone = float(weight.sum())
    if total <= 0.0 or total >= everyone:
        return np.full(len(prior), 0.0 if total <= 0.0 else 1.0)

    def miss(shift: float) -> float:
        return float(weight @ expit(prior + shift)) / everyone - total / everyone

    share: Floats = expit(prior + _root(miss, float(np.ptp(prior)) + _LARGEST_LOG_ODDS))
    return share


def poor_by_area(
    urban: Floats, rural: Floats, rate: Floats, urban_poor: float
) -> tuple[Floats, Floats, float]:
    """Split the rate of each district into an urban and a rural rate.

    Parameters
    ----------
    urban, rural : float64[n], persons, population of the two areas of each district
    rate : float64[n], share, rate of each district, between 0 and 1 (exclusive)
    urban_poor : float
        Poor persons in all urban areas together.

    Returns
    -------
    urban_rate, rural_rate : float64[n], share, between 0 and 1, averaging to `rate`
    odds_ratio : float
        Urban odds over rural odds, the same in all districts.

    Notes
    -----
    If no odds ratio gives that number (it lies outside what district totals allow), the nearest
    one is used and the urban poor add up to less or more than wanted.
    """
    share = urban / (urban + rural)
    scale = float((urban + rural).sum())

    def miss(log_ratio: float) -> float:
        urban_rate, _ = _split(share, rate, log_ratio)
        return (float(urban @ urban_rate) - urban_poor) / scale

    low, high = -_LARGEST_ODDS_RATIO, _LARGEST_ODDS_RATIO
    if miss(low) >= 0.0:
        log_ratio = low
    elif miss(high) <= 0.0:
        log_ratio = high
    else:
        log_ratio = float(brentq(miss, low, high, xtol=_TINY))
    urban_rate, rural_rate = _split(share, rate, log_ratio)
    return urban_rate, rural_rate, float(np.exp(log_ratio))


def _split(share: Floats, rate: Floats, log_ratio: float) -> tuple[Floats, Floats]:
    """Return urban and rural rates with a given odds ratio and a given mean.

    The rural rate q solves ``share * p + (1 - share) * q = rate`` with the urban rate
    ``p = r q / (1 - q + r q)``, a quadratic whose root is written without cancellation.
    """
    ratio = np.exp(log_ratio)
    excess = ratio - 1.0
    square = (1.0 - share) * excess
    linear = share * ratio + 1.0 - share - rate * excess
    rural = 2.0 * rate / (linear + np.sqrt(linear**2 + 4.0 * square * rate))
    urban = ratio * rural / (1.0 + excess * rural)
    return urban, rural


def _root(miss: Callable[[float], float], reach: float = 1.0) -> float:
    """Find where a monotone function is zero, looking further out until it changes sign."""
    while miss(-reach) * miss(reach) > 0.0:
        reach *= 2.0
    return float(brentq(miss, -reach, reach, xtol=_TINY))
