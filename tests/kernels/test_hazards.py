"""Disasters are drawn, and felt by households, as their slow twins say."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.kernels.hazards import draw_events, feel
from kesos_sim.rng import Stream, month_word
from kesos_sim.testing import Village, villages
from tests.kernels.teams import shared
from tests.kernels.twins import exp32, normal, philox, uniform

F = np.float32
KEY = np.uint32(77)
WORD = month_word(24_300, Stream.HAZARD)
SHARE = st.floats(0.0, 1.0, width=32)


def poisson(luck: float, expected: float) -> int:
    """Return the smallest number that as many or fewer events have at least this chance of."""
    count, term = 0, math.exp(-expected)
    reached = term
    while luck > reached:
        count += 1
        term *= expected / count
        reached += term
    return count


@given(
    expected=st.lists(st.floats(0.0, 8.0), min_size=1, max_size=40),
    spread=st.floats(0.0, 2.0, width=32),
    most=st.floats(1.0, 4.0, width=32),
)
def test_events_equal_the_slow_twin(expected, spread, most):
    entity = np.arange(len(expected), dtype=np.uint32) * np.uint32(31)
    events, size = np.empty(entity.size, np.int64), np.empty(entity.size)
    draw_events(KEY, WORD, entity, np.array(expected), F(spread), F(most), events, size)
    bits0, bits1 = philox(entity, np.full(entity.size, WORD), int(KEY))
    luck = (bits0.astype(np.float64) + 0.5) * 2.0**-32
    assert events.tolist() == [poisson(u, e) for u, e in zip(luck, expected, strict=True)]
    score = np.clip(normal(bits1 >> np.uint32(8)), F(-most), F(most)).astype(F)
    usual = exp32((F(spread) * score).astype(F))
    np.testing.assert_allclose(size, np.where(events > 0, usual, 0.0), rtol=1e-6)
    assert not events[np.array(expected) == 0.0].any()


def shares(data: st.DataObject, n: int) -> np.ndarray:
    return np.array(data.draw(st.lists(SHARE, min_size=n, max_size=n)), F)


@settings(max_examples=30)
@given(village=villages(), data=st.data(), fade=SHARE)
def test_what_is_felt_equals_the_slow_twin(village: Village, data: st.DataObject, fade: float):
    start, n = village.layout.district_start, village.layout.district_start.size - 1
    homes, share = np.sort(np.stack([shares(data, n), shares(data, n)]), axis=0)
    large, small, keep = (shares(data, n) for _ in range(3))
    chance = np.random.default_rng(data.draw(st.integers(0, 99)))
    size = int(start[-1])
    felt = np.where(chance.random(size) < 0.4, chance.random(size), 0.0).astype(F)
    loss = (felt * F(fade) + chance.random(size)).astype(F)
    ours = felt.copy(), loss.copy()
    first_id = village.households.first_id
    rest = (homes, share, large, small, keep, F(fade))
    shared(feel, n, KEY, WORD, first_id, start, *rest, *ours)
    district = np.repeat(np.arange(n), np.diff(start))
    bits, _ = philox((first_id + np.arange(size)).astype(np.uint32), np.full(size, WORD), int(KEY))
    luck = uniform(bits >> np.uint32(9), 23)
    hit = np.where(
        luck < homes[district],
        large[district],
        np.where(luck < share[district], small[district], F(0)),
    )
    now = (felt * keep[district] + hit).astype(F)
    np.testing.assert_allclose(ours[0], now, rtol=1e-6)
    np.testing.assert_allclose(
        ours[1], np.maximum(loss + now - felt * F(fade), 0), rtol=1e-5, atol=1e-6
    )
    assert np.all(ours[1] >= 0)
    calm = (now == 0) & (felt == 0)
    np.testing.assert_array_equal(ours[1][calm], loss[calm])


def test_losses_beside_disasters_keep_their_own_pace():
    """A loss of which nothing is felt from disasters fades as it would without them."""
    start = np.array([0, 3], np.int64)
    felt, loss = np.array([0.4, 0.0, 0.0], F), np.array([0.4 * 0.87, 0.2, 0.0], F)
    one = np.zeros(1, F)
    shared(
        feel, 1, KEY, WORD, 0, start, one, one, one, one, np.array([0.95], F), F(0.87), felt, loss
    )
    np.testing.assert_allclose(felt, [0.38, 0.0, 0.0], rtol=1e-6)
    np.testing.assert_allclose(loss, [0.38, 0.2, 0.0], rtol=1e-6)
