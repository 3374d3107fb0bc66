"""Whole rupiah split into parts that add up."""

from __future__ import annotations

import numba as nb
import numpy as np

__all__ = ["largest_remainder"]


@nb.njit(cache=True, nogil=True, error_model="numpy")
def largest_remainder(amount, shares, parts):  # type: ignore[no-untyped-def]
    """Split amounts into parts by the method of the largest remainder.

    Parameters
    ----------
    amount : int64[n], rupiah, amounts to split, 0 or more
    shares : float64[n_parts, n], share, of each part, adding up to 1
    parts : int64[n_parts, n], rupiah, written; add up to the amount and none is negative
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
