"""How districts nest in the curve of their province and area.

The scores of a stratum are normal with spread 1 around its shift. A score's rank among all people
of the cell, and with it its welfare on the cell's curve, follows from the mixture of all strata of
the cell. Whatever the shifts are, the people of the cell together then have exactly the cell's
curve, and each stratum has its own poverty rate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from kesos_sim.population.quantile import PERCENT, Floats, RankGrid, weighted_gini
from kesos_sim.population.strata import Strata

__all__ = ["Nested", "Nesting", "measure", "measure_again", "mixture_gini", "nest"]

_REACH: Final = 1.0
"""Scores are followed this far beyond the ends of the rank grid, for shifted strata."""


@dataclass(frozen=True, slots=True)
class Nesting:
    """All strata of the cells, whether simulated or not.

    Attributes
    ----------
    cell : int32[n], index of the cell
    weight : float64[n], share of the persons of the cell
    shift : float64[n], normal score, centre of the stratum's scores
    relative_line : float64[n], ratio, poverty line over that of the cell
    """

    cell: NDArray[np.int32]
    weight: Floats
    shift: Floats
    relative_line: Floats

    def rank_score(self, cell: int, score: Floats) -> Floats:
        """Return the place of scores among all people of a cell.

        Parameters
        ----------
        cell : int
            Index of the cell.
        score : float64[k], normal score, score in the mixture

        Returns
        -------
        float64[k], normal score of the person rank in the cell
        """
        inside = self.cell == cell
        away = score[None, :] - self.shift[inside, None]
        below = np.einsum("s,sy->y", self.weight[inside], ndtr(away))
        above = np.einsum("s,sy->y", self.weight[inside], ndtr(-away))
        upper = below > above
        place: Floats = ndtri(np.where(upper, above, below))
        return np.where(upper, -place, place)

    def log_welfare(self, cell: int, score: Floats, grid: RankGrid, log_welfare: Floats) -> Floats:
        """Return the welfare that belongs to scores.

        Parameters
        ----------
        cell : int
            Index of the cell.
        score : float64[k], normal score, score in the mixture
        grid : RankGrid
            Ranks of the cell's curve.
        log_welfare : float64[n_cells, m], log of the ratio to the poverty line, curves

        Returns
        -------
        float64[k], log of the ratio to the poverty line
        """
        place = self.rank_score(cell, score)
        value: Floats = np.interp(place, grid.score, log_welfare[cell])
        return value


@dataclass(frozen=True, slots=True)
class Nested:
    """What the nested strata imply.

    Attributes
    ----------
    p0, p1, p2 : float64[n_strata], percent, poverty of each stratum
    gini : float64[n_cells], 0 to 1, Gini index of expenditure in rupiah
    mean : float64[n_cells], ratio to the cell's line, mean expenditure
    spending : float64[n_cells, k], ratio to the cell's line, mean expenditure of groups of people
        in ascending order
    persons : float64[n_cells, k], share of the cell, people in those groups
    """

    p0: Floats
    p1: Floats
    p2: Floats
    gini: Floats
    mean: Floats
    spending: Floats
    persons: Floats


def nest(strata: Strata) -> Nesting:
    """Describe how strata share their cells.

    Parameters
    ----------
    strata : Strata
        All strata of their cells.

    Returns
    -------
    Nesting
        Weights within cells, shifts and lines.
    """
    total = np.bincount(strata.cell, weights=strata.population)
    weight = strata.population / total[strata.cell]
    return Nesting(strata.cell, weight, strata.shift, strata.relative_line)


def measure(nesting: Nesting, grid: RankGrid, log_welfare: Floats) -> Nested:
    """Measure strata and the spread of expenditure in cells.

    Parameters
    ----------
    nesting : Nesting
        All strata of the cells.
    grid : RankGrid
        Ranks of the curves.
    log_welfare : float64[n_cells, m], log of the ratio to the poverty line, curves of the cells

    Returns
    -------
    Nested
        Poverty by stratum; Gini and mean of expenditure by cell. Expenditure is welfare times the
        line of the stratum, so it is more unequal than welfare where rich districts have high
        lines.
    """
    nested = Nested(
        *np.empty((3, len(nesting.cell))),
        *np.empty((2, len(log_welfare))),
        *np.empty((2, len(log_welfare), len(grid.score))),
    )
    measure_again(nested, nesting, grid, log_welfare, range(len(log_welfare)))
    return nested


def measure_again(
    nested: Nested, nesting: Nesting, grid: RankGrid, log_welfare: Floats, cells: Iterable[int]
) -> None:
    """Measure some cells again after their curves have changed.

    Parameters
    ----------
    nested : Nested
        Earlier result; the entries of the cells and of their strata are replaced.
    nesting : Nesting
        All strata of the cells.
    grid : RankGrid
        Ranks of the curves.
    log_welfare : float64[n_cells, m], log of the ratio to the poverty line, curves of all cells
    cells : iterable of int
        Indices of the changed cells.
    """
    reach = grid.score[-1] + _REACH
    score = np.arange(-reach, reach + grid.step, grid.step)
    edges = np.concatenate([[-np.inf], score[:-1] + 0.5 * grid.step, [np.inf]])
    for cell in cells:
        inside = nesting.cell == cell
        place = nesting.rank_score(cell, score)
        log_value = np.interp(place, grid.score, log_welfare[cell])
        share = np.diff(ndtr(edges[None, :] - nesting.shift[inside, None]), axis=1)
        gap = np.maximum(1.0 - np.exp(log_value), 0.0)
        crossing = np.interp(np.interp(0.0, log_welfare[cell], grid.score), place, score)
        nested.p0[inside] = PERCENT * ndtr(crossing - nesting.shift[inside])
        nested.p1[inside] = PERCENT * np.einsum("sy,y->s", share, gap)
        nested.p2[inside] = PERCENT * np.einsum("sy,y->s", share, gap**2)
        value = np.outer(nesting.relative_line[inside], np.exp(log_value))
        spending, persons = _grouped(value, nesting.weight[inside, None] * share, grid)
        nested.spending[cell], nested.persons[cell] = spending, persons
        nested.gini[cell] = weighted_gini(spending, persons)
        nested.mean[cell] = np.einsum("k,k->", spending, persons)


def _grouped(value: Floats, weight: Floats, grid: RankGrid) -> tuple[Floats, Floats]:
    """Sort people by value and join neighbours into groups, about as wide as those of the grid."""
    order = np.argsort(value, axis=None)
    weights = weight.ravel()[order]
    money = weights * value.ravel()[order]
    upper = np.cumsum(grid.width)[:-1]
    starts = np.searchsorted(np.cumsum(weights), upper * weights.sum())
    edges = np.concatenate([[0], starts, [len(weights)]])
    sums = np.zeros((2, len(edges)))
    sums[:, 1:] = np.stack([np.cumsum(weights), np.cumsum(money)])[:, edges[1:] - 1]
    sums[:, edges == 0] = 0.0
    persons, total = np.diff(sums, axis=1)
    mean = np.divide(total, persons, out=np.zeros_like(total), where=persons > 0.0)
    return np.maximum.accumulate(mean), persons


def mixture_gini(nested: Nested, cells: NDArray[np.int64], scale: Floats, people: Floats) -> float:
    """Return the Gini index of expenditure of several cells together.

    Parameters
    ----------
    nested : Nested
        What the strata imply.
    cells : int64[k], index of the cells
    scale : float64[k], rupiah per person per month, what one unit of their spending is worth
    people : float64[k], persons in them

    Returns
    -------
    float
        Gini index, 0 to 1.
    """
    value = scale[:, None] * nested.spending[cells]
    return weighted_gini(value, people[:, None] * nested.persons[cells])
