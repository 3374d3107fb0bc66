"""Whole rupiah split into parts that add up."""

from __future__ import annotations

import numba as nb
import numpy as np

__all__ = ["by_content", "by_want", "by_weight", "largest_remainder"]


@nb.njit(cache=True, nogil=True, error_model="numpy")
def largest_remainder(amount, shares, parts):  # type: ignore[no-untyped-def]
    """Split amounts into parts by the method of the largest remainder.

    Parameters
    ----------
    amount : int64[n], rupiah, amounts to split, 0 or more
    shares : float64[n_parts, n], share, of each part, adding up to 1
    parts : int64[n_parts, n], rupiah, written; add up to the amount and none is negative

    Examples
    --------
    >>> import numpy as np
    >>> parts = np.zeros((2, 1), np.int64)
    >>> largest_remainder(np.array([10]), np.array([[1 / 3], [2 / 3]]), parts)
    >>> parts.tolist()
    [[3], [7]]
    """
    n_parts = shares.shape[0]
    remainder = np.empty(n_parts, np.float64)
    for i in range(amount.size):
        total = np.int64(0)
        for part in range(n_parts):
            exact = shares[part, i] * np.float64(amount[i])
            whole = min(np.int64(np.floor(exact)), amount[i])
            parts[part, i] = whole
            remainder[part] = exact
            total += whole
        # Rounding of the shares can leave the whole parts above the amount by a few rupiah.
        for part in range(n_parts - 1, -1, -1):
            taken = min(max(total - amount[i], np.int64(0)), parts[part, i])
            parts[part, i] -= taken
            total -= taken
            remainder[part] -= np.float64(parts[part, i])
        left = amount[i] - total
        for part in range(n_parts):
            parts[part, i] += left // n_parts
        for _ in range(left % n_parts):
            first = 0
            for part in range(1, n_parts):
                if remainder[part] > remainder[first]:
                    first = part
            parts[first, i] += 1
            remainder[first] = -np.inf


@nb.njit(cache=True, nogil=True, error_model="numpy")
def by_weight(amount, group, order, reached, parts):  # type: ignore[no-untyped-def]
    """Split the amount of each group over its members; what rounding loses goes to the next one.

    Parameters
    ----------
    amount : int64[n_groups], rupiah, amounts to split, 0 or more
    group : int64[n], index, group of each member
    order : int64[n], index, members with those of a group side by side
    reached : float64[n], share, in this order: what members up to this one get; 1 for the last
    parts : int64[n], rupiah, written; the members of a group add up to its amount exactly

    Examples
    --------
    >>> import numpy as np
    >>> parts = np.zeros(3, np.int64)
    >>> group, reached = np.zeros(3, np.int64), np.array([1 / 3, 2 / 3, 1.0])
    >>> by_weight(np.array([10]), group, np.arange(3), reached, parts)
    >>> parts.tolist()
    [3, 3, 4]
    """
    before, own = np.int64(0), np.int64(-1)
    for place in range(order.size):
        member = order[place]
        if group[member] != own:
            own, before = group[member], np.int64(0)
        whole = amount[own]
        if reached[place] < 1.0:
            whole = np.int64(np.floor(reached[place] * np.float64(whole)))
        parts[member] = whole - before
        before = whole


@nb.njit(cache=True, nogil=True, error_model="numpy")
def by_want(amount, wanted, first, got):  # type: ignore[no-untyped-def]
    """Split the amount of each group over its members by what they want.

    Parameters
    ----------
    amount : int64[n_groups], count, at most what the members of the group want together
    wanted : int64[n], count, of each member, 0 or more
    first : int64[n_groups], index, first member of each group; groups follow on each other
    got : int64[n], count, written; adds up to the amounts, and nobody gets more than wanted

    Examples
    --------
    >>> import numpy as np
    >>> got = np.zeros(2, np.int64)
    >>> by_want(np.array([6]), np.array([9, 3]), np.array([0]), got)
    >>> got.tolist()
    [4, 2]
    """
    for group in range(first.size):
        stop = first[group + 1] if group + 1 < first.size else wanted.size
        total = max(wanted[first[group] : stop].sum(), np.int64(1))
        running, before = np.int64(0), np.int64(0)
        for member in range(first[group], stop):
            running += wanted[member]
            until = amount[group] * running // total
            got[member] = until - before
            before = until


@nb.njit(cache=True, nogil=True, error_model="numpy")
def by_content(pots, amount, drawn):  # type: ignore[no-untyped-def]
    """Take amounts out of several pots, from each by what it holds.

    Parameters
    ----------
    pots : int64[n_pots, n], rupiah, 0 or more
    amount : int64[n], rupiah, to take, at most what the pots hold together
    drawn : int64[n_pots, n], rupiah, written; adds up to the amount

    Examples
    --------
    >>> import numpy as np
    >>> drawn = np.zeros((2, 1), np.int64)
    >>> by_content(np.array([[30], [10]]), np.array([8]), drawn)
    >>> drawn.tolist()
    [[6], [2]]
    """
    for i in range(amount.size):
        left, rest = amount[i], np.int64(0)
        for number in range(pots.shape[0]):
            rest += pots[number, i]
        for number in range(pots.shape[0]):
            pot = pots[number, i]
            part = np.int64(np.floor(np.float64(left) * (pot / np.float64(max(rest, np.int64(1))))))
            part = min(max(part, left - (rest - pot), np.int64(0)), pot, left)
            drawn[number, i] = part
            left -= part
            rest -= pot
