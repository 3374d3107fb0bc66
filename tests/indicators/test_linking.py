"""Indicators of linking people are what their counts say."""

from __future__ import annotations

import numpy as np
import pytest

from kesos_sim.indicators.definitions import indicators
from kesos_sim.indicators.linking import LINKING_MEASURES, linking_indicators


def test_indicators_are_their_formulas() -> None:
    counts = np.zeros((1, len(LINKING_MEASURES), 2))
    given = {
        "arrived": 100, "counselled": 1, "referred": 3, "proposed": 4, "refused": 2, "days": 300,
        "backlog": 17, "families": 900, "facilitators": 3, "volunteers": 12,
        "youth_groups": 9,
    }  # fmt: skip
    for name, number in given.items():
        counts[0, LINKING_MEASURES.index(name), 0] = number
    found = {name: values[0] for name, values in linking_indicators(counts).items()}
    assert set(found) < set(indicators())
    assert found["slrt_days"][0] == pytest.approx(30.0)
    assert found["slrt_referred"][0] == 8
    assert found["facilitator_caseload"][0] == pytest.approx(300.0)
    assert (found["slrt_backlog"][0], found["slrt_cases"][0], found["volunteers"][0]) == (
        17,
        100,
        12,
    )
    assert found["youth_groups_active"][0] == 9
    # Nobody decided and nobody there to look after families.
    assert np.isnan(found["slrt_days"][1]) and np.isnan(found["facilitator_caseload"][1])


def test_counts_of_something_else_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        linking_indicators(np.zeros((1, len(LINKING_MEASURES) - 1, 2)))
