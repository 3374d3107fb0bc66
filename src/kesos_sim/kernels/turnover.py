"""For how long organisations have had hardly any money for clients."""

from __future__ import annotations

import numba as nb
import numpy as np

__all__ = ["count_short"]

_LONGEST = np.int16(10_000)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def count_short(part, capacity, lasts, short):  # type: ignore[no-untyped-def]
    """Count the months in a row in which money was enough for a small part of the places only.

    Parameters
    ----------
    part : float64, share, of the places, below which a month counts
    capacity : float64[n_orsos], places, that the organisation has
    lasts : float64[n_orsos], places, that could be paid for in this month
    short : int16[n_orsos], months, in place

    Examples
    --------
    >>> import numpy as np
    >>> short = np.array([2, 2], np.int16)
    >>> count_short(0.25, np.array([8.0, 8.0]), np.array([1.0, 4.0]), short)
    >>> short.tolist()
    [3, 0]
    """
    for orsos in range(short.size):
        longer = min(short[orsos], _LONGEST) + np.int16(1)
        short[orsos] = longer if lasts[orsos] < part * capacity[orsos] else np.int16(0)
