"""Places that organisations have for clients, and what an organisation is."""

from __future__ import annotations

import numba as nb
import numpy as np

__all__ = [
    "ACCREDITED",
    "COMMUNITY",
    "EMPTY",
    "LEFT_RETURNED",
    "MEMBER",
    "PLACES",
    "RETURNED",
    "WORKING",
    "taken_places",
]

EMPTY = np.int32(-1)
"""Case of a place that is free."""
WORKING, MEMBER, ACCREDITED, COMMUNITY = (np.uint8(1 << bit) for bit in range(4))
"""Bits of an organisation: it works, is a member of the coordinating body, may get grants, and
serves people where they live."""
LEFT_RETURNED, RETURNED = np.uint8(252), np.uint8(251)
"""Client bytes of those with an organisation of their home province: helped and accompanied there,
and in need and served there. All that are lower count organisations."""
PLACES = 256
"""Places of an organisation that are gone through together."""


@nb.njit(forceinline=True)
def taken_places(place_case, begin, stop, taken_at):  # type: ignore[no-untyped-def]
    """List the places between two that have a client, without a guess which; return how many.

    Parameters
    ----------
    place_case : int32[n_places], case, or ``EMPTY``
    begin, stop : int64, place, the first one, and one past the last; at most ``PLACES`` of them
    taken_at : uint32[PLACES], place, written

    Returns
    -------
    int32, places

    Examples
    --------
    >>> import numpy as np
    >>> from kesos_sim.kernels.places import EMPTY
    >>> taken_at = np.zeros(3, np.int64)
    >>> taken_places(np.array([4, EMPTY, 9], np.int32), 0, 3, taken_at), taken_at[:2].tolist()
    (2, [0, 2])
    """
    n = np.int32(0)
    for place in range(begin, stop):
        taken_at[n] = np.uint32(place)
        n += np.int32(place_case[place] != EMPTY)
    return n
