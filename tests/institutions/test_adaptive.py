"""Cash that a rule triggers: when, for whom, and how much of a loss it makes up for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.data.parameters import parameter_table
from kesos_sim.institutions.adaptive import EmergencyCash, emergency_cash


def parameter(name: str) -> float:
    """Return a parameter of the table."""
    return parameter_table()[name].value


def cash(reach: float, affected: list[float], consumption: float = 3e6) -> EmergencyCash:
    """Return the cash in districts of a hundred thousand people in families of four."""
    hit = np.array(affected)
    many = np.full(hit.size, 1e5)
    return emergency_cash(
        parameter, reach, hit, many, np.full(hit.size, 4.0), np.full(hit.size, consumption)
    )


@given(
    reach=st.floats(0.0, 1.0),
    affected=st.lists(st.floats(0.0, 1e5), min_size=1, max_size=5),
)
def test_cash_goes_only_where_the_threshold_is_passed(reach: float, affected: list[float]) -> None:
    found = cash(reach, affected)
    passed = np.array(affected) >= parameter("adaptive.trigger_share") * 1e5
    assert not found.families[~passed].any()
    assert not found.spared[~passed].any()
    np.testing.assert_allclose(found.families, reach * passed * np.array(affected) / 4, atol=0.5)
    each = parameter("adaptive.cash_amount") * parameter("adaptive.cash_months")
    np.testing.assert_array_equal(found.rupiah, found.families * int(each))


def test_what_is_spared_is_what_is_paid_over_the_recovery() -> None:
    """A loss that fades month by month adds up to as much as the cash of its months."""
    found, keep = cash(1.0, [5e4]), parameter("hazard.monthly_keep")
    over_time = sum(found.spared[0] * keep**month for month in range(2000))
    months, amount = parameter("adaptive.cash_months"), parameter("adaptive.cash_amount")
    assert over_time == pytest.approx(months * np.log1p(amount / 3e6))


def test_nobody_in_a_calm_month() -> None:
    found = cash(1.0, [0.0, 0.0])
    for array in (found.families, found.rupiah, found.spared):
        assert not array.any()
