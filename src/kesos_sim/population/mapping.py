"""From rank to welfare: the table that turns scores of a month into living standards.

A household's welfare before help is the quantile of its rank, person-weighted,
among all people of its cell (province and area) in that month. Because the rank
is taken among those who are there, the cross-section of a cell stays what the
anchor says while households move through it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.households import SCORE_NODES

__all__ = ["cumulative_ranks", "welfare_table"]


def cumulative_ranks(histogram: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the share of people below each edge of the score table.

    Parameters
    ----------
    histogram : int64[n_chunks, n_cells, SCORE_NODES], weighted persons, by score

    Returns
    -------
    float64[n_cells, SCORE_NODES + 1], share, from 0 to 1 (uniform where a cell is empty)
    """
    counts = histogram.sum(axis=0)
    total = counts.sum(axis=1, keepdims=True)
    edges = np.zeros((counts.shape[0], SCORE_NODES + 1))
    np.cumsum(counts, axis=1, out=edges[:, 1:])
    return np.divide(edges, total, out=np.zeros_like(edges), where=total > 0)


def welfare_table(
    ranks: NDArray[np.float64], rank_grid: NDArray[np.float64], log_welfare: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return log welfare before help at each score, with the step to the next.

    Parameters
    ----------
    ranks : float64[n_cells, SCORE_NODES + 1], share, people below each edge
    rank_grid : float64[n_rank], share, ranks at which the quantile function is known
    log_welfare : float64[n_cells, n_rank], log ratio, quantile function before help

    Returns
    -------
    float32[n_cells, SCORE_NODES, 2], log ratio, value at the edge and step to the next edge
    """
    table: NDArray[Any] = np.empty((ranks.shape[0], SCORE_NODES, 2), np.float32)
    for cell in range(ranks.shape[0]):
        value = np.interp(ranks[cell], rank_grid, log_welfare[cell])
        table[cell, :, 0] = value[:-1]
        table[cell, :, 1] = np.diff(value)
    return table
