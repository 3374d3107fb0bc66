"""Strata nested in a curve add up to it and keep their own poverty rates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from kesos_sim.data.parameters import parameter_table
from kesos_sim.population.quantile import URBAN, measures, rank_grid, reference_curve, weighted_gini
from kesos_sim.population.quantile_nesting import Nesting, measure, measure_again, mixture_gini


def value(name: str) -> float:
    return parameter_table()[name].value


GRID = rank_grid(value)
SHAPE = reference_curve(URBAN, 2019, GRID, value)
LEVELS = np.array([0.4, 0.8])
CURVES = SHAPE[None] + LEVELS[:, None]


def nesting(rates: list[float], weights: list[float], lines: list[float]) -> Nesting:
    """One cell whose strata have these rates; the second cell has one stratum."""
    share = np.array(weights) / np.sum(weights)
    headcount = float(share @ rates)
    shift = ndtri(headcount) - ndtri(np.array(rates))
    return Nesting(
        np.array([0] * len(rates) + [1], np.int32),
        np.append(share, 1.0),
        np.append(shift, 0.0),
        np.append(lines, 1.0),
    )


def at_headcount(headcount: float) -> np.ndarray:
    """Curves of which the first crosses the line at a rank."""
    curves = CURVES.copy()
    curves[0] -= np.interp(ndtri(headcount), GRID.score, curves[0])
    return curves


strata = st.lists(
    st.tuples(st.floats(0.01, 0.5), st.floats(0.1, 1.0), st.floats(0.5, 1.8)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(strata)
def test_strata_add_up_to_the_curve(rows: list[tuple[float, float, float]]) -> None:
    rates, weights, lines = (list(column) for column in zip(*rows, strict=True))
    nest = nesting(rates, weights, lines)
    headcount = float(nest.weight[:-1] @ rates)
    curves = at_headcount(headcount)
    found = measure(nest, GRID, curves)
    whole = measures(curves, GRID)
    assert found.p0[:-1] == pytest.approx(100.0 * np.array(rates), abs=2e-3)
    for name in ("p0", "p1", "p2"):
        parts = getattr(found, name)
        assert nest.weight[:-1] @ parts[:-1] == pytest.approx(getattr(whole, name)[0], abs=5e-3)
        assert parts[-1] == pytest.approx(getattr(whole, name)[1], abs=1e-3)
    assert found.persons.sum(axis=1) == pytest.approx(1.0)


def test_equal_lines_give_the_inequality_of_the_curve() -> None:
    nest = nesting([0.05, 0.1, 0.3], [1.0, 2.0, 1.0], [1.0, 1.0, 1.0])
    curves = at_headcount(0.1375)
    found, whole = measure(nest, GRID, curves), measures(curves, GRID)
    assert found.gini == pytest.approx(whole.gini, abs=3e-4)
    assert found.mean == pytest.approx(whole.mean, rel=1e-3)


def test_higher_lines_in_richer_strata_raise_inequality() -> None:
    curves = at_headcount(0.15)
    level = measure(nesting([0.05, 0.25], [1.0, 1.0], [1.0, 1.0]), GRID, curves).gini[0]
    richer = measure(nesting([0.05, 0.25], [1.0, 1.0], [1.2, 0.8]), GRID, curves).gini[0]
    poorer = measure(nesting([0.05, 0.25], [1.0, 1.0], [0.9, 1.1]), GRID, curves).gini[0]
    assert richer > level > poorer


def test_nesting_agrees_with_a_large_sample() -> None:
    rates, weights, lines = [0.04, 0.12, 0.3], [0.5, 0.3, 0.2], [1.2, 0.9, 0.65]
    nest = nesting(rates, weights, lines)
    curves = at_headcount(float(np.dot(weights, rates)))
    found = measure(nest, GRID, curves)
    # Low-discrepancy scores inside each stratum, ranked among everybody by counting.
    count = 40_000
    score = np.concatenate(
        [ndtri((np.arange(count) + 0.5) / count) + shift for shift in nest.shift[:-1]]
    )
    person = np.repeat(np.array(weights) / count, count)
    order = np.argsort(score)
    rank = np.empty_like(score)
    rank[order] = np.cumsum(person[order]) - 0.5 * person[order]
    welfare = np.exp(np.interp(ndtri(rank), GRID.score, curves[0]))
    poor = [100.0 * (welfare[s * count : (s + 1) * count] < 1.0).mean() for s in range(3)]
    assert found.p0[:-1] == pytest.approx(poor, abs=0.01)
    spending = welfare * np.repeat(lines, count)
    assert found.mean[0] == pytest.approx(person @ spending, rel=1e-3)
    assert found.gini[0] == pytest.approx(weighted_gini(spending, person), abs=2e-4)


def test_places_are_exact_far_out() -> None:
    nest = nesting([0.1], [1.0], [1.0])
    far = np.array([-9.0, -3.0, 0.0, 3.0, 9.0])
    assert nest.rank_score(0, far) == pytest.approx(far)


def test_mixture_of_two_cells() -> None:
    nest = nesting([0.05, 0.1, 0.3], [1.0, 2.0, 1.0], [1.1, 1.0, 0.8])
    found = measure(nest, GRID, at_headcount(0.1375))
    scale, people = np.array([500_000.0, 400_000.0]), np.array([2e6, 1e6])
    value = np.concatenate([scale[c] * found.spending[c] for c in range(2)])
    share = np.concatenate([people[c] * found.persons[c] for c in range(2)]) / people.sum()
    difference = share @ np.abs(value[:, None] - value[None]) @ share
    expected = difference / (2.0 * share @ value)
    assert mixture_gini(found, np.array([0, 1]), scale, people) == pytest.approx(expected)


def test_measuring_again_replaces_only_what_changed() -> None:
    nest = nesting([0.05, 0.2], [1.0, 1.0], [1.1, 0.9])
    curves = at_headcount(0.125)
    found = measure(nest, GRID, curves)
    before = found.gini.copy(), found.p1.copy()
    changed = curves * np.array([[1.1], [1.0]])
    measure_again(found, nest, GRID, changed, [0])
    fresh = measure(nest, GRID, changed)
    assert np.array_equal(found.gini, fresh.gini)
    assert np.array_equal(found.p1, fresh.p1)
    assert found.gini[1] == before[0][1]
    assert found.p1[-1] == before[1][-1]
    assert ndtr(0.0) == 0.5
