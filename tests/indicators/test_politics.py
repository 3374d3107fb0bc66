"""Indicators of councils from counts: closed forms, parts and wholes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.indicators.politics import POLITICAL_MEASURES, political_indicators

MEASURE = {name: place for place, name in enumerate(POLITICAL_MEASURES)}


@st.composite
def counts_of(draw: st.DrawFn) -> np.ndarray:
    """Draw possible counts of some months and districts."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 5)))
    people = chance.integers(1000, 10**6, shape)
    covered = chance.integers(0, 2, shape)
    return np.stack(
        [
            people,
            (people * chance.random(shape)).astype(int),
            people * covered,
            covered,
            covered * chance.integers(5, 90, shape),
            np.ones(shape, int),
            chance.integers(0, 2, shape),
        ],
        axis=1,
    ).astype(float)


@given(counts=counts_of())
def test_values_of_a_whole_are_plain_arithmetic_on_its_parts(counts):
    found = political_indicators(counts.sum(axis=2, keepdims=True))
    for month in range(counts.shape[0]):
        of = {name: counts[month, place].sum() for name, place in MEASURE.items()}
        expected = {
            "political_support": 100.0 * of["won"] / of["people"],
            "bylaw_coverage": 100.0 * of["covered_people"] / of["people"],
            "months_to_bylaw": of["months"] / of["covered"] if of["covered"] else np.nan,
            "province_bodies_active": 100.0 * of["province_awake"] / of["districts"],
        }
        assert set(found) == set(expected)
        for name, value in expected.items():
            assert found[name][month, 0] == pytest.approx(value, nan_ok=True), name


def test_counts_of_something_else_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        political_indicators(np.zeros((1, len(POLITICAL_MEASURES) - 1, 2)))
