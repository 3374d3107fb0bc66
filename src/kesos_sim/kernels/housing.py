"""Unfit houses of households, and their repair."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.philox import philox2x32, uniform_from_bits

__all__ = ["REPAIRED", "repair_houses"]

REPAIRED = np.uint16(1 << 15)
"""Bit of a household's needs: its house was repaired with a grant."""
_POOR = np.float32(1.0)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def repair_houses(  # type: ignore[no-untyped-def]
    from_district,
    to_district,
    key,
    house_word,
    month_word,
    first_id,
    district_stratum,
    stratum_start,
    weight,
    unfit,
    chance,
    effect,
    welfare,
    needs,
    gain,
    counts,
):
    """Count who lives in an unfit house, and repair some houses of the poor among them.

    Parameters
    ----------
    from_district, to_district : int64, index, first of the districts to do, and one past the last
    key : uint32, bits, key of the seed and replicate
    house_word : uint32, bits, word of the draw that says how good a house is, always the same
    month_word : uint32, bits, month with the stream of housing in the upper half
    first_id : int64, household, identity of the first household of these arrays
    district_stratum : int64[n_districts + 1], stratum, first stratum of each district
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    unfit : float32[2], share, of unfit houses among households that are not poor, and poor
    chance : float32, share, unfit houses of the poor that are repaired now
    effect : float32, log points, gain of a household whose house is repaired
    welfare : float32[n_households], ratio to the poverty line
    needs : uint16[n_households], bits, needs of the household and ``REPAIRED``, in place
    gain : float32[n_households], log points, lasting gains, in place
    counts : int64[n_districts, 2], 1/65536 households, still in an unfit house, and whose house is
        repaired, written
    """
    for district in range(from_district, to_district):
        unrepaired = fixed = np.int64(0)
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            unit = weight[stratum]
            for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
                poor = welfare[h] < _POOR
                quality, _ = philox2x32(np.uint32(first_id + h), house_word, key)
                share = unfit[1] if poor else unfit[0]
                sound = uniform_from_bits(quality >> np.uint32(9), 23) >= share
                if sound or (needs[h] & REPAIRED) != 0:
                    continue
                luck, _ = philox2x32(np.uint32(first_id + h), month_word, key)
                if poor and uniform_from_bits(luck >> np.uint32(9), 23) < chance:
                    needs[h] |= REPAIRED
                    gain[h] += effect
                    fixed += unit
                else:
                    unrepaired += unit
        counts[district, 0] = unrepaired
        counts[district, 1] = fixed
