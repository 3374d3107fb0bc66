"""Bins of consumption: the histogram from which inequality is read."""

from __future__ import annotations

import numba as nb
import numpy as np

__all__ = ["WELFARE_BINS", "bin_of", "welfare_bin_centres"]

WELFARE_BINS = 640
"""Bins of the histogram of consumption: 5 mantissa bits over 20 octaves."""
_BIN_SHIFT = 18
_BIN_FIRST = (127 - 6) << 5


def welfare_bin_centres() -> np.ndarray:
    """Return the consumption that stands for each bin of the histogram.

    Returns
    -------
    float64[WELFARE_BINS], ratio to the reference line, middle of each bin

    Examples
    --------
    >>> from kesos_sim.kernels.bins import WELFARE_BINS
    >>> centres = welfare_bin_centres()
    >>> centres.size == WELFARE_BINS, bool((centres[1:] > centres[:-1]).all())
    (True, True)
    """
    first = (np.arange(WELFARE_BINS + 1, dtype=np.int64) + _BIN_FIRST) << _BIN_SHIFT
    edges = first.astype(np.int32).view(np.float32).astype(np.float64)
    return 0.5 * (edges[:-1] + edges[1:])


@nb.njit(forceinline=True)
def bin_of(value):  # type: ignore[no-untyped-def]
    """Return the bin of a consumption level in the histogram.

    Parameters
    ----------
    value : float32, ratio to the reference line, consumption

    Returns
    -------
    int32, bin, 0 to WELFARE_BINS - 1

    Examples
    --------
    >>> import numpy as np
    >>> from kesos_sim.kernels.bins import WELFARE_BINS
    >>> centres = welfare_bin_centres()
    >>> f"{centres[bin_of(np.float32(1.0))]:.2f}"
    '1.02'
    >>> bin_of(np.float32(0.0)), bin_of(np.float32(1e9)) == WELFARE_BINS - 1
    (0, True)
    """
    place = (np.float32(value).view(np.int32) >> np.int32(_BIN_SHIFT)) - np.int32(_BIN_FIRST)
    return min(max(place, np.int32(0)), np.int32(WELFARE_BINS - 1))
