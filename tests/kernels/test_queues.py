"""Queues: the kernel does what plain counting does."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kesos_sim.kernels.queues import take_oldest


@given(waiting=arrays(np.int64, (3, 7), elements=st.integers(0, 20)), data=st.data())
def test_the_oldest_leave_first(waiting: np.ndarray, data: st.DataObject) -> None:
    number = data.draw(arrays(np.int64, 3, elements=st.integers(0, 200)))
    before, taken = waiting.copy(), np.empty_like(waiting)
    older = np.cumsum(before[:, ::-1], axis=1)[:, ::-1] - before
    expected = np.clip(number[:, None] - older, 0, before)
    many = [take_oldest(*row) for row in zip(waiting, number, taken, strict=True)]
    assert many == expected.sum(axis=1).tolist()
    np.testing.assert_array_equal(taken, expected)
    np.testing.assert_array_equal(waiting, before - expected)
    again, plain = before.copy(), np.empty_like(taken)
    for row in zip(again, number, plain, strict=True):
        take_oldest.py_func(*row)
    np.testing.assert_array_equal(plain, taken)
