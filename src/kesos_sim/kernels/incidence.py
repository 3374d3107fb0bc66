"""Who gets how much: help by level of living, once a year."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.bins import bin_of
from kesos_sim.kernels.components import SIZE_MASK

__all__ = ["INCIDENCE_SCALE", "incidence"]

INCIDENCE_SCALE = 1 << 14
"""Fixed-point units of one reference line in the sums of money."""

_PERSONS, _CONSUMPTION, _BENEFIT, _REACHED, _FIRST_PROGRAMME = range(5)
_SCALE = np.float32(INCIDENCE_SCALE)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def incidence(  # type: ignore[no-untyped-def]
    from_chunk,
    to_chunk,
    chunk_start,
    block_start,
    block_stop,
    block_stratum,
    group,
    weight,
    line_ratio,
    propensity,
    regular_mask,
    word,
    welfare,
    benefit,
    enrolled,
    counts,
):
    """Sum people, consumption, help and recipients by consumption before help.

    Parameters
    ----------
    from_chunk, to_chunk : int64, index, first of the chunks to do, and one past the last
    chunk_start : int64[n_chunks + 1], block, first block of each chunk
    block_start, block_stop : int64[n_blocks], household, first and one past the last
    block_stratum : int32[n_blocks], index, stratum of the block
    group : int32[n_strata], index, group (province) of the stratum
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    line_ratio : float32[n_strata], ratio, poverty line of the stratum to the reference line
    propensity : float32, share, part of a transfer that is consumed
    regular_mask : uint16, bits, programmes that count as being reached
    word : uint32[n_households], bits, packed composition
    welfare : float32[n_households], ratio to the poverty line, consumption
    benefit : float32[n_households], lines per person and month, help received
    enrolled : uint16[n_households], bits, programmes of the household
    counts : int64[n_chunks, n_groups, WELFARE_BINS, 4 + n_programmes], weighted persons and
        fixed-point money: persons, consumption, help, persons reached, persons by programme;
        written
    """
    n_programmes = counts.shape[3] - _FIRST_PROGRAMME
    for chunk in range(from_chunk, to_chunk):
        own = counts[chunk]
        own[:] = 0
        for block in range(chunk_start[chunk], chunk_start[chunk + 1]):
            stratum = block_stratum[block]
            rows = own[group[stratum]]
            ratio = line_ratio[stratum]
            for h in range(block_start[block], block_stop[block]):
                people = weight[stratum] * np.int64(word[h] & np.uint32(SIZE_MASK))
                before = max(welfare[h] - propensity * benefit[h], np.float32(0.0))
                row = rows[bin_of(before * ratio)]
                row[_PERSONS] += people
                row[_CONSUMPTION] += people * np.int64(np.rint(welfare[h] * ratio * _SCALE))
                row[_BENEFIT] += people * np.int64(np.rint(benefit[h] * ratio * _SCALE))
                bits = enrolled[h]
                if bits & regular_mask:
                    row[_REACHED] += people
                for programme in range(n_programmes):
                    if (bits >> np.uint16(programme)) & np.uint16(1):
                        row[_FIRST_PROGRAMME + programme] += people
