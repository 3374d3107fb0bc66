"""Indicators of citizens are what their counts say."""

from __future__ import annotations

import numpy as np
import pytest

from kesos_sim.indicators.citizens import CITIZEN_MEASURES, citizen_indicators
from kesos_sim.indicators.definitions import indicators


def test_indicators_are_their_formulas() -> None:
    given = {"complaints": 40, "open": 50, "resolved": 10, "villages": 200, "deliberating": 60}
    counts = np.zeros((1, len(CITIZEN_MEASURES), 2))
    counts[0, :, 0] = [given[name] for name in CITIZEN_MEASURES]
    found = {name: values[0] for name, values in citizen_indicators(counts).items()}
    assert set(found) < set(indicators())
    assert [found[name][0] for name in found] == [40.0, 20.0, 30.0]
    assert found["complaints"][1] == 0.0
    assert np.isnan(found["complaints_resolved"][1])
    assert np.isnan(found["villages_deliberating"][1])


def test_counts_of_something_else_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        citizen_indicators(np.zeros((1, len(CITIZEN_MEASURES) - 1, 2)))
