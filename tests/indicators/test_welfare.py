"""Shares, inequality and incidence against plain definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.indicators.welfare import benefit_incidence, gini, share
from kesos_sim.kernels.incidence import INCIDENCE_SCALE

PEOPLE = st.lists(st.integers(0, 10**9), min_size=2, max_size=40).filter(any)


def test_share():
    found = share(np.array([1.0, 0.0, 3.0]), np.array([4.0, 0.0, 2.0]))
    np.testing.assert_array_equal(found, [25.0, np.nan, 150.0])
    assert share(np.array(1.0), np.array(3.0)) == pytest.approx(100 / 3)


def levels(n: int) -> np.ndarray:
    return np.exp(np.linspace(-3.0, 4.0, n))


@given(people=PEOPLE)
def test_gini_is_half_the_mean_difference_over_the_mean(people):
    """The definition by all pairs of people."""
    counts, level = np.array(people), levels(len(people))
    p = counts / counts.sum()
    mean = float(p @ level)
    pairs = float(p @ np.abs(level[:, None] - level) @ p)
    assert float(gini(counts, level)) == pytest.approx(pairs / (2 * mean), abs=1e-9)


@given(people=PEOPLE, factor=st.floats(1e-3, 1e3))
def test_gini_does_not_depend_on_the_unit_and_stays_inside(people, factor):
    counts, level = np.array(people), levels(len(people))
    value = float(gini(counts, level))
    assert -1e-12 <= value < 1.0
    assert float(gini(counts, level * factor)) == pytest.approx(value, abs=1e-12)
    assert float(gini(counts * 3, level)) == pytest.approx(value, abs=1e-12)


def test_gini_of_known_distributions():
    """All equal: 0. One of n has everything: 1 - 1/n. A uniform one from zero: a third."""
    assert float(gini(np.array([0, 9, 0]), np.array([1.0, 2.0, 3.0]))) == pytest.approx(0.0)
    assert float(gini(np.array([99, 1]), np.array([0.0, 7.0]))) == pytest.approx(0.99)
    uniform = (np.arange(2000) + 0.5) / 2000
    assert float(gini(np.ones(2000, np.int64), uniform)) == pytest.approx(1 / 3, abs=1e-6)
    assert np.isnan(gini(np.zeros(3, np.int64), np.arange(3.0)))


def test_gini_of_many_places_at_once():
    counts = np.random.default_rng(1).integers(0, 99, (2, 3, 12))
    whole = gini(counts, levels(12))
    assert whole.shape == (2, 3)
    for place in np.ndindex(2, 3):
        assert whole[place] == pytest.approx(float(gini(counts[place], levels(12))))


def counted(
    level: np.ndarray, help_per_person: np.ndarray, reached: np.ndarray, people: int = 1000
) -> np.ndarray:
    """Counts of one group whose bins hold as many people each."""
    ones = np.full(level.size, people, np.int64)
    money = np.rint(ones * level * INCIDENCE_SCALE).astype(np.int64)
    given_out = np.rint(ones * help_per_person * INCIDENCE_SCALE).astype(np.int64)
    return np.stack([ones, money, given_out, (ones * reached).astype(np.int64)], axis=1)[None]


def test_incidence_of_a_known_world():
    """Ten bins of as many people: the two poorest get help, the poorest twice as much."""
    level = np.arange(1.0, 11.0)
    given_out = np.array([0.2, 0.1, *([0.0] * 8)])
    reached = np.array([1.0, 0.5, *([0.0] * 8)])
    found = benefit_incidence(counted(level, given_out, reached))
    np.testing.assert_allclose(found["mean"][0], level, rtol=1e-9)
    np.testing.assert_allclose(found["help"][0], given_out, atol=1e-4)
    np.testing.assert_allclose(found["coverage"][0], 100 * reached, atol=1e-9)
    np.testing.assert_allclose(found["share"][0, :3], [200 / 3, 100 / 3, 0.0], atol=0.01)
    # Half of the second tenth is reached and lives on half of its consumption: 0.1 of 1.
    np.testing.assert_allclose(found["adequacy"][0, :2], [20.0, 10.0], atol=0.02)
    assert np.all(np.isnan(found["adequacy"][0, 2:]))


@given(seed=st.integers(0, 2**32 - 1), n_bins=st.integers(2, 60), n_groups=st.integers(1, 3))
def test_tenths_hold_everybody_and_all_help(seed, n_bins, n_groups):
    chance = np.random.default_rng(seed)
    counts = np.concatenate(
        [
            counted(levels(n_bins), chance.uniform(0, 0.3, n_bins), chance.random(n_bins), n)
            for n in chance.integers(1, 10**6, n_groups)
        ]
    )
    found = benefit_incidence(counts)
    totals = counts.sum(axis=1)
    for group in range(n_groups):
        people, money, given_out, reached = totals[group]
        assert found["mean"][group].mean() == pytest.approx(money / people / INCIDENCE_SCALE)
        assert found["help"][group].mean() == pytest.approx(given_out / people / INCIDENCE_SCALE)
        assert found["coverage"][group].mean() == pytest.approx(100 * reached / people)
        assert found["share"][group].sum() == pytest.approx(100.0)
        assert np.all(np.diff(found["mean"][group]) >= -1e-9)


def test_a_group_without_people_has_no_figures():
    found = benefit_incidence(np.zeros((1, 5, 4), np.int64))
    assert all(np.isnan(values).all() for values in found.values())


def test_people_who_are_all_in_the_last_bin_have_figures():
    counts = np.zeros((1, 3, 4), np.int64)
    counts[0, 2] = [10, 20 * INCIDENCE_SCALE, 5 * INCIDENCE_SCALE, 10]
    found = benefit_incidence(counts)
    for name, value in (("mean", 2.0), ("help", 0.5), ("coverage", 100.0), ("share", 10.0)):
        np.testing.assert_allclose(found[name], np.full((1, 10), value), err_msg=name)
