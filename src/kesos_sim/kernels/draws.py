"""Random words for entities that are few: organisations, bodies, places."""

from __future__ import annotations

import numba as nb

from kesos_sim.kernels.philox import philox2x32

__all__ = ["draw_words"]


@nb.njit(cache=True, nogil=True, error_model="numpy")
def draw_words(key, month_word, entity, words):  # type: ignore[no-untyped-def]
    """Draw two words for each entity.

    Parameters
    ----------
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month or use, with the stream in the upper half
    entity : uint32[n], identity, of each entity
    words : uint32[n, 2], bits, written

    Examples
    --------
    The same entity draws the same words, whoever else draws:

    >>> import numpy as np
    >>> key, month = np.uint32(7), np.uint32(3)
    >>> both, one = np.zeros((2, 2), np.uint32), np.zeros((1, 2), np.uint32)
    >>> draw_words(key, month, np.array([11, 12], np.uint32), both)
    >>> draw_words(key, month, np.array([12], np.uint32), one)
    >>> both[1].tolist() == one[0].tolist(), both[0].tolist() == both[1].tolist()
    (True, False)
    """
    for i in range(entity.size):
        words[i, 0], words[i, 1] = philox2x32(entity[i], month_word, key)
