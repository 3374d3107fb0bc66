"""Lasting gains of schooling under PKH conditions."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.components import SENIOR, component_count

__all__ = ["school_gains"]


@nb.njit(cache=True, nogil=True, error_model="numpy")
def school_gains(  # type: ignore[no-untyped-def]
    stratum_start, cell, weight, pkh_mask, step, expected, word, enrolled, gain, given, people
):
    """Add a year of schooling that PKH conditions brought, less what the baseline expects.

    Parameters
    ----------
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    cell : int32[n_strata], index, cell of the stratum
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    pkh_mask : uint16, bits, PKH
    step : float32, log points, gain of a household per child of senior secondary age
    expected : float32[n_cells], log points, mean gain of the baseline in the cell
    word : uint32[n_households], bits, packed composition
    enrolled : uint16[n_households], bits, programmes of the household
    gain : float32[n_households], log points, lasting gains, moved in place
    given : int64[n_strata], children, simulated children that count, written
    people : int64[n_strata], households, simulated households, written
    """
    for stratum in range(stratum_start.size - 1):
        usual = expected[cell[stratum]]
        children = np.int64(0)
        for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
            pupils = (
                component_count(word[h], SENIOR, False) if enrolled[h] & pkh_mask else np.int64(0)
            )
            children += pupils
            gain[h] += step * np.float32(pupils) - usual
        given[stratum] = children
        people[stratum] = stratum_start[stratum + 1] - stratum_start[stratum]
