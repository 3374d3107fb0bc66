"""People away from home: who is, who is handed over, and what stays in the books."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kesos_sim.kernels.cases import FREE, GONE, LEFT_CARE, LEFT_HOME
from kesos_sim.kernels.places import LEFT_RETURNED, RETURNED
from kesos_sim.kernels.returning import NOBODY, return_home
from kesos_sim.rng import Stream, month_word
from tests.kernels.twins import philox, uniform

F = np.float32
KEY = np.uint32(2008)
HOME, MONTH = month_word(0, Stream.RETURN), month_word(24_300, Stream.RETURN)
PROVINCE = np.array([0, 0, 1, 2])
PEOPLE = np.array([0.3, 0.2, 0.4])
MOBILE = np.array([NOBODY, 0, 1])
AWAY = np.array([0.6, 0.9], F)
LENGTH = 30
"""Clients of a row; provinces have 0.9 of the nation's people."""

State = dict[str, NDArray[Any]]


def town(seed: int, n: int = 8) -> State:
    """Return some cases in each district, clients in every state among them."""
    chance = np.random.default_rng(seed)
    number = n * PROVINCE.size
    people = chance.integers(1, LENGTH, number).astype(np.int32)
    household = np.where(chance.random(number) < 0.2, FREE, np.arange(number)).astype(np.int32)
    state = chance.choice([0, 0, 0, 1, 2, RETURNED, LEFT_RETURNED, LEFT_HOME, LEFT_CARE, GONE],
                          (number, LENGTH))  # fmt: skip
    state[np.arange(LENGTH) >= people[:, None]] = GONE
    state[household == FREE] = GONE
    in_need = state <= RETURNED
    helped = (state > RETURNED) & (state < GONE)
    places = np.where(state == RETURNED, 1, np.where(in_need, state, 0))
    return {
        "case_start": np.arange(PROVINCE.size + 1) * n,
        "case_client": np.arange(number + 1) * LENGTH,
        "household": household,
        "kind": chance.integers(0, 3, number).astype(np.uint8),
        "people": people,
        "active": in_need.sum(axis=1).astype(np.int32),
        "served": ((places > 0) & in_need).sum(axis=1).astype(np.int32),
        "helpers": places.sum(axis=1).astype(np.int32),
        "helped": helped.sum(axis=1).astype(np.int32),
        "servers": state.ravel().astype(np.uint8),
    }


