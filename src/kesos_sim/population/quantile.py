"""Curves of welfare by rank: the shared grid of ranks, the published shape, what is measured.

A curve is the logarithm of welfare at evenly spaced normal scores. Between two points it is a
straight line in the score; beyond the ends it is flat. Each point stands for the persons whose
score is nearest to it, so every integral over persons is one exact sum over points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr, ndtri

from kesos_sim.data import read_table

__all__ = [
    "AREAS",
    "RURAL",
    "URBAN",
    "Measures",
    "Parameters",
    "RankGrid",
    "measures",
    "rank_grid",
    "reference_curve",
    "weighted_gini",
]

Floats = NDArray[np.float64]
Parameters = Callable[[str], float]

URBAN: Final = 0
RURAL: Final = 1
AREAS: Final = ("urban", "rural")
"""Names of the areas in the tables, by code."""

PERCENT: Final = 100.0
_LOWEST_TAIL_PERCENTILES: Final = 5
"""The slope of the lowest percentiles (p1 to p5) continues below p1."""


@dataclass(frozen=True, slots=True)
class RankGrid:
    """Points at which every curve is known, and the persons each stands for.

    Attributes
    ----------
    score : float64[m], normal score, evenly spaced and symmetric around 0
    rank : float64[m], share of persons below the point
    width : float64[m], share of persons for whom the point stands; the sum is 1
    middle : float64[m], share of persons below the middle of those persons
    """

    score: Floats
    rank: Floats
    width: Floats
    middle: Floats

    @property
    def step(self) -> float:
        """Distance of two points in normal scores."""
        return float(self.score[1] - self.score[0])

    def average(self, value: Floats) -> Floats:
        """Average over persons, with sums that no number of threads changes.

        Parameters
        ----------
        value : float64[n, m], any unit, one value per curve and point

        Returns
        -------
        float64[n], unit of the values, average over persons
        """
        result: Floats = np.einsum("nm,m->n", value, self.width)
        return result


def rank_grid(parameters: Parameters) -> RankGrid:
    """Build the grid of ranks that all curves share.

    Parameters
    ----------
    parameters : callable
        Value of a parameter by id.

    Returns
    -------
    RankGrid
        ``population.rank_grid_points`` points, dense in rank at the bottom and the top.
    """
    points = round(parameters("population.rank_grid_points"))
    limit = parameters("population.rank_grid_limit")
    score = np.linspace(-limit, limit, points)
    inner = ndtr(0.5 * (score[1:] + score[:-1]))
    edges = np.concatenate([[0.0], inner, [1.0]])
    return RankGrid(score, ndtr(score), np.diff(edges), 0.5 * (edges[1:] + edges[:-1]))


def reference_curve(area: int, year: int, grid: RankGrid, parameters: Parameters) -> Floats:
    """Return the national shape of consumption in urban or rural areas.

    The percentiles p1 to p99 of the latest survey up to the year are joined by a monotone cubic
    in the normal score. Below p1 the slope between p1 and p5 goes on, above p99 a Pareto tail.

    Parameters
    ----------
    area : int
        0 urban, 1 rural.
    year : int
        No later survey is read.
    grid : RankGrid
        Ranks of the result.
    parameters : callable
        Value of a parameter by id.

    Returns
    -------
    float64[m], log of the ratio to the area's median, increasing
    """
    from scipy.interpolate import PchipInterpolator  # not needed where curves are kept

    table = read_table("consumption_percentiles").where(area=AREAS[area])
    latest = int(table["year"][table["year"] <= year].max())
    table = table.where(year=latest)
    order = np.argsort(table["percentile"])
    knots = ndtri(table["percentile"][order] / PERCENT)
    level = np.log(table["ratio_to_median"][order])
    curve = PchipInterpolator(knots, level)(np.clip(grid.score, knots[0], knots[-1]))
    fifth = _LOWEST_TAIL_PERCENTILES - 1
    slope = (level[fifth] - level[0]) / (knots[fifth] - knots[0])
    slope *= parameters("population.lower_tail_slope")
    curve += slope * np.minimum(grid.score - knots[0], 0.0)
    index = parameters(f"population.pareto_index_{AREAS[area]}")
    above = log_ndtr(-knots[-1]) - log_ndtr(-np.maximum(grid.score, knots[-1]))
    result: Floats = curve + above / index
    return result


@dataclass(frozen=True, slots=True)
class Measures:
    """Poverty and inequality of curves, person-weighted.

    Attributes
    ----------
    p0, p1, p2 : float64[n], percent, headcount, gap and severity after Foster, Greer, Thorbecke
    gini : float64[n], 0 to 1, Gini index
    mean : float64[n], ratio to the poverty line, mean welfare
    """

    p0: Floats
    p1: Floats
    p2: Floats
    gini: Floats
    mean: Floats


def measures(log_welfare: Floats, grid: RankGrid) -> Measures:
    """Measure curves.

    Parameters
    ----------
    log_welfare : float64[n, m], log of the ratio to the poverty line, increasing in rank
    grid : RankGrid
        Ranks of the points.

    Returns
    -------
    Measures
        One value per curve. The headcount is the rank at which the curve crosses the line.
    """
    welfare = np.exp(log_welfare)
    gap = np.maximum(1.0 - welfare, 0.0)
    mean = grid.average(welfare)
    gini = 2.0 * grid.average(welfare * grid.middle) / mean - 1.0
    return Measures(
        p0=PERCENT * _crossing(log_welfare, grid),
        p1=PERCENT * grid.average(gap),
        p2=PERCENT * grid.average(gap**2),
        gini=gini,
        mean=mean,
    )


def _crossing(log_welfare: Floats, grid: RankGrid) -> Floats:
    """Return the rank at which each curve crosses the poverty line."""
    below = (log_welfare < 0.0).sum(axis=1)
    inside = np.clip(below, 1, len(grid.score) - 1)
    rows = np.arange(len(log_welfare))
    low, high = log_welfare[rows, inside - 1], log_welfare[rows, inside]
    rise = np.where(high > low, high - low, 1.0)
    score = grid.score[inside - 1] - grid.step * low / rise
    rank = np.where(below == len(grid.score), 1.0, ndtr(score))
    return np.where(below == 0, 0.0, rank)


def weighted_gini(value: Floats, weight: Floats) -> float:
    """Return the Gini index of weighted values.

    Parameters
    ----------
    value : float64[...], any unit, not negative
    weight : float64[...], persons, same shape

    Returns
    -------
    float
        Gini index, 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> round(weighted_gini(np.array([1.0, 3.0]), np.array([1.0, 1.0])), 3)
    0.25
    """
    order = np.argsort(value, axis=None)
    values, weights = value.ravel()[order], weight.ravel()[order]
    middle = np.cumsum(weights) - 0.5 * weights
    money = values * weights
    return float(2.0 * (money * middle).sum() / (money.sum() * weights.sum()) - 1.0)
