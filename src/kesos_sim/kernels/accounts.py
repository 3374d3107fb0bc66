"""What the accounts of a month come to, before it is closed."""

from __future__ import annotations

import numba as nb
import numpy as np

__all__ = ["add_up"]


@nb.njit(cache=True, nogil=True, error_model="numpy")
def add_up(money, stream, stage, sign, missing, total):  # type: ignore[no-untyped-def]
    """Add up the rows of a month by stream.

    Parameters
    ----------
    money : int64[n_rows, n_regions], rupiah, that was booked
    stream, stage : int64[n_rows], index, of each row
    sign : int64[n_stages], 1 where money of the stage comes in, -1 where it goes out
    missing : int64[n_streams, n_regions], rupiah, in less out, added to
    total : int64[n_streams, n_stages], rupiah of all regions, added to

    Examples
    --------
    >>> import numpy as np
    >>> missing, total = np.zeros((1, 2), np.int64), np.zeros((1, 2), np.int64)
    >>> money, stream, stage = np.array([[5, 7], [5, 6]]), np.array([0, 0]), np.array([0, 1])
    >>> add_up(money, stream, stage, np.array([1, -1]), missing, total)
    >>> missing.tolist(), total.tolist()
    ([[0, 1]], [[12, 11]])
    """
    for row in range(money.shape[0]):
        own, side = missing[stream[row]], sign[stage[row]]
        booked, everywhere = money[row], np.int64(0)
        for region in range(booked.size):
            everywhere += booked[region]
            own[region] += side * booked[region]
        total[stream[row], stage[row]] += everywhere
