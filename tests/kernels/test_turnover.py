"""Months without money for clients are counted as long as they follow on each other."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.kernels.turnover import count_short

PLACES = st.floats(0.0, 50.0)


@given(
    st.floats(0.01, 1.0),
    st.lists(st.lists(st.tuples(PLACES, PLACES), min_size=2, max_size=2), max_size=30),
)
def test_months_are_those_since_there_was_enough(
    part: float, months: list[list[tuple[float, float]]]
) -> None:
    short, plain = np.zeros(2, np.int16), [0, 0]
    for month in months:
        capacity, lasts = (np.array([both[k] for both in month]) for k in range(2))
        count_short(part, capacity, lasts, short)
        plain = [plain[own] + 1 if lasts[own] < part * capacity[own] else 0 for own in range(2)]
        assert short.tolist() == plain


def test_enough_for_exactly_the_part_is_enough() -> None:
    short = np.array([3, 3], np.int16)
    count_short(0.25, np.array([8.0, 8.0]), np.array([2.0, 1.875]), short)
    assert short.tolist() == [0, 4]


def test_a_count_never_overflows() -> None:
    short = np.array([np.iinfo(np.int16).max - 1], np.int16)
    for _ in range(3):
        count_short(0.5, np.array([8.0]), np.array([0.0]), short)
    assert short[0] == 10_001
