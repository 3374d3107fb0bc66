"""Unfit houses as their slow twin says, and as often as their shares say."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.kernels import housing as kernel
from kesos_sim.kernels.housing import REPAIRED
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.rng import Stream, month_word
from kesos_sim.testing import Village, make_village, villages
from tests.kernels.teams import shared
from tests.kernels.twins import philox, uniform

F = np.float32
ALWAYS, NOW = month_word(0, Stream.HOUSING), month_word(24_290, Stream.HOUSING)
State = dict[str, np.ndarray]


def repair(village: Village, state: State, unfit: np.ndarray, chance: float) -> np.ndarray:
    """Repair houses in place; return counts."""
    counts = np.full((village.layout.n_districts, 2), 7, np.int64)
    shared(
        kernel.repair_houses, village.layout.n_districts,
        village.key, ALWAYS, NOW, np.int64(village.households.first_id),
        village.layout.district_stratum, village.layout.stratum_start, village.weight, unfit,
        F(chance), F(0.01), state["welfare"], state["needs"], state["gain"], counts,
    )  # fmt: skip
    return counts


def slow(village: Village, state: State, unfit: np.ndarray, chance: float) -> np.ndarray:
    """Do the same household by household."""
    counts = np.zeros((village.layout.n_districts, 2), np.int64)
    n, first = village.layout.n_households, int(village.households.first_id)
    own = ((np.arange(n) + first) & 0xFFFFFFFF).astype(np.uint32)
    quality, luck = (
        uniform(philox(own, word, int(village.key))[0] >> np.uint32(9), 23)
        for word in (ALWAYS, NOW)
    )
    for h in range(n):
        poor = state["welfare"][h] < 1
        if quality[h] >= unfit[int(poor)] or state["needs"][h] & REPAIRED:
            continue
        fixed = int(poor and luck[h] < F(chance))
        counts[village.district[h], fixed] += village.weight[village.stratum[h]]
        if fixed:
            state["needs"][h] |= REPAIRED
            state["gain"][h] += F(0.01)
    return counts


@settings(max_examples=25)
@given(
    village=villages(),
    unfit=st.lists(st.floats(0.0, 1.0, width=32), min_size=2, max_size=2),
    chance=st.floats(0.0, 1.0, width=32),
)
def test_two_years_equal_the_slow_twin(village: Village, unfit: list[float], chance: float) -> None:
    people, shares = village.arrays(), np.array(unfit, F)
    fast = {name: people[name] for name in ("welfare", "needs", "gain")}
    twin = {name: array.copy() for name, array in fast.items()}
    for _ in range(2):
        counts = repair(village, fast, shares, chance)
        np.testing.assert_array_equal(counts, slow(village, twin, shares, chance))
        for name, array in twin.items():
            np.testing.assert_array_equal(fast[name], array, err_msg=name)


def test_houses_are_unfit_and_repaired_as_often_as_their_shares_say() -> None:
    village = make_village([[40_000]], seed=3)
    village.weight[:] = WEIGHT_UNIT
    people = village.arrays()
    state = {name: people[name] for name in ("welfare", "needs", "gain")}
    state["needs"][:] = 0
    state["welfare"][:20_000], state["welfare"][20_000:] = 0.5, 2.0
    before = state["gain"].copy()
    left, fixed = repair(village, state, np.array([0.1, 0.4], F), 0.25)[0] // WEIGHT_UNIT
    for seen, n, share in ((left + fixed, 40_000, 0.25), (fixed, 8000, 0.25)):
        assert abs(seen - n * share) < 4.5 * np.sqrt(n * share)
    mended = (state["needs"] & REPAIRED) != 0
    assert mended.sum() == fixed
    assert not mended[20_000:].any()
    np.testing.assert_allclose((state["gain"] - before)[mended], 0.01, atol=1e-6)
    again, none = repair(village, state, np.array([0.1, 0.4], F), 0.0)[0] // WEIGHT_UNIT
    assert again == left
    assert none == 0
