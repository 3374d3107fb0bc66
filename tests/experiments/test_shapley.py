"""Shapley's values against their definition, and drawn orders against all of them."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.experiments.shapley import by_orders, drawn_orders, prefixes, shapley


@st.composite
def games(draw: st.DrawFn) -> tuple[int, dict[int, np.ndarray]]:
    """Values of every selection of one to five parts, of two measures."""
    parts = draw(st.integers(1, 5))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return parts, dict(enumerate(chance.normal(size=(1 << parts, 2))))


@given(game=games())
def test_they_are_the_mean_over_all_orders(game: tuple[int, dict[int, np.ndarray]]) -> None:
    parts, values = game
    found = shapley(values, parts)
    expected = np.zeros_like(found)
    orders = list(permutations(range(parts)))
    for order in orders:
        selection = 0
        for part in order:
            expected[part] += (values[selection | 1 << part] - values[selection]) / len(orders)
            selection |= 1 << part
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=0), values[(1 << parts) - 1] - values[0], atol=1e-12)


@given(game=games())
def test_a_part_that_adds_nothing_gets_nothing(game: tuple[int, dict[int, np.ndarray]]) -> None:
    parts, values = game
    idle = {selection: values[selection & ~1] for selection in values}
    assert not shapley(idle, parts)[0].any()


@given(game=games(), other=st.integers(0, 2**32 - 1))
def test_they_add_up_over_games(game: tuple[int, dict[int, np.ndarray]], other: int) -> None:
    parts, first = game
    second = dict(enumerate(np.random.default_rng(other).normal(size=(1 << parts, 2))))
    both = {selection: first[selection] + 3.0 * second[selection] for selection in first}
    expected = shapley(first, parts) + 3.0 * shapley(second, parts)
    np.testing.assert_allclose(shapley(both, parts), expected, atol=1e-11)


def test_who_is_alike_gets_alike() -> None:
    """The airport: those who need a longer runway share what only they need."""
    costs = [1.0, 3.0, 6.0]
    values = {
        selection: np.array(
            [max([c for i, c in enumerate(costs) if selection >> i & 1], default=0)]
        )
        for selection in range(8)
    }
    np.testing.assert_allclose(shapley(values, 3)[:, 0], [1 / 3, 1 / 3 + 1.0, 1 / 3 + 1.0 + 3.0])


@settings(max_examples=25)
@given(game=games(), pairs=st.integers(2, 6), seed=st.integers(0, 1000))
def test_drawn_orders_add_up_too(
    game: tuple[int, dict[int, np.ndarray]], pairs: int, seed: int
) -> None:
    parts, values = game
    orders = drawn_orders(parts, pairs, seed)
    assert all(one == other[::-1] for one, other in zip(orders[0::2], orders[1::2], strict=True))
    assert all(sorted(order) == list(range(parts)) for order in orders)
    found, error = by_orders(values, orders)
    np.testing.assert_allclose(found.sum(axis=0), values[(1 << parts) - 1] - values[0], atol=1e-12)
    assert np.all(error >= 0.0)


def test_many_orders_come_near_within_their_error() -> None:
    chance = np.random.default_rng(4)
    values = dict(enumerate(chance.normal(size=(1 << 7, 40))))
    found, error = by_orders(values, drawn_orders(7, 400, 1))
    far = np.abs(found - shapley(values, 7)) / error
    assert 0.85 < np.mean(far < 2.0) < 0.99


@pytest.mark.parametrize("parts", [1, 4])
def test_prefixes_go_from_nobody_to_everybody(parts: int) -> None:
    steps = prefixes(tuple(range(parts)))
    assert steps[0] == 0 and steps[-1] == (1 << parts) - 1
    assert [bin(step).count("1") for step in steps] == list(range(parts + 1))
