"""Indicators of disasters from counts: closed forms, parts and wholes."""

from __future__ import annotations

import numpy as np
import pytest

from kesos_sim.indicators.hazards import HAZARD_MEASURES, hazard_indicators

COUNTS = {
    "affected": 900.0, "needed": 50.0, "helped": 40.0, "days": 100.0, "waiting": 10.0,
    "aided": 8.0, "stock": 30.0, "target": 120.0, "damaged": 5.0, "unrepaired": 7.0,
    "repaired": 2.0, "lost": 200.0, "recovered": 140.0, "cash_families": 11.0,
}  # fmt: skip


def test_values_are_those_of_plain_arithmetic() -> None:
    counts = np.array([COUNTS[name] for name in HAZARD_MEASURES])[None, :, None]
    found = {name: float(values[0, 0]) for name, values in hazard_indicators(counts).items()}
    assert found == pytest.approx(
        {
            "disaster_affected": 900, "disaster_helped": 40, "disaster_waiting": 10,
            "days_to_aid": 2.5, "aid_received": 8, "relief_stock": 25, "houses_unrepaired": 7,
            "disaster_recovery": 70, "emergency_cash_families": 11,
        }
    )  # fmt: skip


def test_nobody_to_count_is_no_zero() -> None:
    found = hazard_indicators(np.zeros((1, len(HAZARD_MEASURES), 1)))
    for name in ("days_to_aid", "relief_stock", "disaster_recovery"):
        assert np.isnan(found[name]).all(), name
    assert found["disaster_affected"] == 0


def test_a_region_is_its_districts_together() -> None:
    chance = np.random.default_rng(3)
    counts = chance.integers(1, 500, (4, len(HAZARD_MEASURES), 6)).astype(float)
    parts, whole = hazard_indicators(counts), hazard_indicators(counts.sum(2, keepdims=True))
    for name in ("disaster_affected", "disaster_waiting", "aid_received", "houses_unrepaired"):
        np.testing.assert_allclose(parts[name].sum(1), whole[name][:, 0])
    helped = counts[:, HAZARD_MEASURES.index("helped")]
    mean = (parts["days_to_aid"] * helped).sum(1) / helped.sum(1)
    np.testing.assert_allclose(mean, whole["days_to_aid"][:, 0])
