"""From ranks to living standards: each cell's curve at every node of the score."""

from __future__ import annotations

import numba as nb
import numpy as np

__all__ = ["curves_at_nodes"]


@nb.njit(inline="always")
def _between(x, place, grid, values):  # type: ignore[no-untyped-def]
    """Interpolate on the piece that begins at ``place``, level beyond the ends."""
    if x <= grid[0]:
        return values[0]
    if x >= grid[-1]:
        return values[-1]
    part = (x - grid[place]) / (grid[place + 1] - grid[place])
    return values[place] + part * (values[place + 1] - values[place])


@nb.njit(parallel=True, cache=True, nogil=True, error_model="numpy")
def curves_at_nodes(ranks, grid, edges, curves, top, table):  # type: ignore[no-untyped-def]
    """Write log welfare before help at each node of the score, and the step to the next.

    Parameters
    ----------
    ranks : float64[n_cells, n_nodes + 1], share, people below each edge, rising
    grid : float64[n_rank], share, ranks at which the curves are known
    edges : float64[n_rank + 1], share, edges between those ranks, from 0 to 1
    curves : float64[n_cells, n_rank], log ratio, quantile functions before help
    top : float64, share, from here a node gets the mean of the curve over its ranks
    table : float32[n_cells, n_nodes, 2], log ratio, value and step, written
    """
    n_rank = grid.size
    for cell in nb.prange(ranks.shape[0]):
        curve = curves[cell]
        total = np.empty(n_rank + 1)
        total[0] = 0.0
        for place in range(n_rank):
            total[place + 1] = total[place] + np.exp(curve[place]) * (
                edges[place + 1] - edges[place]
            )
        on_grid, on_edges = 0, 0
        rank = ranks[cell, 0]
        value = _between(rank, 0, grid, curve)
        spent = 0.0
        for node in range(table.shape[1]):
            following = ranks[cell, node + 1]
            while on_grid < n_rank - 2 and grid[on_grid + 1] < following:
                on_grid += 1
            while on_edges < n_rank - 1 and edges[on_edges + 1] < following:
                on_edges += 1
            next_value = _between(following, on_grid, grid, curve)
            next_spent = _between(following, on_edges, edges, total)
            if rank > top and following > rank:
                mean = (next_spent - spent) / (following - rank)
                table[cell, node, 0] = np.float32(np.log(mean))
                table[cell, node, 1] = np.float32(0.0)
            else:
                table[cell, node, 0] = np.float32(value)
                table[cell, node, 1] = np.float32(next_value - value)
            rank, value, spent = following, next_value, next_spent
