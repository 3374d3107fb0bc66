"""What enterprises of youth groups give: against what organisations earn, within bounds."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.institutions.youth import with_gifts

MONEY = st.floats(-1e9, 1e9)
EARNED = st.lists(st.floats(0.0, 1e8), min_size=1, max_size=6)


@given(gift=MONEY, earned=EARNED)
def test_gifts_come_beside_own_business_and_are_at_most_as_much(
    gift: float, earned: list[float]
) -> None:
    usual = sum(earned)
    home = np.zeros(len(earned), np.int64)
    (ratio,) = with_gifts(np.array([gift]), np.array(earned), home)
    assert 0.0 <= ratio <= 2.0
    if usual >= 1.0 and abs(gift) <= usual:
        np.testing.assert_allclose(ratio * usual, usual + gift, rtol=1e-9, atol=1e-3)


def test_districts_keep_their_gifts() -> None:
    earned, home = np.array([10.0, 30.0, 5.0]), np.array([1, 1, 2])
    found = with_gifts(np.array([7.0, 20.0, -5.0]), earned, home)
    np.testing.assert_allclose(found, [2.0, 1.5, 0.0])
