"""Indicators of empowerment are what their counts say."""

from __future__ import annotations

import numpy as np
import pytest

from kesos_sim.indicators.definitions import indicators
from kesos_sim.indicators.empowering import EMPOWERING_MEASURES, empowering_indicators


def test_indicators_are_their_formulas() -> None:
    counts = np.zeros((1, len(EMPOWERING_MEASURES), 2))
    counts[0, :, 0] = [50, 40, 20, 15, 8, 2, 30, 3, 6]
    found = {name: values[0] for name, values in empowering_indicators(counts).items()}
    assert set(found) < set(indicators())
    expected = {
        "enterprises": 50, "enterprise_survival": 75, "stimulus_to_earners": 80,
        "pkh_graduates": 8, "graduate_relapse": 25, "topup_to_unable": 10,
        "pioneer_families": 6,
    }  # fmt: skip
    for name, value in expected.items():
        assert found[name][0] == pytest.approx(value), name
        assert found[name][1] == 0 or np.isnan(found[name][1])


def test_counts_of_something_else_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        empowering_indicators(np.zeros((1, len(EMPOWERING_MEASURES) - 1, 2)))
