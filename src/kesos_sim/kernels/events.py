"""Hazards and economic shocks that a scenario names."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.philox import philox2x32, uniform_from_bits

__all__ = ["strike"]


@nb.njit(cache=True, nogil=True, error_model="numpy")
def strike(key, month_word, first_id, district_start, share, size, loss):  # type: ignore[no-untyped-def]
    """Let a shock hit a share of the households of each district.

    Parameters
    ----------
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of events in the upper half
    first_id : int64, household, identity of the first household of these arrays
    district_start : int64[n_districts + 1], household, first household of each district
    share : float32[n_districts], share, households hit
    size : float32[n_districts], log points, loss of a household that is hit
    loss : float32[n_households], log points, current loss from shocks, in place

    Examples
    --------
    >>> import numpy as np
    >>> loss, size = np.zeros(3, np.float32), np.full(2, 0.5, np.float32)
    >>> share = np.array([1.0, 0.0], np.float32)
    >>> strike(np.uint32(7), np.uint32(3), 0, np.array([0, 2, 3]), share, size, loss)
    >>> loss.tolist()
    [0.5, 0.5, 0.0]
    """
    for district in range(district_start.size - 1):
        if share[district] > np.float32(0.0):
            for h in range(district_start[district], district_start[district + 1]):
                bits, _ = philox2x32(np.uint32(first_id + h), month_word, key)
                if uniform_from_bits(bits >> np.uint32(9), 23) < share[district]:
                    loss[h] += size[district]
