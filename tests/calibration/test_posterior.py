"""Emulator, posterior and trust against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kesos_sim.calibration.emulator import Emulator, terms
from kesos_sim.calibration.posterior import Problem, implausibility, posterior, trust


def lives(parameters: int, number: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((number, parameters))


@settings(max_examples=20)
@given(parameters=st.integers(1, 5), seed=st.integers(0, 1000))
def test_a_polynomial_of_the_second_order_is_met_exactly(parameters: int, seed: int) -> None:
    places = lives(parameters, 60, seed)
    weight = np.random.default_rng(seed + 1).normal(size=(terms(places).shape[1], 3))
    emulator = Emulator.fit(places, terms(places) @ weight)
    there = lives(parameters, 50, seed + 2)
    np.testing.assert_allclose(emulator.at(there), terms(there) @ weight, atol=1e-9)
    assert emulator.variance.max() < 1e-15


def test_its_error_is_that_of_leaving_one_out() -> None:
    places = lives(3, 40, 5)
    figures = np.sin(7.0 * places[:, :1]) + 0.1 * np.random.default_rng(6).normal(size=(40, 1))
    found = Emulator.fit(places, figures).variance[0]
    left = []
    for number in range(40):
        others = np.arange(40) != number
        weight, *_ = np.linalg.lstsq(terms(places[others]), figures[others], rcond=None)
        left.append(figures[number, 0] - (terms(places[[number]]) @ weight)[0, 0])
    assert found == pytest.approx(np.mean(np.square(left)))


def test_too_few_lives_are_refused() -> None:
    places = lives(4, 16, 1)
    with pytest.raises(ValueError, match="more than 16 lives"):
        Emulator.fit(places, places)


def straight(slopes: list[list[float]], published: list[float], error: float) -> Problem:
    """Figures that follow parameters in a straight line, without any error of the emulator."""
    slope = np.array(slopes).T
    places = lives(slope.shape[0], 80, 3)
    emulator = Emulator.fit(places, places @ slope)
    return Problem(emulator, np.array(published), np.full(len(published), error**2))


def test_the_posterior_of_a_straight_line_is_the_normal_one() -> None:
    """Away from the ends of the prior: mean and spread of least squares."""
    slopes = [[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]
    problem = straight(slopes, [0.5, 1.0, 1.05], 0.05)
    found = posterior(problem, 4000, 2, 1)
    precision = np.array(slopes).T @ np.array(slopes) / 0.05**2
    spread = np.linalg.inv(precision)
    mean = spread @ np.array(slopes).T @ np.array([0.5, 1.0, 1.05]) / 0.05**2
    np.testing.assert_allclose(found.mean(axis=0), mean, atol=0.004)
    np.testing.assert_allclose(np.cov(found, rowvar=False), spread, rtol=0.12, atol=1e-4)


def test_what_the_figures_do_not_tell_stays_as_the_prior() -> None:
    problem = straight([[1.0, 0.0]], [0.3], 0.03)
    found = posterior(problem, 4000, 2, 2)
    assert found[:, 0].std() < 0.04
    assert stats.kstest(found[:, 1], "uniform").statistic < 0.05


def test_draws_stay_in_their_ranges_at_the_ends() -> None:
    problem = straight([[1.0]], [-0.5], 0.2)
    found = posterior(problem, 3000, 1, 3)
    assert found.min() >= 0.0 and found.max() <= 1.0
    cut = stats.truncnorm(2.5, 7.5, loc=-0.5, scale=0.2)
    assert found.mean() == pytest.approx(cut.mean(), rel=0.1)


def test_the_same_seed_draws_the_same() -> None:
    problem = straight([[1.0, 0.5]], [0.7], 0.1)
    np.testing.assert_array_equal(posterior(problem, 200, 2, 5), posterior(problem, 200, 2, 5))


def test_implausible_places_are_far_from_most_figures() -> None:
    problem = straight([[1.0], [1.0], [1.0], [1.0]], [0.5, 0.5, 0.5, 9.0], 0.1)
    places = np.linspace(0.0, 1.0, 101)[:, None]
    found = implausibility(problem, places)
    # One figure that cannot be met rules nothing out.
    np.testing.assert_allclose(found, np.abs(places[:, 0] - 0.5) / 0.1, atol=1e-6)


def test_known_truths_are_covered_and_their_ranks_are_even() -> None:
    """A parameter that figures tell, one they half tell, and one they do not."""
    problem = straight([[1.0, 0.0, 0.0], [0.0, 0.3, 0.0]], [0.5, 0.15], 0.1)
    found = trust(problem, 150, 3, 300, 7)
    assert np.all((found.covered > 0.82) & (found.covered < 0.97))
    for ranks in found.ranks.T:
        counts = np.bincount(ranks // 31, minlength=10)
        assert stats.chisquare(counts).pvalue > 1e-3
    assert found.narrower[0] < 0.4 < found.narrower[1] < 0.95
    assert found.narrower[2] == pytest.approx(1.0, abs=0.03)
