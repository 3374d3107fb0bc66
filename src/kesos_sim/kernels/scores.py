"""How many people have which score, counted again without new draws."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.components import SIZE_MASK
from kesos_sim.kernels.households import SCORE_HIGH, SCORE_LOW, SCORE_NODES

__all__ = ["score_histogram"]

_LOW = np.float32(SCORE_LOW)
_PER_NODE = np.float32(SCORE_NODES / (SCORE_HIGH - SCORE_LOW))
_LAST = np.int32(SCORE_NODES - 1)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def score_histogram(  # type: ignore[no-untyped-def]
    from_chunk,
    to_chunk,
    chunk_start,
    block_start,
    block_stop,
    block_stratum,
    cell,
    weight,
    word,
    score,
    histogram,
):
    """Count people by score in each cell.

    Parameters
    ----------
    from_chunk, to_chunk : int64, index, first of the chunks to do, and one past the last
    chunk_start : int64[n_chunks + 1], block, first block of each chunk
    block_start, block_stop : int64[n_blocks], household, first and one past the last
    block_stratum : int32[n_blocks], index, stratum of the block
    cell : int32[n_strata], index, cell (province and area) of the stratum
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    word : uint32[n_households], bits, packed composition
    score : float32[n_households], normal score, welfare score of the month
    histogram : int64[n_chunks, n_cells, SCORE_NODES], weighted persons, written
    """
    for chunk in range(from_chunk, to_chunk):
        counts = histogram[chunk]
        counts[:] = 0
        for block in range(chunk_start[chunk], chunk_start[chunk + 1]):
            stratum = block_stratum[block]
            row = counts[cell[stratum]]
            unit = weight[stratum]
            for i in range(block_start[block], block_stop[block]):
                place = np.int32((score[i] - _LOW) * _PER_NODE)
                place = min(max(place, np.int32(0)), _LAST)
                row[np.uint32(place)] += unit * np.int64(word[i] & np.uint32(SIZE_MASK))
