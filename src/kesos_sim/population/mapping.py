"""From rank to welfare: the table that turns scores of a month into living standards.

A household's welfare before help is the quantile of its rank, person-weighted,
among all people of its cell (province and area) in that month. Because the rank
is taken among those who are there, the cross-section of a cell stays what the
anchor says while households move through it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from kesos_sim.kernels.curves import curves_at_nodes, rank_edges
from kesos_sim.kernels.households import SCORE_NODES
from kesos_sim.population.targets import Targets

__all__ = ["CellRanks", "cumulative_ranks", "welfare_table"]

_SCORES = np.linspace(-7.0, 7.0, 1401)
_WHOLE = 0.999
_TOP = 0.98


class CellRanks:
    """Ranks among all people of a cell, also where only some of its districts are simulated.

    The simulated people of a cell are ranked among themselves. Where all of the
    cell is simulated that is their rank; elsewhere the rank follows from how the
    scores of the simulated strata lie in the mixture of all strata.
    """

    def __init__(self, targets: Targets):
        """Tabulate, for each cell that is simulated in part, own rank against rank in the cell."""
        strata, cells = targets.strata, targets.cells
        here = np.bincount(strata.cell, strata.population, cells.p0.size)
        self.simulated = here > 0
        self.partial = self.simulated & (here < _WHOLE * cells.population)
        self._own: dict[int, NDArray[np.float64]] = {}
        self._cell: dict[int, NDArray[np.float64]] = {}
        for cell in np.flatnonzero(self.partial).tolist():
            inside = strata.cell == cell
            weight = strata.population[inside] / strata.population[inside].sum()
            self._own[cell] = weight @ ndtr(_SCORES[None, :] - strata.shift[inside, None])
            self._cell[cell] = ndtr(targets.nesting.rank_score(cell, _SCORES))

    def of(self, cell: int, own: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ranks in the cell.

        Parameters
        ----------
        cell : index of the cell
        own : float64[n], share, rank among the simulated people of the cell

        Returns
        -------
        float64[n], share, rank among all people of the cell
        """
        if not self.partial[cell]:
            return own
        ranks: NDArray[np.float64] = np.interp(own, self._own[cell], self._cell[cell])
        return ranks


def cumulative_ranks(histogram: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the share of people below each edge of the score table.

    Parameters
    ----------
    histogram : int64[n_chunks, n_cells, SCORE_NODES], weighted persons, by score

    Returns
    -------
    float64[n_cells, SCORE_NODES + 1], share, from 0 to 1 (0 where a cell is empty)
    """
    ranks = np.empty((histogram.shape[1], histogram.shape[2] + 1))
    rank_edges(histogram, ranks)
    return ranks


def welfare_table(
    ranks: NDArray[np.float64], rank_grid: NDArray[np.float64], log_welfare: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return log welfare before help at each score, with the step to the next.

    In the top two percent, where a bin of scores holds a household or two, each
    bin gets the mean of the quantile function over its ranks. So the few richest
    always show the same living standards, whoever they are, and inequality does
    not jump from month to month with the place of one household.

    Parameters
    ----------
    ranks : float64[n_cells, SCORE_NODES + 1], share, people below each edge
    rank_grid : float64[n_rank], share, ranks at which the quantile function is known
    log_welfare : float64[n_cells, n_rank], log ratio, quantile function before help

    Returns
    -------
    float32[n_cells, SCORE_NODES, 2], log ratio, value at the edge and step to the next edge
    """
    table: NDArray[np.float32] = np.empty((ranks.shape[0], SCORE_NODES, 2), np.float32)
    edges = np.concatenate([[0.0], 0.5 * (rank_grid[:-1] + rank_grid[1:]), [1.0]])
    curves = np.ascontiguousarray(log_welfare)
    widths = np.zeros_like(curves)
    # Means are taken at the top only, and the piece in which it begins.
    top = max(int(np.searchsorted(edges, _TOP)) - 1, 0)
    widths[:, top:] = np.exp(curves[:, top:]) * np.diff(edges)[top:]
    curves_at_nodes(ranks, rank_grid, edges, curves, widths, _TOP, table)
    return table
