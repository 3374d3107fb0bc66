"""Curves, their measures and the grid, against closed forms and numerical integration."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import simpson
from scipy.special import ndtr, ndtri

from kesos_sim.data.parameters import parameter_table
from kesos_sim.population.quantile import (
    RURAL,
    URBAN,
    measures,
    rank_grid,
    reference_curve,
    weighted_gini,
)


def value(name: str) -> float:
    return parameter_table()[name].value


GRID = rank_grid(value)


def test_grid_covers_everyone_once() -> None:
    assert GRID.width.sum() == pytest.approx(1.0, abs=1e-14)
    assert np.all(GRID.width > 0.0)
    assert np.all(np.diff(GRID.rank) > 0.0)
    assert np.allclose(np.diff(GRID.score), GRID.step)
    assert np.allclose(GRID.score, -GRID.score[::-1])
    assert np.allclose(GRID.middle, np.cumsum(GRID.width) - 0.5 * GRID.width)
    assert GRID.rank[0] < 1e-5
    assert (GRID.rank < 0.1).sum() > 150, "dense at the bottom"


@pytest.mark.parametrize("area", [URBAN, RURAL])
@pytest.mark.parametrize("year", [2015, 2019, 2024])
def test_reference_is_increasing_with_the_published_percentiles(area: int, year: int) -> None:
    curve = reference_curve(area, year, GRID, value)
    assert np.all(np.diff(curve) > 0.0)
    assert np.interp(0.0, GRID.score, curve) == pytest.approx(0.0, abs=1e-3), "median is 1"
    # Source: consumption_percentiles.csv, p1 and p99 of 2019 and 2015.
    published = {
        (URBAN, 2015): (0.28396, 8.14925),
        (RURAL, 2015): (0.34649, 5.25821),
        (URBAN, 2019): (0.28634, 5.96272),
        (RURAL, 2019): (0.34075, 4.18084),
    }[area, min(year, 2019)]
    ends = np.exp(np.interp(ndtri([0.01, 0.99]), GRID.score, curve))
    assert ends == pytest.approx(published, rel=1e-3)


def test_reference_has_a_pareto_tail() -> None:
    curve = reference_curve(URBAN, 2024, GRID, value)
    far = GRID.score > 2.5
    slope = np.polyfit(np.log(ndtr(-GRID.score[far])), curve[far], 1)[0]
    assert -1.0 / slope == pytest.approx(value("population.pareto_index_urban"), rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.05, 1.2), st.floats(0.25, 0.9))
def test_measures_of_a_lognormal(location: float, spread: float) -> None:
    found = measures((location + spread * GRID.score)[None], GRID)
    edge = -location / spread
    means = [np.exp(k * location + 0.5 * (k * spread) ** 2) for k in (1, 2)]
    below = [means[k - 1] * ndtr(edge - k * spread) for k in (1, 2)]
    assert found.p0[0] == pytest.approx(100.0 * ndtr(edge), abs=2e-4)
    assert found.p1[0] == pytest.approx(100.0 * (ndtr(edge) - below[0]), abs=1e-3)
    assert found.p2[0] == pytest.approx(100.0 * (ndtr(edge) - 2 * below[0] + below[1]), abs=1e-3)
    assert found.mean[0] == pytest.approx(means[0], rel=1e-3)
    assert found.gini[0] == pytest.approx(2.0 * ndtr(spread / np.sqrt(2.0)) - 1.0, abs=3e-4)


@pytest.mark.parametrize("area", [URBAN, RURAL])
def test_measures_agree_with_numerical_integration(area: int) -> None:
    curve = reference_curve(area, 2024, GRID, value) + 0.7
    found = measures(curve[None], GRID)

    score = np.linspace(-8.0, 8.0, 400_001)
    density = np.exp(-0.5 * score**2) / np.sqrt(2.0 * np.pi)
    welfare = np.exp(np.interp(score, GRID.score, curve))
    gap = np.maximum(1.0 - welfare, 0.0)
    mean = simpson(welfare * density, score)
    assert found.mean[0] == pytest.approx(mean, rel=1e-4)
    assert found.p1[0] == pytest.approx(100.0 * simpson(gap * density, score), abs=1e-3)
    assert found.p2[0] == pytest.approx(100.0 * simpson(gap**2 * density, score), abs=1e-3)
    gini = 2.0 * simpson(welfare * ndtr(score) * density, score) / mean - 1.0
    assert found.gini[0] == pytest.approx(gini, abs=1e-4)


def test_headcount_at_the_ends() -> None:
    flat = np.linspace(0.5, 1.0, len(GRID.score))
    found = measures(np.stack([flat, -flat[::-1]]), GRID)
    assert found.p0.tolist() == [0.0, 100.0]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 100.0), st.floats(0.1, 5.0)), min_size=2, max_size=12))
def test_weighted_gini_is_mean_difference_over_twice_the_mean(
    pairs: list[tuple[float, float]],
) -> None:
    values, weights = np.array(pairs).T
    share = weights / weights.sum()
    difference = share @ np.abs(values[:, None] - values[None]) @ share
    assert weighted_gini(values, weights) == pytest.approx(difference / (2 * share @ values))
