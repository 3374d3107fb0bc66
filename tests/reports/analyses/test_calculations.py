"""Ranks, changes, swings, quadrants, priorities and links against independent references."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from kesos_sim.reports.analyses.calculations import (
    Change,
    change,
    least_clear,
    priorities,
    quadrant,
    rank,
    slope,
    stretch,
    swing,
    urgency,
    way,
)
from kesos_sim.reports.analyses.links import LEAST_LINKED, holm, link

VALUES = st.dictionaries(st.integers(1, 60), st.integers(-40, 40).map(float), min_size=1)
YEARS = st.dictionaries(st.integers(2007, 2024), st.floats(0.5, 50.0), min_size=2, max_size=12)
PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=LEAST_LINKED)


@given(VALUES)
def test_rank_is_that_of_pandas(values: dict[int, float]) -> None:
    expected = pd.Series(values).rank(method="min", ascending=False)
    for code in values:
        assert rank(values, code).place == expected[code]
        assert rank(values, code).of == len(values)


@given(YEARS)
def test_slope_is_the_least_squares_line(points: dict[int, float]) -> None:
    years = np.array(list(points), np.float64)
    expected = np.polyfit(years - years.mean(), list(points.values()), 1)[0]
    assert slope(points) == pytest.approx(expected, abs=1e-9)


@given(YEARS, st.integers(2005, 2026), st.integers(2005, 2026))
def test_change_takes_the_ends_inside_the_span(
    points: dict[int, float], since: int, until: int
) -> None:
    inside = pd.Series(points).sort_index().loc[since:until]
    found = change(points, since, until)
    if len(inside) < 2:
        assert found is None
    else:
        assert found == Change(inside.index[0], inside.index[-1], inside.iloc[0], inside.iloc[-1])


@given(YEARS, st.sets(st.integers(2006, 2025), max_size=3))
def test_stretch_holds_no_break_and_is_the_last_one(
    points: dict[int, float], cuts: set[int]
) -> None:
    found = stretch(points, cuts)
    assert all(points[year] == value for year, value in found.items())
    assert not any(min(found) < cut <= max(found) for cut in cuts if found)
    later = sorted(year for year in points if found and year > max(found))
    assert all(any(a < cut <= b for cut in cuts) for a, b in pairwise(later))


def test_swing_finds_the_noise_it_was_given() -> None:
    draws = np.random.default_rng(1)
    series = [
        {2000 + t: 10.0 - 0.2 * t + draws.normal(0.0, 0.3) for t in range(12)} for _ in range(400)
    ]
    level = np.mean([value for one in series for value in one.values()])
    assert swing(series) * level == pytest.approx(0.3, rel=0.05)


def test_swing_is_nothing_on_a_straight_line_and_unknown_for_few_years() -> None:
    straight = {year: 5.0 + 0.5 * (year - 2000) for year in range(2000, 2012)}
    assert swing([straight]) == pytest.approx(0.0, abs=1e-12)
    assert math.isnan(swing([{2000: 1.0, 2001: 2.0, 2002: 1.0}]))
    gaps = {year: float(year % 3 + 1) for year in range(2000, 2040, 2)}
    assert math.isnan(swing([gaps])), "years that do not follow on each other tell nothing"


def test_clear_differences_are_those_of_the_normal_distribution() -> None:
    draws = np.random.default_rng(2)
    first, last = 10.0 * (1.0 + 0.05 * draws.normal(size=(2, 200_000)))
    beyond = np.abs(last - first) > least_clear(10.0, 10.0, 0.05)
    assert beyond.mean() == pytest.approx(0.05, abs=0.002)


def test_a_change_within_noise_has_no_direction() -> None:
    assert way(-0.3, 0.05, 0.4) == "within_noise"
    assert way(-0.5, 0.05, 0.4) == "down"
    assert way(0.5, 0.05) == "up"
    assert way(0.01, 0.05, 0.4) == "flat"


@given(*[st.integers(-20, 20).map(float)] * 4)
def test_quadrants_mirror_when_higher_is_better(
    level: float, step: float, x: float, y: float
) -> None:
    one = quadrant(level, step, (x, y), higher_is_better=False)
    mirrored = quadrant(-level, -step, (-x, -y), higher_is_better=True)
    assert one == mirrored
    assert (one in {1, 2}) == (level > x)
    assert (one in {1, 3}) == (step > y)


CRITERIA = st.lists(st.tuples(*[st.integers(0, 9)] * 3), min_size=2, max_size=8)
FEWER = settings(max_examples=30)


@FEWER
@given(CRITERIA, st.tuples(*[st.integers(0, 5)] * 3).filter(any))
def test_priorities_are_weighted_mean_ranks(
    rows: list[tuple[int, int, int]], weights: tuple[int, int, int]
) -> None:
    table = np.array(rows, np.float64)
    found = priorities(table, weights, first=2)
    frame = (pd.DataFrame(table).rank() - 1) / (len(rows) - 1)
    expected = (frame * np.array(weights)).sum(axis=1) / sum(weights)
    assert [one.score for one in found] == pytest.approx(expected.tolist())
    places = expected.round(12).rank(method="min", ascending=False)
    assert [one.place for one in found] == places.tolist()
    for one in found:
        assert one.best <= one.worst
        assert 0.0 <= one.firm <= 100.0


@FEWER
@given(CRITERIA)
def test_what_leads_in_everything_leads_whatever_the_weights(
    rows: list[tuple[int, int, int]],
) -> None:
    table = np.array([*rows, (10, 10, 10)], np.float64)
    *_, leader = priorities(table, (1.0, 2.0, 3.0), first=1)
    assert (leader.place, leader.best, leader.worst, leader.firm) == (1, 1, 1, 100.0)
    assert urgency(table).min() >= 0.0
    assert urgency(table).max() == 1.0


@FEWER
@given(PAIRS)
def test_rank_correlation_is_that_of_scipy_and_pandas(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array(column, np.float64) for column in zip(*pairs, strict=True))
    found = link(first.tolist(), second.tolist())
    assert found.n == len(pairs)
    if first.std() == 0.0 or second.std() == 0.0:
        assert math.isnan(found.rho)
        assert math.isnan(found.p)
        return
    assert found.rho == pytest.approx(spearmanr(first, second).statistic, abs=1e-9)
    assert found.rho == pytest.approx(pd.Series(first).corr(pd.Series(second), "spearman"))
    assert found.low <= found.rho + 1e-6
    assert found.rho - 1e-6 <= found.high
    assert 0.0 < found.p <= 1.0


def test_permutation_chance_agrees_with_the_t_approximation() -> None:
    draws = np.random.default_rng(3)
    x = draws.normal(size=40)
    y = 0.4 * x + draws.normal(size=40)
    assert link(x.tolist(), y.tolist()).p == pytest.approx(spearmanr(x, y).pvalue, abs=0.01)


def test_nothing_is_claimed_of_few_pairs() -> None:
    few = list(map(float, range(LEAST_LINKED - 1)))
    found = link(few, few)
    assert found.rho == pytest.approx(1.0)
    assert math.isnan(found.p)
    assert math.isnan(found.low)


def test_unlinked_measures_are_rarely_claimed() -> None:
    draws = np.random.default_rng(4)
    claimed = [
        link(draws.normal(size=20).tolist(), draws.normal(size=20).tolist()).p < 0.05
        for _ in range(100)
    ]
    assert sum(claimed) <= 12


@given(st.lists(st.floats(0.0001, 1.0), min_size=1, max_size=9))
def test_holm_corrects_step_by_step(chances: list[float]) -> None:
    found = holm(chances)
    order = np.argsort(chances, kind="stable")
    steps = np.array(chances)[order] * np.arange(len(chances), 0, -1)
    expected = np.minimum(1.0, np.maximum.accumulate(steps))
    assert np.array(found)[order] == pytest.approx(expected)
    assert math.isnan(holm([*chances, math.nan])[-1])
    assert holm([*chances, math.nan])[:-1] == found
