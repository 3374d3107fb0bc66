"""Curves at the nodes of the score: numpy's own interpolation says the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kesos_sim.kernels.curves import curves_at_nodes, rank_edges


@given(seed=st.integers(0, 2**32 - 1), chunks=st.integers(1, 3), cells=st.integers(1, 4))
def test_ranks_are_shares_of_people(seed: int, chunks: int, cells: int) -> None:
    chance = np.random.default_rng(seed)
    histogram = chance.integers(0, 9, (chunks, cells, 6))
    histogram[:, 0] *= chance.integers(0, 2)
    people = histogram.sum(axis=0)
    total = np.maximum(people.sum(axis=1, keepdims=True), 1)
    expected = np.pad(people.cumsum(axis=1), ((0, 0), (1, 0))) / total
    ranks = np.full((cells, 7), np.nan)
    rank_edges(histogram, ranks)
    np.testing.assert_array_equal(ranks, expected)


def reference(
    ranks: NDArray[np.float64],
    grid: NDArray[np.float64],
    edges: NDArray[np.float64],
    curve: NDArray[np.float64],
    width: NDArray[np.float64],
    top: float,
) -> NDArray[np.float64]:
    """Return value and step at the nodes of one cell, node by node: float64[n_nodes, 2]."""
    total = np.concatenate([[0.0], np.cumsum(width)])
    found = []
    for here, following in pairwise(ranks.tolist()):
        value, following_value = np.interp([here, following], grid, curve)
        if here > top and following > here:
            below, up_to = np.interp([here, following], edges, total)
            found.append([np.log((up_to - below) / (following - here)), 0.0])
        else:
            found.append([value, following_value - value])
    return np.array(found)


@given(seed=st.integers(0, 2**32 - 1), nodes=st.integers(1, 30), top=st.sampled_from([0.0, 0.6, 1]))
def test_curves_are_interpolated_and_at_the_top_averaged(seed: int, nodes: int, top: float) -> None:
    """Many nodes in a piece, and pieces without a node; empty nodes; both ends."""
    chance = np.random.default_rng(seed)
    cells, n = 2, int(chance.integers(2, 9))
    grid = np.sort(chance.uniform(0.02, 0.98, n))
    edges = np.concatenate([[0.0], 0.5 * (grid[:-1] + grid[1:]), [1.0]])
    curves = np.sort(chance.normal(size=(cells, n)), axis=1)
    widths = np.exp(curves) * np.diff(edges)
    ranks = np.sort(chance.integers(0, 2, (cells, nodes + 1)) * chance.random((cells, nodes + 1)))
    ranks[:, 0], ranks[0, -1], ranks[1, -1] = 0.0, 1.0, grid[-1]
    ranks = np.sort(ranks, axis=1)
    table = np.full((cells, nodes, 2), np.nan, np.float32)
    curves_at_nodes(ranks, grid, edges, curves, widths, float(top), table)
    for cell in range(cells):
        expected = reference(ranks[cell], grid, edges, curves[cell], widths[cell], top)
        np.testing.assert_allclose(table[cell], expected, rtol=2e-6, atol=2e-6)


def test_one_curve_by_hand() -> None:
    """Ranks 0.2, 0.4, 0.8 and the end; the mean above 0.5 is that of the pieces it covers."""
    grid, edges = np.array([0.25, 0.75]), np.array([0.0, 0.5, 1.0])
    curves, widths = np.array([[1.0, 3.0]]), np.array([[0.5, 2.0]])
    table = np.empty((1, 3, 2), np.float32)
    curves_at_nodes(np.array([[0.2, 0.4, 0.8, 1.0]]), grid, edges, curves, widths, 0.5, table)
    mean = np.log(2.0 / 0.5)
    np.testing.assert_allclose(table[0], [[1.0, 0.6], [1.6, 1.4], [mean, 0.0]], rtol=1e-6)
