"""From scores to ranks to welfare: the cross-section stays what the table says."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.data.parameters import parameter_table
from kesos_sim.data.regions import expand_region
from kesos_sim.kernels.households import SCORE_HIGH, SCORE_LOW, SCORE_NODES
from kesos_sim.population.mapping import CellRanks, cumulative_ranks, welfare_table
from kesos_sim.population.targets import Targets, published_targets
from kesos_sim.units import Month

GRID = np.linspace(1e-6, 1 - 1e-6, 801)


@cache
def targets(*districts: int) -> Targets:
    return published_targets(districts, Month(2024, 3), lambda name: parameter_table()[name].value)


@given(data=st.data(), n_chunks=st.integers(1, 4), n_cells=st.integers(1, 3))
def test_ranks_are_shares_of_people_below(data, n_chunks, n_cells):
    seed = data.draw(st.integers(0, 2**32 - 1))
    chance = np.random.default_rng(seed)
    counts = chance.integers(0, 10**12, (n_chunks, n_cells, SCORE_NODES))
    counts[:, 0] = 0 if n_cells > 1 else counts[:, 0]
    ranks = cumulative_ranks(counts)
    assert ranks.shape == (n_cells, SCORE_NODES + 1)
    for cell in range(n_cells):
        people = counts[:, cell].sum(axis=0)
        if not people.any():
            assert not ranks[cell].any()
            continue
        assert (ranks[cell, 0], ranks[cell, -1]) == (0.0, 1.0)
        assert np.all(np.diff(ranks[cell]) >= 0.0)
        for node in (1, SCORE_NODES // 2, SCORE_NODES - 1):
            below = int(people[:node].sum()) / int(people.sum())
            assert ranks[cell, node] == pytest.approx(below, rel=1e-12)


def test_counts_of_a_whole_nation_stay_exact():
    """Weighted persons of 280 million people add up without rounding."""
    whole = 280_000_000 * (1 << 16)
    counts = np.zeros((1, 1, SCORE_NODES), np.int64)
    counts[0, 0, 10], counts[0, 0, 700] = whole - 1, 1
    ranks = cumulative_ranks(counts)
    assert ranks[0, 11] == (whole - 1) / whole < 1.0
    assert ranks[0, 701] == 1.0


def test_table_gives_every_score_the_welfare_of_its_rank():
    """Looked up and stepped along, as the kernel does, the table is the quantile function."""
    scores = np.random.default_rng(3).normal(0.0, 1.0, 400_000)
    edges = np.linspace(SCORE_LOW, SCORE_HIGH, SCORE_NODES + 1)
    counts = np.histogram(scores, edges)[0][None, None]
    curve = (0.7 * np.sqrt(GRID) + 0.4 * GRID**4)[None]
    table = welfare_table(cumulative_ranks(counts), GRID, curve)
    assert table.dtype == np.float32
    place = (scores - SCORE_LOW) * SCORE_NODES / (SCORE_HIGH - SCORE_LOW)
    node = place.astype(int)
    value = table[0, node, 0] + (place - node) * table[0, node, 1]
    order = np.argsort(scores)
    truth = np.interp((np.arange(scores.size) + 0.5) / scores.size, GRID, curve[0])
    assert np.abs(value[order] - truth)[100:-100].max() < 2e-3
    assert np.all(np.diff(value[order]) >= -1e-6)


@given(seed=st.integers(0, 2**32 - 1), growth=st.floats(-0.5, 0.5))
def test_growth_of_a_rank_moves_the_table_by_as_much(seed, growth):
    counts = np.random.default_rng(seed).integers(0, 1000, (2, 1, SCORE_NODES))
    ranks, curve = cumulative_ranks(counts), np.log(0.2 + GRID)[None]
    before, after = (welfare_table(ranks, GRID, curve + shift) for shift in (0.0, growth))
    np.testing.assert_allclose(after[..., 0] - before[..., 0], growth, atol=1e-6)
    np.testing.assert_allclose(after[..., 1], before[..., 1], atol=1e-6)


def test_where_a_whole_cell_is_simulated_ranks_are_its_own():
    found = CellRanks(targets(*expand_region("34")))
    assert not found.partial.any()
    own = np.linspace(0, 1, 9)
    for cell in np.flatnonzero(found.simulated):
        np.testing.assert_array_equal(found.of(int(cell), own), own)


@pytest.mark.parametrize("district", [3403, 3471])
def test_a_part_of_a_cell_is_placed_in_the_whole(district):
    """Its ranks rise from 0 to 1; a poorer district stands lower than its own ranks say."""
    here = targets(district)
    found = CellRanks(here)
    assert found.partial.any()
    own = np.linspace(0.001, 0.999, 201)
    for cell in np.flatnonzero(found.partial):
        ranks = found.of(int(cell), own)
        assert np.all(np.diff(ranks) > 0.0)
        assert ranks.min() >= 0.0
        assert ranks.max() <= 1.0
        strata = here.strata.cell == cell
        poorer = here.strata.p0[strata].mean() > here.cells.p0[cell]
        assert (ranks.mean() < own.mean()) == poorer


@pytest.mark.slow
def test_parts_of_a_cell_fill_the_whole():
    """Taken together, the districts of a cell spread over its ranks evenly."""
    codes = expand_region("34")
    whole = targets(*codes)
    own = (np.arange(2000) + 0.5) / 2000
    for cell in np.flatnonzero(np.bincount(whole.strata.cell, minlength=whole.cells.p0.size)):
        ranks, people = [], []
        for code in codes:
            part = targets(code)
            at = np.flatnonzero(part.strata.cell == cell)
            if at.size:
                ranks.append(CellRanks(part).of(int(cell), own))
                people.append(np.full(own.size, part.strata.population[at].sum() / own.size))
        edges = np.linspace(0, 1, 21)
        held = np.histogram(np.concatenate(ranks), edges, weights=np.concatenate(people))[0]
        np.testing.assert_allclose(held / held.sum(), 1 / 20, atol=2e-3)
