"""The words of the books: accounts that follow on each other are booked as a slice."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.institutions.accounts import in_a_row


@given(st.integers(0, 50), st.integers(1, 20))
def test_neighbouring_accounts_are_a_slice(first: int, number: int) -> None:
    assert in_a_row(np.arange(first, first + number)) == slice(first, first + number)


@given(st.lists(st.integers(0, 50), max_size=8, unique=True))
def test_a_slice_or_not_the_same_accounts_are_meant(slots: list[int]) -> None:
    accounts = np.arange(60)
    found = in_a_row(np.array(slots, np.int64))
    assert accounts[found].tolist() == slots
    follow = bool(slots) and slots == list(range(slots[0], slots[0] + len(slots)))
    assert isinstance(found, slice) == follow
