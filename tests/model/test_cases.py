"""Room for cases grows without moving anybody."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.kernels.cases import FREE, GONE
from kesos_sim.model.cases import Cases


@st.composite
def some_cases(draw: st.DrawFn) -> Cases:
    """Draw cases in a few districts, some of them free."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(1, 4))
    cases = Cases.room(chance.integers(0, 6, n), chance.integers(1, 9, n))
    size = cases.household.size
    cases.household[:] = np.where(chance.random(size) < 0.7, chance.permutation(size), FREE)
    for name in ("kind", "since", "people", "active", "served", "helpers"):
        getattr(cases, name)[:] = chance.integers(1, 9, size)
    cases.effect[:] = chance.normal(size=size)
    cases.servers[:] = chance.integers(0, 256, cases.servers.size)
    return cases


@settings(max_examples=30)
@given(cases=some_cases(), data=st.data())
def test_more_room_moves_nothing(cases: Cases, data: st.DataObject) -> None:
    """Case by case of each district, with the clients of its row; the rest is free."""
    row = [
        int(cases.case_client[first + 1] - cases.case_client[first]) if stop > first else 3
        for first, stop in zip(cases.case_start[:-1], cases.case_start[1:], strict=True)
    ]
    n = len(row)
    more = np.array(data.draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)))
    found = cases.larger(np.diff(cases.case_start) + more, np.array(row))
    np.testing.assert_array_equal(np.diff(found.case_start), np.diff(cases.case_start) + more)
    for district in range(n):
        old = np.arange(*cases.case_start[district : district + 2])
        new = found.case_start[district] + np.arange(old.size)
        for name in (
            "household",
            "kind",
            "since",
            "people",
            "active",
            "served",
            "helpers",
            "effect",
        ):
            np.testing.assert_array_equal(getattr(found, name)[new], getattr(cases, name)[old])
        for one, other in zip(old, new, strict=True):
            before = cases.servers[slice(*cases.case_client[one : one + 2])]
            after = found.servers[slice(*found.case_client[other : other + 2])]
            np.testing.assert_array_equal(after, before)
        fresh = np.arange(new.size + found.case_start[district], found.case_start[district + 1])
        assert np.all(found.household[fresh] == FREE)
        for case in fresh:
            assert np.all(found.servers[slice(*found.case_client[case : case + 2])] == GONE)
    np.testing.assert_array_equal(
        found.taken,
        [
            (cases.household[a:b] != FREE).sum()
            for a, b in zip(cases.case_start[:-1], cases.case_start[1:], strict=True)
        ],
    )
    for name, array in found.arrays().items():
        assert array.dtype == cases.arrays()[name].dtype, name
