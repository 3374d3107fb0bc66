"""Bins of consumption: 32 of equal width in each doubling, over 20 doublings."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.bins import WELFARE_BINS, bin_of, welfare_bin_centres

EDGES = (2.0 ** np.arange(-6, 14)[:, None] * (1.0 + np.arange(32) / 32.0)).ravel()


@nb.njit
def bins_of(levels, found):  # type: ignore[no-untyped-def]
    """Write the bin of each level: kernels alone call what is put into them."""
    for place in range(levels.size):
        found[place] = bin_of(levels[place])


def test_middles_are_those_of_the_edges() -> None:
    assert EDGES.size == WELFARE_BINS
    edges = np.append(EDGES, 2.0**14)
    np.testing.assert_array_equal(welfare_bin_centres(), (edges[1:] + edges[:-1]) / 2.0)


def test_a_level_is_in_the_bin_between_whose_edges_it_lies() -> None:
    """Just below, on and just above every edge, and far beyond both ends."""
    on = EDGES.astype(np.float32)
    below, above = np.nextafter(on, np.float32(0)), np.nextafter(on, np.float32(1e9))
    levels = np.concatenate([on, below, above, np.array([0.0, 1e-9, 2.0**14, 1e9], np.float32)])
    found = np.empty(levels.size, np.int32)
    bins_of(levels, found)
    expected = np.searchsorted(EDGES, levels.astype(np.float64), side="right") - 1
    np.testing.assert_array_equal(found, np.clip(expected, 0, WELFARE_BINS - 1))
