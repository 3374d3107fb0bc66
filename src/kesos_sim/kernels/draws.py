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
    """
    for i in range(entity.size):
        words[i, 0], words[i, 1] = philox2x32(entity[i], month_word, key)
