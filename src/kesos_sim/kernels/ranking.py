"""Giving out places by rank: the poorest first, ties by a ticket, never beyond the places."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.philox import uniform_from_bits

__all__ = ["BINS", "TICKETS", "rank_bin", "threshold", "ticket", "wins"]

_SCORE_LOW = np.float32(-6.0)
BINS = 4096
"""Ranks of a district."""
_PER_UNIT = np.float32(BINS / 12.0)

TICKETS = 4096
"""Places in the queue of the households of one rank."""

_RUN = 64


@nb.njit(forceinline=True)
def rank_bin(score):  # type: ignore[no-untyped-def]
    """Return the bin of a record's score in the ranking of a district.

    Parameters
    ----------
    score : float32, normal score, proxy-means score

    Returns
    -------
    int32, bin, 0 for the poorest

    Examples
    --------
    >>> import numpy as np
    >>> from kesos_sim.kernels.ranking import BINS
    >>> rank_bin(np.float32(-99.0)), rank_bin(np.float32(99.0)) == BINS - 1
    (0, True)
    >>> bool(rank_bin(np.float32(-1.0)) < rank_bin(np.float32(1.0)))
    True
    """
    place = np.int32((score - _SCORE_LOW) * _PER_UNIT)
    return min(max(place, np.int32(0)), np.int32(BINS - 1))


@nb.njit
def ticket(bits):  # type: ignore[no-untyped-def]
    """Return the place of a household among those of one rank.

    Parameters
    ----------
    bits : uint32, bits, random word of the household

    Returns
    -------
    int32, place, 0 to TICKETS - 1

    Examples
    --------
    >>> import numpy as np
    >>> from kesos_sim.kernels.ranking import TICKETS
    >>> ticket(np.uint32(0)), ticket(np.uint32(0xFFFFFFFF)) == TICKETS - 1
    (0, True)
    """
    return np.int32(bits >> np.uint32(20))


@nb.njit
def threshold(counts, places):  # type: ignore[no-untyped-def]
    """Return the last bin that is selected whole, and the places that are left for the next.

    Parameters
    ----------
    counts : int64[n_bins], weighted households, by rank
    places : int64, weighted households, places to give

    Returns
    -------
    tuple of int32 and int64, bin and weighted households

    Examples
    --------
    Ten places: the first two bins get theirs, and three are left for the bin of five.

    >>> import numpy as np
    >>> threshold(np.array([4, 3, 5, 2]), 10)
    (1, 3)
    """
    left = places
    last = np.int32(-1)
    # Runs of bins that are selected together are passed over as one.
    for start in range(0, counts.size, _RUN):
        run = counts[start : start + _RUN]
        together = np.int64(0)
        for i in range(run.size):
            together += run[i]
        if left < together:
            break
        left -= together
        last += np.int32(run.size)
    while last < counts.size - 1 and left >= counts[last + 1]:
        last += np.int32(1)
        left -= counts[last]
    return last, left


@nb.njit
def wins(bits, last, left, count):  # type: ignore[no-untyped-def]
    """Return whether a household gets one of the places left for those of its rank.

    Tickets are served in order; who shares the last ticket draws for it. So no more than a
    household goes beyond the places, and more places take nobody's place away.

    Parameters
    ----------
    bits : uint32, bits, random word of the household
    last : int32, place, last ticket that is served whole
    left : int64, weighted households, places left for the next ticket
    count : int64, weighted households, with the next ticket

    Returns
    -------
    bool, flag

    Examples
    --------
    Tickets up to the second are served; three of four with the next draw for three places:

    >>> import numpy as np
    >>> own = np.uint32(1 << 20), np.uint32(2 << 20), np.uint32(3 << 20)
    >>> [wins(bits, np.int32(1), np.int64(3), np.int64(4)) for bits in own]
    [True, True, False]
    """
    own = ticket(bits)
    share = np.float32(left) / np.float32(count)
    return own <= last or (
        own == last + 1 and uniform_from_bits(bits & np.uint32(0xFFFFF), 20) < share
    )
