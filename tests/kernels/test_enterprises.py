"""Enterprises and leaving PKH equal their slow twins; failure and money are kept to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.kernels import enterprises as kernel
from kesos_sim.kernels.components import has_earner
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.rng import MONTH_BITS, Stream
from kesos_sim.testing import Village, make_village, villages
from tests.kernels import enterprise_twins as twin
from tests.kernels.household_twins import State

F = np.float32
FEW = settings(max_examples=40)
WORD = np.uint32(24_290 | (int(Stream.ENTERPRISE) << MONTH_BITS))
SHARE = st.floats(0.0, 1.0, width=32)
PKH = np.uint16(1)


def arrays(village: Village, chance: np.random.Generator) -> State:
    """Households of which some have an enterprise and some have left PKH."""
    state = village.arrays()
    n = state["word"].size
    return state | {
        "enterprise": (chance.integers(0, 16, n) * chance.integers(0, 2, n)).astype(np.uint8),
        "started": chance.integers(0, 30, n).astype(np.int16),
        "left": chance.integers(0, 30, n).astype(np.int16),
        "record": chance.integers(0, 4, n).astype(np.uint8),
        "welfare": chance.uniform(0.2, 3.0, n).astype(F),
    }


def run(village: Village, state: State, places: np.ndarray, how: dict[str, Any]) -> np.ndarray:
    counts = np.full((places.size, 4), 7, np.int64)
    kernel.run_enterprises(
        0, places.size, village.key, WORD, village.households.first_id, np.int16(how["now"]),
        np.int16(how["age"]), village.layout.district_stratum, village.layout.stratum_start,
        village.weight, places, F(how["group"]), F(how["coached"]), how["earners_only"],
        how["failure"], how["before"], how["effect"], state["word"], state["record_score"],
        state["record"], state["enterprise"], state["started"], state["gain"], counts,
    )  # fmt: skip
    return counts


def leave(village: Village, state: State, places: np.ndarray, how: dict[str, Any]) -> np.ndarray:
    counts = np.full((places.size, 4), 7, np.int64)
    kernel.leave_pkh(
        village.key, WORD, village.households.first_id, np.int16(how["now"]),
        np.int16(how["wait"]), village.layout.district_stratum, village.layout.stratum_start,
        village.weight, places, PKH, F(how["effect"]), state["word"], state["record_score"],
        state["record"], state["enrolled"], state["welfare"], state["enterprise"],
        state["started"], state["left"], state["gain"], counts,
    )  # fmt: skip
    return counts


def places_of(data: st.DataObject, village: Village) -> np.ndarray:
    n = village.layout.district_start.size - 1
    most = int(village.weight.max()) * 40
    return np.array(data.draw(st.lists(st.integers(0, most), min_size=n, max_size=n)))


@FEW
@given(
    village=villages(),
    data=st.data(),
    group=SHARE,
    coached=SHARE,
    failure=st.lists(SHARE, min_size=4, max_size=4),
    other=st.lists(SHARE, min_size=4, max_size=4),
    effect=st.lists(SHARE, min_size=4, max_size=4),
    earners_only=st.booleans(),
)
def test_enterprises_equal_the_slow_twin(
    village, data, group, coached, failure, other, effect, earners_only
):
    chance, places = np.random.default_rng(len(failure)), places_of(data, village)
    state = arrays(village, chance)
    slow = {name: array.copy() for name, array in state.items()}
    how = {
        "now": 30, "age": 24, "group": group, "coached": coached, "earners_only": earners_only,
        "failure": np.resize(np.array([*failure, *other], F), (places.size, 2, 2)),
        "before": np.array(effect[:2], F), "effect": np.array(effect[2:], F),
    }  # fmt: skip
    counts = run(village, state, places, how)
    np.testing.assert_array_equal(
        counts, twin.run_enterprises(village, slow, int(WORD), places, how)
    )
    for name, array in slow.items():
        np.testing.assert_array_equal(state[name], array, err_msg=name)


@FEW
@given(village=villages(), data=st.data(), wait=st.integers(1, 40), effect=SHARE)
def test_leaving_equals_the_slow_twin(village, data, wait, effect):
    places = places_of(data, village)
    state = arrays(village, np.random.default_rng(wait))
    slow = {name: array.copy() for name, array in state.items()}
    how = {"now": 30, "wait": wait, "effect": effect, "pkh": PKH}
    counts = leave(village, state, places, how)
    np.testing.assert_array_equal(counts, twin.leave_pkh(village, slow, int(WORD), places, how))
    for name, array in slow.items():
        np.testing.assert_array_equal(state[name], array, err_msg=name)


@FEW
@given(village=villages(), mask=st.integers(0, 7))
def test_who_cannot_work_is_counted_by_composition(village, mask):
    state = village.arrays()
    counts = np.empty((village.layout.district_start.size - 1, 2), np.int64)
    kernel.count_unable(
        village.layout.district_stratum, village.layout.stratum_start, village.weight,
        np.uint16(mask), state["word"], state["enrolled"], counts,
    )  # fmt: skip
    able = twin.earners(state["word"])
    np.testing.assert_array_equal([has_earner(word) for word in state["word"]], able)
    inside = (state["enrolled"] & np.uint16(mask)) != 0
    np.testing.assert_array_equal(counts[:, 0], twin.weighed(village, inside))
    np.testing.assert_array_equal(counts[:, 1], twin.weighed(village, inside & ~able))


def pioneers(village: Village, state: State, now: int) -> np.ndarray:
    counts = np.full(village.layout.district_start.size - 1, 7, np.int64)
    kernel.find_pioneers(
        np.int16(now), village.layout.district_stratum, village.layout.stratum_start,
        village.weight, state["record"], state["welfare"], state["started"], state["enterprise"],
        counts,
    )  # fmt: skip
    return counts


@FEW
@given(village=villages(), seed=st.integers(0, 99), now=st.integers(0, 30))
def test_pioneers_equal_the_slow_twin(village, seed, now):
    state = arrays(village, np.random.default_rng(seed))
    slow = {name: array.copy() for name, array in state.items()}
    counts = pioneers(village, state, now)
    np.testing.assert_array_equal(counts, twin.find_pioneers(village, slow, now))
    np.testing.assert_array_equal(state["enterprise"], slow["enterprise"])


def test_a_family_is_a_pioneer_while_it_is_no_longer_poor():
    """It began in need, and each month says anew whether it is an example; failing ends it."""
    village = make_village([[1]])
    state = arrays(village, np.random.default_rng(4))
    for name, value in (("enterprise", 1), ("started", 6), ("record", 1), ("welfare", 0.9)):
        state[name][:] = value
    assert pioneers(village, state, 6) == 0
    state["welfare"][:] = 1.1
    assert pioneers(village, state, 12) == village.weight
    state["welfare"][:] = 0.95
    assert pioneers(village, state, 18) == 0
    state["welfare"][:] = 1.0
    assert pioneers(village, state, 24) == village.weight
    state["enterprise"][:] = 0
    assert pioneers(village, state, 30) == 0
    # Who was never poor is no example of leaving poverty.
    state["enterprise"][:], state["started"][:] = 1, 30
    assert pioneers(village, state, 30) == 0


HOW = {
    "now": 30, "age": 24, "group": 0.5, "coached": 0.5, "earners_only": False,
    "failure": np.full((2, 2, 2), 0.5, F), "before": np.full(2, 0.01, F),
    "effect": np.full(2, 0.01, F),
}  # fmt: skip


def test_capital_is_given_no_oftener_than_there_is_money():
    """Also in a month in which enterprises fail and their owners may try again."""
    village = make_village([[4_000], [3_000]])
    village.weight[:] = WEIGHT_UNIT
    state = arrays(village, np.random.default_rng(1))
    state["record"][:], state["enterprise"][:] = 1, 1
    places = np.array([500, 900]) * WEIGHT_UNIT
    counts = run(village, state, places, HOW)
    assert np.abs(counts[:, 2] - places).max() <= WEIGHT_UNIT
    alive = np.add.reduceat((state["enterprise"] & 1).astype(int), [0, 4_000])
    np.testing.assert_array_equal(counts[:, 0], alive * WEIGHT_UNIT)


def test_enterprises_survive_as_their_rate_says():
    """Four rounds of one cohort: (1 - f) ** 4 of 20,000, within what chance allows."""
    village = make_village([[20_000]])
    village.weight[:] = WEIGHT_UNIT
    state = arrays(village, np.random.default_rng(2))
    state["enterprise"][:], state["started"][:], state["record"][:] = 3, 0, 0
    how = HOW | {"failure": np.full((1, 2, 2), 0.067, F)}
    for turn in range(1, 5):
        counts = np.empty((1, 4), np.int64)
        kernel.run_enterprises(
            0, 1, village.key, np.uint32(int(WORD) + 6 * turn), village.households.first_id,
            np.int16(6 * turn), np.int16(24), village.layout.district_stratum,
            village.layout.stratum_start, village.weight, np.zeros(1, np.int64), F(0), F(0), False,
            how["failure"], how["before"], how["effect"], state["word"], state["record_score"],
            state["record"], state["enterprise"], state["started"], state["gain"], counts,
        )  # fmt: skip
    share = counts[0, 3] / WEIGHT_UNIT / 20_000
    expected = (1 - 0.067) ** 4
    assert share == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 20_000))
    assert counts[0, 3] == counts[0, 0]


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_without_the_compiler_enterprises_are_the_same():
    """The sources as plain Python give what the compiled kernels give."""
    village = make_village([[6, 5], [7]], first_id=3)
    places = np.array([4, 3]) * village.weight[0]
    how = {"now": 30, "wait": 9, "effect": 0.02}
    kept = []
    for plain in (False, True):
        state = arrays(village, np.random.default_rng(3))
        with pytest.MonkeyPatch.context() as patch:
            if plain:
                for name in ("run_enterprises", "leave_pkh"):
                    patch.setattr(kernel, name, getattr(kernel, name).py_func)
            counts = [run(village, state, places, HOW), leave(village, state, places, how)]
        kept.append((state, np.concatenate(counts)))
    np.testing.assert_array_equal(kept[0][1], kept[1][1])
    for name, array in kept[0][0].items():
        np.testing.assert_array_equal(kept[1][0][name], array, err_msg=name)
