"""Mobility that the welfare process implies, without simulating anything.

The score of a household is ``z = sqrt(pi) a + sqrt(1 - pi - tau) p + sqrt(tau) e``: permanent,
persistent and transitory parts, all normal. Two scores ``k`` years apart are therefore bivariate
normal with correlation ``pi + (1 - pi - tau) rho^k + tau r^(12 k)``, and every statistic of
poverty spells is a normal orthant probability. Statistics that need amounts (gaps, means) are
integrals over the quantile function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.polynomial.legendre import leggauss
from scipy.special import ndtr, ndtri

from kesos_sim.indicators.mobility import BOTTOM_SHARE, TOP_FROM
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["WelfareProcess", "expected_mobility", "process_of"]

Floats = npt.NDArray[np.float64]
Parameters = Callable[[str], float]

_GRID: Final = 401
_REACH: Final = 7.0
"""Nodes and reach, in standard deviations, of the integrals over two scores."""

_NODES: Final = 160
_ROOT_TWO_PI: Final = float(np.sqrt(2.0 * np.pi))


@dataclass(frozen=True, slots=True)
class WelfareProcess:
    """Parts of the welfare score.

    Parameters
    ----------
    permanent : float
        Share of variance that never changes.
    transitory : float
        Share of variance that fades within months.
    persistence_yearly : float
        Correlation of the persistent part a year apart.
    transitory_persistence_monthly : float
        Correlation of the transitory part a month apart.
    """

    permanent: float
    transitory: float
    persistence_yearly: float
    transitory_persistence_monthly: float

    def correlation(self, years: float) -> float:
        """Return the correlation of two scores.

        Parameters
        ----------
        years : float
            Years between them.

        Returns
        -------
        float
            Correlation, 1 at distance 0.
        """
        persistent = 1.0 - self.permanent - self.transitory
        fading = self.transitory_persistence_monthly ** (MONTHS_PER_YEAR * years)
        return float(
            self.permanent + persistent * self.persistence_yearly**years + self.transitory * fading
        )


def process_of(parameters: Parameters) -> WelfareProcess:
    """Return the process with the parameters of a scenario.

    Parameters
    ----------
    parameters : callable
        Value of a parameter by its id (``household.*``).

    Returns
    -------
    WelfareProcess
        The process.
    """
    return WelfareProcess(
        permanent=parameters("household.permanent_share"),
        transitory=parameters("household.transitory_share"),
        persistence_yearly=parameters("household.persistence_yearly"),
        transitory_persistence_monthly=parameters("household.transitory_persistence_monthly"),
    )


def expected_mobility(
    process: WelfareProcess,
    rates: Sequence[float],
    near_rates: Sequence[float],
    welfare: Callable[[Floats], Floats],
) -> dict[str, float]:
    """Compute what a panel of three yearly waves shows if nothing but the process moves.

    Parameters
    ----------
    process : WelfareProcess
        Parts of the score.
    rates, near_rates : sequence of float
        Share below the poverty line and below the line of near poverty in each wave, 0 to 1.
    welfare : callable
        Welfare in any unit at a score (float64[n] to float64[n]); rising.

    Returns
    -------
    dict of str to float
        Statistics with the names of `kesos_sim.indicators.mobility.STATISTICS`; the risk at the
        vulnerability line and what needs more waves are left out.
    """
    first, middle, last = (float(z) for z in ndtri(np.asarray(rates)))
    one, two = process.correlation(1.0), process.correlation(2.0)
    stayed = _both_below(middle, last, one)
    both = _both_below(first, last, two)
    bottom, top = float(ndtri(BOTTOM_SHARE)), float(ndtri(TOP_FROM))
    return {
        "poor_two_years_before": both / rates[2],
        "left_within_a_year": 1.0 - stayed / rates[1],
        "newly_poor": 1.0 - stayed / rates[2],
        "entered_within_a_year": (rates[2] - stayed) / (1.0 - rates[1]),
        "poor_both_years": both,
        "up_from_bottom_three": 1.0 - _both_below(bottom, bottom, two) / BOTTOM_SHARE,
        "down_from_top_six": (TOP_FROM - _both_below(top, top, two)) / (1.0 - TOP_FROM),
        "ever_poor": _ever_below(rates, one, two),
        "ever_near_poor": _ever_below(near_rates, one, two),
        **_components(two, (first, last), welfare),
        **_correlations(process, welfare),
    }


def _both_below(first: float, second: float, correlation: float) -> float:
    """Probability that two normal scores both lie below their limits."""
    x, mass = _normal_nodes(-_REACH, first)
    return float(mass @ ndtr((second - correlation * x) / np.sqrt(1.0 - correlation**2)))


def _ever_below(rates: Sequence[float], one: float, two: float) -> float:
    """Probability that at least one of three scores lies below its limit."""
    first, middle, last = (float(z) for z in ndtri(np.asarray(rates)))
    x, mass = _normal_nodes(first, _REACH)
    rest = np.sqrt(1.0 - one**2)
    y, height = _nodes(middle, _REACH)
    density = np.exp(-0.5 * ((y - one * x[:, None]) / rest) ** 2) / (rest * _ROOT_TWO_PI)
    to_first, to_middle = np.linalg.solve([[1.0, one], [one, 1.0]], [two, one])
    mean = to_first * x[:, None] + to_middle * y
    step = np.sqrt(1.0 - to_first * two - to_middle * one)
    above = float(mass @ (density * ndtr((mean - last) / step)) @ height)
    return 1.0 - above


def _components(
    correlation: float, limits: tuple[float, float], welfare: Callable[[Floats], Floats]
) -> dict[str, float]:
    """Chronic shares of the component approach for two waves."""
    z, mass = _normal_grid()
    first = welfare(z) / welfare(np.array([limits[0]]))
    conditional_step = np.sqrt(1.0 - correlation**2)
    last = welfare((correlation * z[:, None] + conditional_step * z).ravel())
    last = last.reshape(len(z), len(z)) / welfare(np.array([limits[1]]))
    mean = 0.5 * (first[:, None] + last)
    # The share below is exact in the second score: what must the second wave reach at least?
    needed = 2.0 - first
    reach = np.interp(needed, welfare(z) / welfare(np.array([limits[1]])), z, left=-np.inf)
    below = float(mass @ ndtr((reach - correlation * z) / conditional_step))

    def gap(ratio: Floats, power: int) -> Floats:
        return np.maximum(1.0 - ratio, 0.0) ** power

    def chronic(power: int) -> float:
        total = 0.5 * (mass @ gap(first, power) + mass @ (gap(last, power) @ mass))
        return float(mass @ (gap(mean, power) @ mass) / total)

    return {
        "mean_below_line": below,
        "chronic_gap_share": chronic(1),
        "chronic_severity_share": chronic(2),
    }


def _correlations(process: WelfareProcess, welfare: Callable[[Floats], Floats]) -> dict[str, float]:
    """Correlations of log welfare, which differ from those of scores if welfare bends."""
    z, mass = _normal_grid()
    log_welfare = np.log(welfare(z))
    log_welfare = log_welfare - mass @ log_welfare
    variance = mass @ log_welfare**2
    found = {}
    for name, years in (("one_year", 1.0), ("two_years", 2.0), ("ten_years", 10.0)):
        r = process.correlation(years)
        after = np.interp(r * z[:, None] + np.sqrt(1.0 - r**2) * z, z, log_welfare)
        found[f"correlation_{name}"] = float((mass * log_welfare) @ (after @ mass) / variance)
    return found


def _normal_grid() -> tuple[Floats, Floats]:
    """Return nodes and masses of a standard normal on an even grid."""
    z = np.linspace(-_REACH, _REACH, _GRID)
    mass = np.exp(-0.5 * z**2)
    return z, mass / mass.sum()


def _nodes(low: float, high: float) -> tuple[Floats, Floats]:
    """Return nodes and weights of Gauss and Legendre between two limits."""
    x, weight = leggauss(_NODES)
    half = 0.5 * (high - low)
    return low + half * (x + 1.0), half * weight


def _normal_nodes(low: float, high: float) -> tuple[Floats, Floats]:
    """Return nodes between two limits with the mass of a standard normal at each."""
    x, weight = _nodes(low, high)
    return x, weight * np.exp(-0.5 * x**2) / _ROOT_TWO_PI
