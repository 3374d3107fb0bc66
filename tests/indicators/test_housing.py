"""Indicators of houses from counts."""

from __future__ import annotations

import numpy as np
import pytest

from kesos_sim.indicators.housing import HOUSING_MEASURES, housing_indicators


def test_values_are_those_of_plain_arithmetic() -> None:
    counts = {"unfit": 30.0, "repaired": 4.0, "households": 120.0}
    found = housing_indicators(np.array([counts[n] for n in HOUSING_MEASURES])[None, :, None])
    assert {name: float(values[0, 0]) for name, values in found.items()} == pytest.approx(
        {"unfit_housing_rate": 25.0, "houses_repaired": 4.0}
    )


def test_without_people_there_is_no_share() -> None:
    found = housing_indicators(np.zeros((1, len(HOUSING_MEASURES), 1)))
    assert np.isnan(found["unfit_housing_rate"]).all()


def test_counts_of_something_else_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        housing_indicators(np.zeros((1, len(HOUSING_MEASURES) - 1, 2)))
