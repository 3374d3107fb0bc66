"""Trust that organisations learn, against plain numpy and against itself."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kesos_sim.kernels.experience import learn_trust
from kesos_sim.kernels.places import MEMBER, WORKING

F = np.float32
BOTH = np.uint8(WORKING | MEMBER)
DAYS = st.floats(0.0, 20.0, width=32)


def learnt(
    rules: tuple[float, ...],
    unit: int,
    home: NDArray[np.int64],
    state: NDArray[np.uint8],
    clients: NDArray[np.float64],
    eased: NDArray[np.int32],
    met: NDArray[np.bool_],
    trust: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return trust after a month."""
    strength, sent, spared, meeting, reported, told = (F(value) for value in rules)
    found, n = trust.copy(), int(home.max(initial=0)) + 1
    reports, scratch = np.full(n, reported, F), np.full((2, n), np.nan)
    learn_trust(
        strength, sent, spared, meeting, reports, told, unit, home, state, clients, eased, met,
        *scratch, found,
    )  # fmt: skip
    return found


@settings(max_examples=40)
@given(
    rules=st.tuples(st.floats(0.0, 0.25, width=32), *[DAYS] * 5),
    unit=st.integers(1, 40),
    seed=st.integers(0, 2**32 - 1),
)
def test_trust_equals_the_slow_twin(rules: tuple[float, ...], unit: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    n = int(chance.integers(0, 40))
    home = np.sort(chance.integers(0, 4, n))
    state = chance.integers(0, 4, n).astype(np.uint8)
    clients, eased = chance.uniform(3.0, 90.0, n), chance.poisson(0.4, (n, 2)).astype(np.int32)
    met, trust = chance.random(n) < 0.3, chance.random(n).astype(F)
    found = learnt(rules, unit, home, state, clients, eased, met, trust)
    strength, sent, spared, meeting, reported, told = rules
    for orsos in range(n):
        members = (home == home[orsos]) & (state == BOTH)
        of_place = sent * eased[:, 0] + spared * eased[:, 1]
        part = clients[orsos] / max(clients[members].sum(), 1.0)
        if state[orsos] == BOTH:
            saved = of_place[orsos] + (unit - 1) * of_place[members].sum() * part
            taken = meeting * met[orsos] + reported
        elif met[orsos]:
            saved, taken = told * unit * of_place[members].sum() * part, meeting
        else:
            assert found[orsos] == trust[orsos]
            continue
        won = 1.0 - (1.0 - trust[orsos]) * np.exp(-min(strength * saved, 80.0))
        assert abs(found[orsos] - won * np.exp(-min(strength * taken, 80.0))) < 1e-5
    assert np.all((found >= 0.0) & (found <= 1.0))


def test_no_strength_changes_no_bit() -> None:
    chance = np.random.default_rng(3)
    home, state = np.zeros(50, np.int64), np.full(50, BOTH)
    trust, some = chance.random(50).astype(F), np.ones((50, 2), np.int32)
    found = learnt((0, 2, 5, 1, 0.5, 3), 9, home, state, np.ones(50), some, some[:, 0] > 0, trust)
    np.testing.assert_array_equal(found, trust)


def test_members_learn_as_much_whatever_a_place_stands_for() -> None:
    """On average: 12 members of one size, and the same clients sent in places of 1, 3 and 12."""
    home, state, clients = np.zeros(12, np.int64), np.full(12, BOTH), np.full(12, 30.0)
    means = []
    for unit in (1, 3, 12):
        eased = np.zeros((12, 2), np.int32)
        eased[: 12 // unit, 0] = 1
        trust = np.full(12, 0.5, F)
        rules = (0.02, 2.0, 5.0, 1.0, 0.0, 3.0)
        nobody = np.zeros(12, np.bool_)
        means.append(learnt(rules, unit, home, state, clients, eased, nobody, trust).mean())
    np.testing.assert_allclose(means, means[0], rtol=1e-3)
