"""Spreading totals over districts, against independent optimisation and iterative fitting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, logit

from kesos_sim.population.quantile import Floats
from kesos_sim.population.strata_raking import (
    poor_by_area,
    rates_with_mean,
    shares_with_total,
    tilted,
)

positive = st.floats(1e3, 1e6)
rates = st.floats(0.01, 0.6)
parts = st.lists(st.tuples(positive, rates, st.floats(0.05, 0.95)), min_size=2, max_size=30)


def columns(rows: list[tuple[float, float, float]]) -> tuple[Floats, Floats, Floats]:
    people, rate, share = np.array(rows).T
    return people, rate, share


@settings(max_examples=100, deadline=None)
@given(parts, st.floats(0.02, 0.98), positive)
def test_tilt_meets_mean_and_total(
    rows: list[tuple[float, float, float]], place: float, total: float
) -> None:
    prior, rate, _ = columns(rows)
    mean = rate.min() + place * np.ptp(rate)
    people, met = tilted(prior, rate, mean, total)
    assert people.sum() == pytest.approx(total)
    assert np.all(people >= 0.0)
    if np.ptp(rate) > 1e-6:
        assert met
        assert people @ rate / total == pytest.approx(mean, abs=1e-9)


def test_tilt_is_nearest_to_the_prior() -> None:
    prior = np.array([0.2, 0.5, 0.1, 0.2])
    rate = np.array([5.0, 10.0, 20.0, 12.0])
    found, _ = tilted(prior, rate, 12.0, 1.0)
    best = minimize(
        lambda w: float(w @ np.log(w / prior)),
        prior,
        method="SLSQP",
        bounds=[(1e-9, 1.0)] * 4,
        constraints=[
            {"type": "eq", "fun": lambda w: w.sum() - 1.0},
            {"type": "eq", "fun": lambda w: w @ rate - 12.0},
        ],
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert found == pytest.approx(best.x, abs=1e-6)


def test_tilt_says_when_no_weights_will_do() -> None:
    prior = np.array([2.0, 6.0])
    people, met = tilted(prior, np.array([5.0, 7.0]), 9.0, 100.0)
    assert not met
    assert people == pytest.approx([25.0, 75.0])
    _, met = tilted(prior, np.array([5.0, 5.0]), 5.0, 100.0)
    assert met


@settings(max_examples=100, deadline=None)
@given(parts, st.floats(0.001, 0.999))
def test_shares_add_up_and_keep_their_odds_ratios(
    rows: list[tuple[float, float, float]], place: float
) -> None:
    people, _, share = columns(rows)
    found = shares_with_total(logit(share), people, place * people.sum())
    assert people @ found == pytest.approx(place * people.sum(), rel=1e-9)
    inside = (found > 1e-9) & (found < 1.0 - 1e-9)
    shift = logit(found[inside]) - logit(share[inside])
    assert np.allclose(shift, shift[:1], atol=1e-4)


def test_shares_at_the_ends() -> None:
    prior, people = np.zeros(3), np.ones(3)
    assert shares_with_total(prior, people, 0.0).tolist() == [0.0] * 3
    assert shares_with_total(prior, people, 3.0).tolist() == [1.0] * 3


@settings(max_examples=60, deadline=None)
@given(parts, st.floats(0.05, 0.9))
def test_rates_are_shifted_to_a_mean(rows: list[tuple[float, float, float]], mean: float) -> None:
    people, rate, _ = columns(rows)
    found = rates_with_mean(rate, people, mean)
    assert people @ found / people.sum() == pytest.approx(mean, rel=1e-9)
    assert np.all((found > 0.0) & (found < 1.0))


@settings(max_examples=150, deadline=None)
@given(parts, st.floats(-3.0, 3.0))
def test_poor_by_area_meets_both_margins(
    rows: list[tuple[float, float, float]], log_ratio: float
) -> None:
    people, rural_rate, share = columns(rows)
    urban, rural = people * share, people * (1.0 - share)
    urban_rate = expit(logit(rural_rate) + log_ratio)
    rate = share * urban_rate + (1.0 - share) * rural_rate
    first, second, ratio = poor_by_area(urban, rural, rate, float(urban @ urban_rate))
    assert np.all((first > 0.0) & (first < 1.0) & (second > 0.0) & (second < 1.0))
    assert share * first + (1.0 - share) * second == pytest.approx(rate, rel=1e-9)
    assert urban @ first == pytest.approx(urban @ urban_rate, rel=1e-8)
    assert ratio == pytest.approx(np.exp(log_ratio), rel=1e-4)


def fitted_iteratively(urban: Floats, rural: Floats, rate: Floats, urban_poor: float) -> Floats:
    """Urban poor of each district by iterative proportional fitting of all two-way margins."""
    people = np.stack([urban, rural], axis=1)
    poor = rate * people.sum(axis=1)
    by_area = np.array([urban_poor, poor.sum() - urban_poor])
    table = np.full((len(rate), 2, 2), 1.0)
    for _ in range(4000):
        table *= (people / table.sum(axis=2))[:, :, None]
        now = table.sum(axis=1)
        wanted = np.stack([poor, people.sum(axis=1) - poor], axis=1)
        table *= (wanted / now)[:, None, :]
        margin = np.stack([by_area, people.sum(axis=0) - by_area], axis=1)
        table *= (margin / table.sum(axis=0))[None]
    return np.asarray(table[:, 0, 0])


def test_poor_by_area_is_the_limit_of_iterative_fitting() -> None:
    rng = np.random.default_rng(7)
    urban, rural = rng.uniform(1.0, 5.0, (2, 12))
    rate = rng.uniform(0.03, 0.3, 12)
    urban_poor = 0.8 * float((rate * urban).sum())
    first, _, _ = poor_by_area(urban, rural, rate, urban_poor)
    assert urban * first == pytest.approx(
        fitted_iteratively(urban, rural, rate, urban_poor), rel=1e-6
    )


def test_impossible_urban_poor_are_approached() -> None:
    urban, rural = np.array([1.0, 2.0]), np.array([3.0, 2.0])
    rate = np.array([0.1, 0.2])
    first, second, _ = poor_by_area(urban, rural, rate, 100.0)
    assert urban @ first == pytest.approx(rate @ (urban + rural), rel=1e-6)
    assert np.all(second < 1e-6)
    first, _, _ = poor_by_area(urban, rural, rate, -1.0)
    assert np.all(first < 1e-6)