def handed_over(
    state: State, quota: NDArray[np.int64], known: float, agreed: float, month: np.uint32 = MONTH
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Call the kernel for all districts; return who is counted and who moved."""
    n = PROVINCE.size
    counted = np.empty((n, PEOPLE.size, AWAY.size, 2), np.int64)
    moved = np.empty((n, 2), np.int64)
    return_home(
        0, n, KEY, HOME, month, np.int64(7), MOBILE, AWAY, PEOPLE, PROVINCE,
        np.full(n, known, F), np.full(n, agreed, F), np.array([0.2, 0.1], F),
        np.array([0.5, 0.8], F), quota, *state.values(), counted, moved,
    )  # fmt: skip
    return counted, moved


def slow(
    state: State, quota: NDArray[np.int64], known: float, agreed: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Do the same, one person after the other."""
    counted = np.zeros((PROVINCE.size, PEOPLE.size, AWAY.size, 2), np.int64)
    moved = np.zeros((PROVINCE.size, 2), np.int64)
    for case in np.flatnonzero(state["household"] != FREE):
        d, kind = int(np.searchsorted(state["case_start"], case, "right")) - 1, state["kind"][case]
        m = MOBILE[kind]
        if m == NOBODY:
            continue
        who = np.array([7 + state["household"][case]], np.uint32)
        words = [np.uint32(int(word) ^ (int(kind) << 24)) for word in (HOME, MONTH)]
        keys = [philox(who, word, int(KEY))[1] for word in words]
        for number in range(int(state["people"][case])):
            client = state["case_client"][case] + number
            byte = int(state["servers"][client])
            if byte == GONE or 0 < byte < RETURNED:
                continue
            one = np.array([number], np.uint32)
            first, second = philox(one, words[0], int(keys[0][0]))
            home = home_of(PROVINCE[d], uniform(second >> np.uint32(9), 23)[0])
            if uniform(first >> np.uint32(9), 23)[0] >= AWAY[m] or home is None:
                continue
            luck, other = philox(one, words[1], int(keys[1][0]))
            u = uniform(luck >> np.uint32(9), 23)[0]
            left, own = quota[d, home], counted[d, home, m]
            was_home, back = byte in {RETURNED, LEFT_RETURNED}, byte == RETURNED
            if was_home and left[m] < 0:
                left[m] += 1
                byte = 0 if back else int(LEFT_CARE)
            elif back and u < F([0.2, 0.1][m]):
                well = uniform(other >> np.uint32(16), 16)[0] < F([0.5, 0.8][m])
                byte = int(LEFT_RETURNED) if well else 0
                moved[d, 1] += well
                own[0] += well
                state["active"][case] -= well
                state["helped"][case] += well
            elif was_home:
                own[0] += 1
                continue
            elif (
                left[m] > 0
                and u < F(agreed)
                and (byte > 0 or uniform(other & np.uint32(0xFFFF), 16)[0] < F(known))
            ):
                left[m] -= 1
                own[0] += 1
                moved[d, 0] += 1
                state["served"][case] += byte == 0
                state["helpers"][case] += byte == 0
                byte = int(LEFT_RETURNED if byte else RETURNED)
            else:
                own[1] += 1
            if back:
                state["served"][case] -= 1
                state["helpers"][case] -= 1
            state["servers"][client] = byte
    return counted, moved


def home_of(province: int, u: float) -> int | None:
    """Return where somebody in a province comes from."""
    others = [p for p in range(PEOPLE.size) if p != province]
    upto = np.cumsum(PEOPLE[others])
    place = int(np.searchsorted(upto, float(u) * (1.0 - PEOPLE[province]), "right"))
    return others[place] if place < len(others) else None


def check(state: State) -> None:
    """What is counted by case is what its clients are."""
    rows = state["servers"].reshape(-1, LENGTH)
    need, home = rows < LEFT_RETURNED, rows == RETURNED
    np.testing.assert_array_equal(state["active"], need.sum(axis=1))
    np.testing.assert_array_equal(state["served"], (need & (rows > 0)).sum(axis=1))
    places = np.where(home, 1, np.where(need, rows, 0)).sum(axis=1)
    np.testing.assert_array_equal(state["helpers"], places)
    np.testing.assert_array_equal(state["helped"], (~need & (rows != GONE)).sum(axis=1))


@given(
    seed=st.integers(0, 2**32 - 1),
    known=st.floats(0.0, 1.0, width=32),
    agreed=st.floats(0.0, 1.0, width=32),
)
def test_returns_equal_the_slow_twin(seed: int, known: float, agreed: float) -> None:
    fast, chance = town(seed), np.random.default_rng(seed)
    twin = {name: array.copy() for name, array in fast.items()}
    quota = chance.integers(-2, 5, (PROVINCE.size, PEOPLE.size, AWAY.size))
    left = quota.copy()
    found = handed_over(fast, quota, known, agreed)
    expected = slow(twin, left, known, agreed)
    for ours, theirs in zip((*found, quota), (*expected, left), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    for name, array in fast.items():
        np.testing.assert_array_equal(array, twin[name], name)
    check(fast)


@pytest.mark.parametrize(("known", "agreed"), [(0.0, 1.0), (1.0, 0.0), (1.0, 1.0)])
def test_nobody_is_handed_over_without_a_place_or_an_agreement(known: float, agreed: float) -> None:
    state = town(3, 100)
    nothing = np.zeros((PROVINCE.size, PEOPLE.size, AWAY.size), np.int64)
    counted, moved = handed_over(state, nothing, known, agreed)
    assert counted[..., 1].sum() > 100
    assert not moved[:, 0].any()
    quota = counted[..., 1] // 2
    most = quota.copy()
    again, moved = handed_over(state, quota, known, agreed, month_word(24_301, Stream.RETURN))
    assert np.all(again[..., 0] <= counted[..., 0] + most)
    assert bool(moved[:, 0].any()) == (agreed > 0.0)
    assert moved[:, 0].sum() == (most - quota).sum()


def test_people_come_from_elsewhere_as_often_as_people_live_there() -> None:
    state = town(5, 2000)
    state["servers"][state["servers"] != GONE] = 0
    state["kind"][:] = 2
    for name in ("served", "helpers", "helped"):
        state[name][:] = 0
    state["active"][:] = (state["servers"].reshape(-1, LENGTH) == 0).sum(axis=1)
    quota = np.zeros((PROVINCE.size, PEOPLE.size, AWAY.size), np.int64)
    counted, _ = handed_over(state, quota, 0.0, 0.0)
    people = state["active"].reshape(PROVINCE.size, -1).sum(axis=1)
    for district, province in enumerate(PROVINCE):
        own = counted[district, :, 1, 1]
        assert own[province] == 0
        share = PEOPLE / (1.0 - PEOPLE[province]) * AWAY[1]
        share[province] = 0.0
        np.testing.assert_allclose(own / people[district], share, atol=0.01)
