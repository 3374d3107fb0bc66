"""Splitting whole rupiah: exact arithmetic of fractions says who gets what."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kesos_sim.kernels.shares import by_content, by_want, by_weight, largest_remainder

AMOUNT = st.integers(0, 10**12)


def split(amount: list[int], shares: list[list[float]]) -> NDArray[np.int64]:
    """Run the kernel on amounts and the shares of each part: int64[n_parts, n]."""
    parts = np.full((len(shares), len(amount)), -1, np.int64)
    largest_remainder(np.array(amount, np.int64), np.array(shares), parts)
    return parts


@given(eighths=st.lists(st.integers(0, 8), min_size=1, max_size=5), amount=AMOUNT)
def test_the_largest_remainders_get_what_is_left(eighths: list[int], amount: int) -> None:
    """Shares of 64 parts are exact, so that fractions say it; of equal remainders the first."""
    last = 64 - sum(eighths)
    shares = [Fraction(n, 64) for n in (*eighths, last)]
    exact = [share * amount for share in shares]
    expected = [floor(part) for part in exact]
    order = sorted(range(len(exact)), key=lambda k: (expected[k] - exact[k], k))
    for k in order[: amount - sum(expected)]:
        expected[k] += 1
    found = split([amount, 0], [[float(share)] * 2 for share in shares])
    assert found[:, 0].tolist() == expected
    assert not found[:, 1].any()


@given(
    weights=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=9).filter(lambda w: sum(w) > 1e-3),
    amount=st.integers(0, 2**52),
)
def test_rounded_shares_lose_and_make_no_rupiah(weights: list[float], amount: int) -> None:
    shares = np.array(weights) / sum(weights)
    (found,) = split([amount], shares[:, None].tolist()).T
    assert found.sum() == amount
    assert found.min() >= 0
    assert np.abs(found - shares * amount).max() <= len(weights) + 2


def test_shares_that_miss_one_still_give_the_whole_amount() -> None:
    """What all lack is added to all alike; what is too much is taken from the last ones."""
    assert split([100], [[0.2], [0.3]]).ravel().tolist() == [45, 55]
    assert split([103], [[0.25], [0.25], [0.25]]).ravel().tolist() == [35, 34, 34]
    assert split([100], [[0.75], [0.75], [0.5]]).ravel().tolist() == [75, 25, 0]
    assert split([100], [[2.0], [0.5]]).ravel().tolist() == [100, 0]


@given(data=st.data(), groups=st.integers(1, 4), n=st.integers(1, 12))
def test_by_weight_splits_what_is_reached(data: st.DataObject, groups: int, n: int) -> None:
    """Members in any order; the last of a group takes what rounding left."""
    chance = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    amount = chance.integers(0, 10**9, groups)
    group = chance.integers(0, groups, n)
    order = np.argsort(group, kind="stable")
    reached = np.empty(n)
    expected = np.zeros(n, np.int64)
    for one in range(groups):
        own = order[group[order] == one]
        if own.size:
            upto = np.sort(chance.integers(0, 65, own.size))
            upto[-1] = 64
            reached[group[order] == one] = upto / 64
            whole = np.array([int(amount[one]) * int(part) // 64 for part in upto])
            expected[own] = np.diff(whole, prepend=0)
    parts = np.full(n, -1, np.int64)
    by_weight(amount, group, order, reached, parts)
    np.testing.assert_array_equal(parts, expected)
    for one in set(group.tolist()):
        assert parts[group == one].sum() == amount[one]


@given(data=st.data(), sizes=st.lists(st.integers(0, 5), min_size=1, max_size=4))
def test_by_want_gives_all_and_to_nobody_more(data: st.DataObject, sizes: list[int]) -> None:
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    wanted = np.array(
        data.draw(st.lists(st.integers(0, 50), min_size=sum(sizes), max_size=sum(sizes))), np.int64
    )
    stops = [*first[1:].tolist(), wanted.size]
    amount, expected = np.zeros(len(sizes), np.int64), np.zeros(wanted.size, np.int64)
    for k, (start, stop) in enumerate(zip(first.tolist(), stops, strict=True)):
        total = int(wanted[start:stop].sum())
        amount[k] = data.draw(st.integers(0, total))
        reached = [
            int(amount[k]) * int(part) // max(total, 1) for part in wanted[start:stop].cumsum()
        ]
        expected[start:stop] = np.diff(reached, prepend=0)
    got = np.full(wanted.size, -1, np.int64)
    by_want(amount, wanted, first, got)
    np.testing.assert_array_equal(got, expected)
    assert got.sum() == amount.sum()
    assert np.all((got >= 0) & (got <= wanted))


@given(
    pots=st.lists(st.lists(AMOUNT, min_size=2, max_size=2), min_size=1, max_size=4),
    share=st.fractions(0, 1),
)
def test_by_content_takes_from_each_pot_by_what_is_in_it(
    pots: list[list[int]], share: Fraction
) -> None:
    held = np.array(pots, np.int64)
    amount = np.array([floor(share * int(total)) for total in held.sum(axis=0)], np.int64)
    drawn = np.full_like(held, -1)
    by_content(held, amount, drawn)
    np.testing.assert_array_equal(drawn.sum(axis=0), amount)
    assert np.all((drawn >= 0) & (drawn <= held))
    exact = held * (amount / np.maximum(held.sum(axis=0), 1))
    assert np.abs(drawn - exact).max() <= len(pots)


def test_by_content_rounds_down_until_the_last_pot() -> None:
    drawn = np.empty((3, 2), np.int64)
    by_content(np.array([[5, 0], [5, 0], [5, 7]]), np.array([7, 7]), drawn)
    assert drawn.T.tolist() == [[2, 2, 3], [0, 0, 7]]
