"""From ranks to living standards: each cell's curve at every node of the score.

There are some dozens of cells: waking a second thread takes longer than doing its part.
"""

from __future__ import annotations

import numba as nb
import numpy as np

__all__ = ["curves_at_nodes", "rank_edges"]


@nb.njit(forceinline=True)
def _between(x, place, grid, values):  # type: ignore[no-untyped-def]
    """Interpolate on the piece that begins at ``place``, level beyond the ends."""
    if x <= grid[0]:
        return values[0]
    if x >= grid[-1]:
        return values[-1]
    part = (x - grid[place]) / (grid[place + 1] - grid[place])
    return values[place] + part * (values[place + 1] - values[place])


@nb.njit(cache=True, nogil=True, error_model="numpy")
def rank_edges(histogram, ranks):  # type: ignore[no-untyped-def]
    """Write the share of people below each edge of the bins of the score.

    Parameters
    ----------
    histogram : int64[n_chunks, n_cells, n_nodes], weighted persons, by score
    ranks : float64[n_cells, n_nodes + 1], share, from 0 to 1 (0 where a cell is empty), written

    Examples
    --------
    >>> import numpy as np
    >>> ranks = np.zeros((1, 4))
    >>> rank_edges(np.array([[[1, 2, 1]]]), ranks)
    >>> ranks.tolist()
    [[0.0, 0.25, 0.75, 1.0]]
    """
    for cell in range(histogram.shape[1]):
        below = ranks[cell]
        people = np.zeros(histogram.shape[2], np.int64)
        for chunk in range(histogram.shape[0]):
            own = histogram[chunk, cell]
            for place in range(people.size):
                people[place] += own[place]
        running = np.int64(0)
        below[0] = 0.0
        for place in range(people.size):
            running += people[place]
            below[place + 1] = np.float64(running)
        for place in range(below.size):
            below[place] = below[place] / np.float64(max(running, np.int64(1)))


@nb.njit(cache=True, nogil=True, error_model="numpy")
def curves_at_nodes(ranks, grid, edges, curves, widths, top, table):  # type: ignore[no-untyped-def]
    """Write log welfare before help at each node of the score, and the step to the next.

    Parameters
    ----------
    ranks : float64[n_cells, n_nodes + 1], share, people below each edge, rising
    grid : float64[n_rank], share, ranks at which the curves are known
    edges : float64[n_rank + 1], share, edges between those ranks, from 0 to 1
    curves : float64[n_cells, n_rank], log ratio, quantile functions before help
    widths : float64[n_cells, n_rank], ratio, welfare at each rank times the width of its piece
    top : float64, share, from here a node gets the mean of the curve over its ranks
    table : float32[n_cells, n_nodes, 2], log ratio, value and step, written
    """
    n_rank = grid.size
    for cell in range(ranks.shape[0]):
        curve = curves[cell]
        total = np.empty(n_rank + 1)
        total[0] = 0.0
        for place in range(n_rank):
            total[place + 1] = total[place] + widths[cell, place]
        on_grid, on_edges = 0, 0
        rank = ranks[cell, 0]
        value = _between(rank, 0, grid, curve)
        spent = 0.0
        for node in range(table.shape[1]):
            following = ranks[cell, node + 1]
            if following == rank:
                # Nobody has such a score: the curve stands where it stood.
                table[cell, node, 0] = np.float32(value)
                table[cell, node, 1] = np.float32(0.0)
                continue
            while on_grid < n_rank - 2 and grid[on_grid + 1] < following:
                on_grid += 1
            next_value = _between(following, on_grid, grid, curve)
            next_spent = 0.0
            if following > top:
                while on_edges < n_rank - 1 and edges[on_edges + 1] < following:
                    on_edges += 1
                next_spent = _between(following, on_edges, edges, total)
            if rank > top:
                mean = (next_spent - spent) / (following - rank)
                table[cell, node, 0] = np.float32(np.log(mean))
                table[cell, node, 1] = np.float32(0.0)
            else:
                table[cell, node, 0] = np.float32(value)
                table[cell, node, 1] = np.float32(next_value - value)
            rank, value, spent = following, next_value, next_spent
