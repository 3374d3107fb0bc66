"""Queues: the kernel does what plain counting does."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kesos_sim.kernels.queues import FLOWS, handle_cases, take_oldest


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


def handled_by_hand(
    queues: list[list[int]], arriving: int, most: list[int], give_up: float, shares: list[float]
) -> tuple[list[list[int]], list[int]]:
    """Handle a month of one district case by case; every case is the month it has waited."""
    local, accepted, counselled, room, referred = shares
    lines = [[age for age, n in enumerate(queue) for _ in range(n)] for queue in queues]
    last = len(queues[0]) - 1
    for line in lines:
        line[:] = sorted((min(age + 1, last) for age in line), reverse=True)
    gone = [int(give_up * len(line)) for line in lines]
    for line, number in zip(lines, gone, strict=True):
        del line[:number]
    front, back, decision = lines
    front += [0] * arriving
    seen, front[:] = front[: most[0]], front[most[0] :]
    onward = seen[: int((1.0 - local) * len(seen))]
    back += onward
    back.sort(reverse=True)
    moved, back[:] = back[: most[1]], back[most[1] :]
    decision += moved
    decision.sort(reverse=True)
    decided, decision[:] = decision[: most[2]], decision[most[2] :]
    letters = int(accepted * len(decided))
    families = min(int(counselled * letters), int(room))
    sent = min(int(referred * letters), letters - families)
    proposed, refused = letters - families - sent, len(decided) - letters
    figures = [
        arriving, len(seen) - len(onward), sum(gone), families, sent, proposed, refused,
        sum(decided),
    ]  # fmt: skip
    waiting = [[line.count(age) for age in range(last + 1)] for line in lines]
    return waiting, figures


@given(data=st.data())
def test_a_month_of_referrals_is_that_of_single_cases(data: st.DataObject) -> None:
    """With nothing left of parts of a case; shares are of eighths and exact."""
    count, eighth = st.integers(0, 12), st.integers(0, 8).map(lambda n: n / 8)
    ages, districts = 4, 2
    waiting = data.draw(arrays(np.int64, (3, districts, ages), elements=count))
    arriving = data.draw(arrays(np.int64, districts, elements=count))
    capacity = data.draw(arrays(np.int64, (3, districts), elements=st.integers(0, 40)))
    room = data.draw(arrays(np.int64, districts, elements=count))
    give_up, local, accepted, counselled, referred = (data.draw(eighth) for _ in range(5))
    expected = [
        handled_by_hand(
            waiting[:, d].tolist(), int(arriving[d]), capacity[:, d].tolist(), give_up,
            [local, accepted, counselled, float(room[d]), referred],
        )
        for d in range(districts)
    ]  # fmt: skip
    handled = np.full((8, districts), -1, np.int64)
    rest = np.zeros((FLOWS, districts))
    handle_cases(
        waiting, rest, arriving.astype(float), capacity.astype(float), room.astype(float),
        give_up, local, accepted, counselled, referred, handled,
    )  # fmt: skip
    for d, (left, figures) in enumerate(expected):
        np.testing.assert_array_equal(waiting[:, d], left)
        np.testing.assert_array_equal(handled[:, d], figures)
    assert np.all((rest >= 0.0) & (rest < 1.0))


def test_parts_of_a_case_wait_until_they_are_a_whole_one() -> None:
    """A quarter of a case a month: the fourth month has one, at every step of its own."""
    waiting, rest = np.zeros((3, 1, 3), np.int64), np.zeros((FLOWS, 1))
    many, handled = np.full((3, 1), 9.0), np.zeros((8, 1), np.int64)
    new = []
    for _ in range(8):
        handle_cases(
            waiting, rest, np.array([0.25]), many, np.array([0.0]), 0.0, 0.0, 1.0, 0.5, 0.5, handled
        )
        new.append(handled[:, 0].tolist())
    nothing, one, other = [0] * 8, [1, 0, 0, 0, 0, 1, 0, 0], [1, 0, 0, 0, 1, 0, 0, 0]
    assert new == [nothing] * 3 + [one] + [nothing] * 3 + [other]
