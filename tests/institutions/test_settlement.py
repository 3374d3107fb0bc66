"""Whole rupiah: whatever the shares, the parts add up and none is negative."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kesos_sim.institutions.channels import Frictions
from kesos_sim.institutions.settlement import Spread, draw_by_content, settle, split_by_share

MONEY = st.integers(0, 10**15)
SIZE = st.integers(1, 9)


def money(shape: int | tuple[int, ...]) -> st.SearchStrategy[np.ndarray]:
    return arrays.arrays(np.int64, shape, elements=MONEY)


def weights(shape: int | tuple[int, ...]) -> st.SearchStrategy[np.ndarray]:
    return arrays.arrays(np.float64, shape, elements=st.floats(0.0, 1e9))


@given(st.data(), SIZE, SIZE)
def test_shares_split_exactly(data: st.DataObject, n_parts: int, n: int) -> None:
    amount = data.draw(money(n))
    raw = data.draw(weights((n_parts, n))) + 1e-6
    parts = split_by_share(amount, raw / raw.sum(axis=0))
    assert (parts >= 0).all()
    assert (parts.sum(axis=0) == amount).all()
    assert (np.abs(parts - raw / raw.sum(axis=0) * amount) <= 1.0 + 1e-9 * amount).all()


def test_the_largest_remainder_gets_the_odd_rupiah() -> None:
    parts = split_by_share(np.array([10]), np.array([[0.25], [0.38], [0.37]]))
    assert parts[:, 0].tolist() == [2, 4, 4]


@given(st.data(), SIZE, st.integers(1, 30))
def test_weights_split_exactly_within_groups(data: st.DataObject, n_groups: int, n: int) -> None:
    group = np.concatenate(
        (
            np.arange(n_groups),
            data.draw(arrays.arrays(np.int64, n, elements=st.integers(0, n_groups - 1))),
        )
    )
    amount = data.draw(money(n_groups))
    parts = Spread.by_weight(data.draw(weights(group.size)), group).split(amount)
    assert (parts >= 0).all()
    totals = [int(parts[group == number].sum()) for number in range(n_groups)]
    assert totals == amount.tolist()


def test_no_weight_means_even_parts() -> None:
    parts = Spread.by_weight(np.zeros(3), np.zeros(3, np.int64)).split(np.array([9]))
    assert parts.tolist() == [3, 3, 3]


@given(st.data(), st.integers(1, 3), SIZE)
def test_pots_never_give_more_than_they_hold(data: st.DataObject, n_pots: int, n: int) -> None:
    pots = data.draw(money((n_pots, n)))
    part = data.draw(arrays.arrays(np.float64, n, elements=st.floats(0.0, 1.0)))
    amount = np.minimum(np.floor(pots.sum(axis=0) * part).astype(np.int64), pots.sum(axis=0))
    drawn = draw_by_content(pots, amount)
    assert (drawn >= 0).all()
    assert (drawn <= pots).all()
    assert (drawn.sum(axis=0) == amount).all()


@pytest.mark.parametrize(
    ("pots", "amount"),
    [((2, 3), (2,)), ((2, 3), (4,)), ((3,), (3,)), ((2, 3), (1, 3)), ((2, 3), ())],
    ids=["fewer amounts", "more amounts", "one pot as a row", "amounts in a table", "a number"],
)
def test_pots_and_amounts_that_do_not_fit_are_refused(
    pots: tuple[int, ...], amount: tuple[int, ...]
) -> None:
    expected = re.escape(f"expected pots[n_pots, n] and amount[n], got {pots} and {amount}")
    with pytest.raises(ValueError, match=expected):
        draw_by_content(np.ones(pots, np.int64), np.ones(amount, np.int64))


@pytest.mark.parametrize("amount", [(1,), (2, 1), ()])
def test_a_group_with_members_and_no_amount_is_refused(amount: tuple[int, ...]) -> None:
    spread = Spread.by_weight(np.ones(3), np.array([0, 1, 1]))
    with pytest.raises(
        ValueError, match=re.escape(f"expected amount[n_groups] for 2 groups, got {amount}")
    ):
        spread.split(np.ones(amount, np.int64))


@given(st.data(), SIZE, SIZE)
def test_what_is_due_is_settled_to_the_rupiah(data: st.DataObject, k: int, n: int) -> None:
    due = data.draw(money((k, n)))
    raw = data.draw(arrays.arrays(np.float64, (3, k, n), elements=st.floats(0.0, 1.0))) + 1e-9
    delivered, lost, _ = raw / raw.sum(axis=0)
    cost = data.draw(arrays.arrays(np.float64, k, elements=st.floats(0.0, 0.1)))
    settled = settle(due, Frictions(delivered, lost, np.zeros((k, n)), cost))
    assert (settled.due == due).all()
    for part in (settled.delivered, settled.leakage, settled.undelivered, settled.administration):
        assert (part >= 0).all()
    assert (settled.administration <= 0.1 * due + 1).all()
