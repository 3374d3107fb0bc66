"""Queues of whole cases, of which those leave first that have waited longest."""

from __future__ import annotations

import numba as nb

__all__ = ["take_oldest"]


@nb.njit(cache=True, nogil=True, error_model="numpy")
def take_oldest(waiting, number, taken):  # type: ignore[no-untyped-def]
    """Take cases out of queues.

    Parameters
    ----------
    waiting : int64[n_queues, n_ages], cases by months of waiting, in place
    number : int64[n_queues], cases to take; where fewer wait, all are taken
    taken : int64[n_queues, n_ages], cases taken, written
    """
    for queue in range(waiting.shape[0]):
        left = number[queue]
        for age in range(waiting.shape[1] - 1, -1, -1):
            some = min(left, waiting[queue, age])
            taken[queue, age] = some
            waiting[queue, age] -= some
            left -= some
