"""Households are shared out, laid out and cut as promised."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.kernels.households import BLOCK
from kesos_sim.population.households import Households, Layout, allocate


@st.composite
def places(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Real households of some strata and their districts, one or two strata each."""
    sizes = draw(st.lists(st.integers(1, 2), min_size=1, max_size=12))
    district = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    real = draw(
        st.lists(st.floats(2.0, 4e6), min_size=district.size, max_size=district.size).map(np.array)
    )
    return real, district


@given(where=places(), n=st.integers(100, 3_000_000), floor=st.integers(0, 1000))
def test_households_are_shared_out(where, n, floor):
    real, district = where
    counts = allocate(n, real, district, floor)
    there = np.maximum(np.rint(real), 2).astype(np.int64)
    assert np.all(counts >= 2)
    assert np.all(counts <= there)
    assert counts.sum() == min(n, there.sum())


@given(where=places(), n=st.integers(3000, 3_000_000), floor=st.integers(0, 1000))
def test_districts_get_their_floor_where_the_number_allows(where, n, floor):
    real, district = where
    counts = allocate(n, real, district, floor)
    there = np.bincount(district, np.maximum(np.rint(real), 2))
    least = np.minimum(min(floor, n // (2 * there.size)), there)
    assert np.all(np.bincount(district, counts) >= np.floor(least) - 2)


def test_beyond_the_floor_everything_goes_by_size():
    real = np.array([1e6, 2e6, 3e6, 4e6, 100.0])
    counts = allocate(100_000, real, np.array([0, 0, 1, 2, 3], np.int32), 300)
    assert counts[-1] == 100
    np.testing.assert_allclose(counts[:-1] / counts[0], real[:-1] / real[0], rtol=1e-3)


def test_everybody_is_simulated_where_the_number_is_large():
    real = np.array([10.4, 3.0, 0.4])
    district = np.array([0, 0, 1], np.int32)
    assert allocate(10**6, real, district, 300).tolist() == [10, 3, 2]


@given(
    counts=st.lists(st.integers(1, 9000), min_size=1, max_size=20),
    n_chunks=st.integers(1, 40),
    block=st.integers(1, BLOCK),
)
def test_blocks_and_chunks_cover_every_household_once(counts, n_chunks, block):
    district = (np.arange(len(counts)) // 2).astype(np.int32)
    layout = Layout.build(np.array(counts), district, n_chunks, block)
    sizes = layout.block_stop - layout.block_start
    assert layout.n_households == sum(counts)
    assert layout.block_start[0] == 0
    assert layout.block_stop[-1] == layout.n_households
    np.testing.assert_array_equal(layout.block_start[1:], layout.block_stop[:-1])
    assert sizes.min() >= 1
    assert sizes.max() <= block
    np.testing.assert_array_equal(np.bincount(layout.block_stratum, sizes), counts)
    inside = np.repeat(np.arange(len(counts)), counts)[layout.block_start]
    np.testing.assert_array_equal(layout.block_stratum, inside)
    chunks = layout.chunk_start
    assert (chunks[0], chunks[-1]) == (0, sizes.size)
    assert np.all(np.diff(chunks) >= 1)
    assert chunks.size - 1 <= n_chunks
    work = np.add.reduceat(sizes, chunks[:-1])
    assert work.max() <= layout.n_households / min(n_chunks, sizes.size) + 2 * block
    np.testing.assert_array_equal(np.diff(layout.district_start), np.bincount(district, counts))


@pytest.mark.parametrize(
    ("counts", "block"), [([5, 3], BLOCK + 1), ([5, 3], 0), ([5, 0], BLOCK), ([], BLOCK)]
)
def test_impossible_layouts_are_refused(counts, block):
    """A block larger than the kernels' temporaries would write beyond them."""
    with pytest.raises(ValueError, match="household"):
        Layout.build(np.array(counts, np.int64), np.zeros(len(counts), np.int32), 2, block)


def test_households_are_few_bytes():
    """What a household needs in memory is within the target of 64 bytes."""
    people = Households.empty(3, first_id=9)
    assert people.first_id == 9
    assert people.bytes_per_household <= 64
    assert people.bytes_per_household == sum(a.itemsize for a in people.arrays().values())
    assert {array.shape for array in people.arrays().values()} == {(3,)}
    assert all(array.flags.c_contiguous for array in people.arrays().values())
    assert Households.empty(0).bytes_per_household == 0.0
