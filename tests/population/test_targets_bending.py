"""Bent curves meet their goals, always increase, and fail gently."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.special import ndtr, ndtri

from kesos_sim.data.parameters import parameter_table
from kesos_sim.population.quantile import RURAL, URBAN, Floats, measures, rank_grid, reference_curve
from kesos_sim.population.quantile_bending import CurveGoals, _Problem, bend, bend_settings


def value(name: str) -> float:
    return parameter_table()[name].value


GRID = rank_grid(value)
SETTINGS = bend_settings(value)
URBAN_SHAPE = reference_curve(URBAN, 2019, GRID, value)
RURAL_SHAPE = reference_curve(RURAL, 2019, GRID, value)


def goals_of(curves: Floats, with_mean: bool = True) -> CurveGoals:
    found = measures(curves, GRID)
    mean = found.mean if with_mean else np.full(len(curves), np.nan)
    return CurveGoals(found.p0 / 100, found.p1 / 100, found.p2 / 100, found.gini, mean)


def misses(curves: Floats, goals: CurveGoals) -> Floats:
    """P1, P2 and Gini, in half units of the last published digit."""
    found = measures(curves, GRID)
    rows = [found.p1 / 100 - goals.p1, found.p2 / 100 - goals.p2, found.gini - goals.gini]
    return np.array(rows) / SETTINGS.tolerance[:, None]


def test_the_shape_itself_needs_no_bend() -> None:
    for level in (0.3, 0.7):
        curve = URBAN_SHAPE[None] + level
        bent = bend(URBAN_SHAPE[None], GRID, goals_of(curve), SETTINGS)
        assert np.abs(bent.log_slope).max() < 1e-3
        assert np.abs(bent.log_welfare - curve).max() < 1e-3


@settings(max_examples=25, deadline=None)
@given(
    level=st.floats(0.25, 0.9),
    stretch=st.floats(-0.4, 0.4),
    waves=st.lists(st.floats(-0.4, 0.4), min_size=4, max_size=4),
    with_mean=st.booleans(),
)
def test_goals_of_an_existing_curve_are_met(
    level: float, stretch: float, waves: list[float], with_mean: bool
) -> None:
    score = 0.5 * (GRID.score[1:] + GRID.score[:-1])
    slope = stretch + np.interp(score, [-2.5, -1.0, 1.0, 2.5], waves)
    curve = np.concatenate([[0.0], np.cumsum(np.exp(slope) * np.diff(RURAL_SHAPE))])
    curve += level - np.interp(0.0, GRID.score, curve)
    goals = goals_of(curve[None], with_mean)
    if not 0.01 < goals.p0[0] < 0.6:
        return
    bent = bend(RURAL_SHAPE[None], GRID, goals, SETTINGS)
    assert np.all(np.diff(bent.log_welfare) > 0.0)
    assert measures(bent.log_welfare, GRID).p0 == pytest.approx(100 * goals.p0, abs=1e-8)
    assert np.abs(misses(bent.log_welfare, goals)).max() < 1.0


@settings(max_examples=25, deadline=None)
@given(
    p0=st.floats(0.01, 0.6),
    depth=st.floats(0.02, 0.6),
    evenness=st.floats(0.0, 1.0),
    gini=st.floats(0.05, 0.8),
)
def test_any_goals_give_an_increasing_curve_with_that_headcount(
    p0: float, depth: float, evenness: float, gini: float
) -> None:
    p1 = p0 * depth
    p2 = p1 * (depth + evenness * (1.0 - depth))
    goals = CurveGoals(*np.array([[p0], [p1], [p2], [gini], [np.nan]]))
    bent = bend(URBAN_SHAPE[None], GRID, goals, SETTINGS)
    assert np.all(np.isfinite(bent.log_welfare))
    assert np.all(np.diff(bent.log_welfare) >= 0.0)
    below = int((GRID.rank < p0).sum())
    assert bent.log_welfare[0, below - 1] <= 1e-9 <= bent.log_welfare[0, below] + 1e-8


def test_gradient_agrees_with_finite_differences() -> None:
    rng = np.random.default_rng(2008)
    knots = len(SETTINGS.knots)
    goals = goals_of((URBAN_SHAPE * 1.1 + 0.5)[None])
    problem = _Problem(URBAN_SHAPE[None], GRID, goals, SETTINGS)
    which = np.array([0])
    for _ in range(3):
        slope = 0.2 * rng.standard_normal(knots)
        _, gradient = problem.quadratic(slope[None], which)
        numeric = approx_fprime(slope, lambda g: 0.5 * problem.cost(g[None], which)[0], 1e-7)
        assert gradient[0] == pytest.approx(numeric, rel=1e-3, abs=1e-3 * np.abs(numeric).max())


def test_curves_do_not_depend_on_their_company() -> None:
    shapes = np.stack([URBAN_SHAPE, RURAL_SHAPE])
    goals = goals_of(np.stack([URBAN_SHAPE * 1.1 + 0.6, RURAL_SHAPE * 0.9 + 0.4]))
    both = bend(shapes, GRID, goals, SETTINGS)
    alone = bend(shapes[1:], GRID, goals.take(np.array([1])), SETTINGS)
    assert np.array_equal(both.log_welfare[1], alone.log_welfare[0])


def test_contradictory_goals_are_missed_by_little_where_they_can_be_met() -> None:
    # With that headcount and gap the severity is at least gap squared over headcount, 0.004.
    goals = CurveGoals(*np.array([[0.1], [0.02], [0.003], [0.35], [np.nan]]))
    bent = bend(URBAN_SHAPE[None], GRID, goals, SETTINGS)
    found = measures(bent.log_welfare, GRID)
    assert found.p0[0] == pytest.approx(10.0, abs=1e-8)
    assert 0.3 < found.p2[0] < 0.41
    assert found.p1[0] == pytest.approx(2.0, abs=0.3)
    assert found.gini[0] == pytest.approx(0.35, abs=0.001)
    assert np.all(np.diff(bent.log_welfare) >= 0.0)


def test_start_from_a_neighbour_leads_to_the_same_curve() -> None:
    goals = goals_of((URBAN_SHAPE * 0.9 + 0.7)[None])
    fresh = bend(URBAN_SHAPE[None], GRID, goals, SETTINGS)
    again = bend(URBAN_SHAPE[None], GRID, goals, SETTINGS, start=fresh.log_slope + 0.1)
    inside = np.abs(GRID.score) < ndtri(0.999)
    assert ndtr(GRID.score[inside]).max() > 0.99
    assert np.abs(again.log_welfare - fresh.log_welfare)[0, inside].max() < 0.01
