"""Sums of districts do not hang on how many threads a library takes."""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_limits

from kesos_sim.model.observer import Regions

PROVINCES, DISTRICTS, MONTHS = 38, 514, 36


def test_regions_add_up_to_the_same_bits_on_any_number_of_threads() -> None:
    """The whole country: so many districts that a product of matrices would be shared out."""
    drawn = np.random.default_rng(7)
    of_district = np.sort(np.arange(DISTRICTS) % PROVINCES)
    rows = [np.ones(DISTRICTS), *(of_district == np.arange(PROVINCES)[:, None]).astype(float)]
    regions = Regions(
        ("00", *map(str, range(PROVINCES)), *map(str, range(DISTRICTS))),
        np.vstack([*rows, np.eye(DISTRICTS)]),
        np.ones((1 + PROVINCES, 1)),
        np.zeros(1, dtype=np.int32),
    )
    people = drawn.random((MONTHS, DISTRICTS)) * 1e9
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.append(regions.total(people))
    assert np.array_equal(found[0], found[1])
    np.testing.assert_allclose(found[0][:, 0], people.sum(axis=1))
    np.testing.assert_array_equal(found[0][:, 1 + PROVINCES :], people)
