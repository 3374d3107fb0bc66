"""Drawing households into being, and the permanent part of their score."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.components import SIZE_MASK
from kesos_sim.kernels.philox import log32, normal_from_bits, philox2x32, uniform_from_bits
from kesos_sim.kernels.registry import LISTED
from kesos_sim.rng import MONTH_BITS, Stream

__all__ = ["draw_households", "permanent_base"]

# Steps of the three-dimensional low-discrepancy lattice in units of 2**-32: powers of
# 1/g with g the real root of x**4 = x + 1 (generalised golden ratio).
_GOLDEN = 1.2207440846057594760
_STEP = tuple(round(2**32 * (1.0 / _GOLDEN) ** (k + 1)) & 0xFFFFFFFF for k in range(3))
_STEP_A, _STEP_P, _STEP_E = (np.uint32(step) for step in _STEP)
_STREAM = np.uint32(int(Stream.SYNTHESIS) << MONTH_BITS)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def draw_households(  # type: ignore[no-untyped-def]
    from_stratum,
    to_stratum,
    key,
    first_id,
    stratum_identity,
    stratum_start,
    listed_poorest,
    listed_richest,
    visits_per_month,
    permanent,
    persistent,
    transitory,
    record,
    record_month,
):
    """Draw the starting scores and records of all households.

    Scores of a stratum lie on a randomly shifted lattice, so that even a small
    stratum covers its distribution evenly.

    Parameters
    ----------
    from_stratum, to_stratum : int64, index, first of the strata to do, and one past the last
    key : uint32, bits, key of the seed and replicate
    first_id : int64, household, identity of the first household of these arrays
    stratum_identity : uint32[n_strata], code, number of the stratum for its shift
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    listed_poorest, listed_richest : float32, share, chance to be listed at the lowest and at
        the highest rank of lasting welfare, linear in between
    visits_per_month : float32, share per month, records verified, for the age of records
    permanent, persistent, transitory : float32[n_households], normal score, written
    record : uint8[n_households], bits, listed or not, written
    record_month : int16[n_households], month, month of the last visit (zero or before), written
    """
    for stratum in range(from_stratum, to_stratum):
        identity = stratum_identity[stratum]
        shift_a, shift_p = philox2x32(identity, _STREAM, key)
        shift_e, _ = philox2x32(identity, _STREAM + np.uint32(1), key)
        for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
            i = np.uint32(h - stratum_start[stratum] + 1)
            word_a = np.uint32(i * _STEP_A + shift_a)
            permanent[h] = normal_from_bits(word_a >> np.uint32(8))
            persistent[h] = normal_from_bits(np.uint32(i * _STEP_P + shift_p) >> np.uint32(8))
            transitory[h] = normal_from_bits(np.uint32(i * _STEP_E + shift_e) >> np.uint32(8))
            bits0, bits1 = philox2x32(np.uint32(first_id + h), _STREAM + np.uint32(2), key)
            rank = uniform_from_bits(word_a >> np.uint32(9), 23)
            chance = listed_poorest + (listed_richest - listed_poorest) * rank
            inside = uniform_from_bits(bits0 >> np.uint32(9), 23) < chance
            record[h] = LISTED if inside else np.uint8(0)
            age = -log32(uniform_from_bits(bits1 >> np.uint32(9), 23)) / visits_per_month
            record_month[h] = np.int16(-min(age, np.float32(360.0)))


@nb.njit(cache=True, nogil=True, error_model="numpy")
def permanent_base(  # type: ignore[no-untyped-def]
    from_stratum,
    to_stratum,
    stratum_start,
    shift,
    permanent_load,
    size_slope,
    word,
    permanent,
    base,
):
    """Set the part of the score that moves only with the household's composition.

    Parameters
    ----------
    from_stratum, to_stratum : int64, index, first of the strata to do, and one past the last
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    shift : float32[n_strata], normal score, place of the stratum in its cell
    permanent_load : float32, score, weight of the permanent part
    size_slope : float32, score per log person, fall of the score with household size
    word : uint32[n_households], bits, packed composition
    permanent : float32[n_households], normal score, permanent part
    base : float32[n_households], normal score, written
    """
    by_size = np.empty(SIZE_MASK + 1, np.float32)
    by_size[0] = np.float32(0.0)
    for size in range(1, SIZE_MASK + 1):
        by_size[size] = size_slope * log32(np.float32(size))
    for stratum in range(from_stratum, to_stratum):
        for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
            members = np.int32(word[h] & np.uint32(SIZE_MASK))
            base[h] = permanent_load * permanent[h] + shift[stratum] - by_size[members]
