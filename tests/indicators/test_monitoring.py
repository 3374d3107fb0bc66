"""Indicators of reports from counts, and the gap between small and large organisations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.indicators.monitoring import MONITORING_MEASURES, SIZE_EDGES, monitoring_indicators

MEASURE = {name: place for place, name in enumerate(MONITORING_MEASURES)}
FIRST = MEASURE["size_0"]


@st.composite
def counts_of(draw: st.DrawFn) -> np.ndarray:
    """Draw possible counts of some months and districts; some have nobody to count."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = (draw(st.integers(1, 30)), draw(st.integers(1, 4)))
    there = chance.random(shape) < 0.8
    once = chance.integers(0, 500, shape) * there
    reported = once + chance.integers(0, 50, shape) * (once > 0)
    ended = chance.integers(0, 20, shape) * there
    claimed = ended + chance.integers(0, 40, shape) * there
    sizes = chance.integers(0, 9, (SIZE_EDGES.size - 1, *shape)) * (chance.random(shape[1]) < 0.8)
    return np.stack([reported, once, claimed, ended, *sizes], axis=1).astype(float)


@given(counts=counts_of())
def test_values_are_those_of_plain_arithmetic(counts):
    found = monitoring_indicators(counts)
    for month, region in np.ndindex(counts.shape[0], counts.shape[2]):
        of = {name: counts[:, place, region] for name, place in MEASURE.items()}
        reported, once = of["reported"][month], of["once"][month]
        year = slice(max(month - 11, 0), month + 1)
        claimed, ended = of["claimed"][year].sum(), of["ended"][year].sum()
        expected = {
            "served_reported": reported,
            "report_error": 100.0 * (reported - once) / once if once else np.nan,
            "impact_reported_ratio": claimed / ended if ended else np.nan,
        }
        for name, value in expected.items():
            assert found[name][month, region] == pytest.approx(value, nan_ok=True), name
        nobody = counts[month, FIRST:, region].sum() == 0
        assert np.isnan(found["capacity_spread"][month, region]) == nobody
    assert set(found) == {*expected, "capacity_spread"}
    assert not np.any(found["capacity_spread"] < 1.0)


@pytest.mark.parametrize("spread", [0.5, 0.9, 1.2])
def test_the_gap_is_that_of_percentiles(spread: float) -> None:
    """Of organisations one by one, within what a group of sizes hides."""
    chance = np.random.default_rng(4)
    clients = 60.0 * np.exp(spread * chance.standard_normal(4000))
    sizes, _ = np.histogram(np.clip(clients, SIZE_EDGES[0], SIZE_EDGES[-1]), SIZE_EDGES)
    counts = np.concatenate([np.zeros(FIRST), sizes])[None, :, None]
    small, large = np.percentile(clients, [10, 90])
    found = monitoring_indicators(counts)["capacity_spread"]
    assert found[0, 0] == pytest.approx(large / small, rel=0.04)


def test_who_is_all_alike_has_hardly_a_gap() -> None:
    counts = np.zeros((1, len(MONITORING_MEASURES), 1))
    counts[0, FIRST + 17, 0] = 50
    found = monitoring_indicators(counts)["capacity_spread"][0, 0]
    assert 1.0 < found < SIZE_EDGES[1] / SIZE_EDGES[0]
