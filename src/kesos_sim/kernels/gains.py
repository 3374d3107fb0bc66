"""Lasting gains: schooling under PKH conditions, and small enterprises that work or fail."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.components import SENIOR, component_count
from kesos_sim.kernels.philox import philox2x32, uniform_from_bits
from kesos_sim.kernels.ranking import BINS, TICKETS, rank_bin, threshold, ticket, wins
from kesos_sim.kernels.registry import LISTED

__all__ = ["ENTERPRISE_BIT", "school_gains", "start_enterprises"]

ENTERPRISE_BIT = 15
"""Bit of the enrolments that marks a household with a working enterprise."""

_MARK = np.uint16(1 << ENTERPRISE_BIT)


@nb.njit(parallel=True, cache=True, nogil=True, error_model="numpy")
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
    for stratum in nb.prange(stratum_start.size - 1):
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


@nb.njit(parallel=True, cache=True, nogil=True, error_model="numpy")
def start_enterprises(  # type: ignore[no-untyped-def]
    key,
    month_word,
    first_id,
    district_stratum,
    stratum_start,
    weight,
    places,
    failure,
    effect,
    record_score,
    record,
    enrolled,
    gain,
):
    """Let enterprises fail, and give capital to the lowest-ranked listed households without one.

    Parameters
    ----------
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of events in the upper half
    first_id : int64, household, identity of the first household of these arrays
    district_stratum : int64[n_districts + 1], stratum, first stratum of each district
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    places : int64[n_districts], 1/65536 households, grants to give
    failure : float32, share, enterprises that fail since the last time
    effect : float32, log points, gain while the enterprise works
    record_score : float32[n_households], normal score, proxy-means score on record
    record : uint8[n_households], bits, listed or not
    enrolled : uint16[n_households], bits, programmes of the household, in place
    gain : float32[n_households], log points, lasting gains, moved in place
    """
    for district in nb.prange(district_stratum.size - 1):
        counts = np.zeros(BINS, np.int64)
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
                if enrolled[h] & _MARK:
                    bits, _ = philox2x32(np.uint32(first_id + h), month_word, key)
                    if uniform_from_bits(bits >> np.uint32(9), 23) < failure:
                        enrolled[h] = enrolled[h] & ~_MARK
                        gain[h] -= effect
                if record[h] & LISTED and not enrolled[h] & _MARK:
                    counts[rank_bin(record_score[h])] += weight[stratum]
        if places[district] <= 0:
            continue
        last, left = threshold(counts, places[district])
        tickets = np.zeros(TICKETS, np.int64)
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
                waiting = record[h] & LISTED and not enrolled[h] & _MARK
                if waiting and rank_bin(record_score[h]) == last + 1:
                    _, bits = philox2x32(np.uint32(first_id + h), month_word, key)
                    tickets[ticket(bits)] += weight[stratum]
        served, rest = threshold(tickets, left)
        drawing = tickets[min(served + 1, TICKETS - 1)]
        for h in range(
            stratum_start[district_stratum[district]], stratum_start[district_stratum[district + 1]]
        ):
            if record[h] & LISTED and not enrolled[h] & _MARK:
                place = rank_bin(record_score[h])
                starts = place <= last
                if place == last + 1:
                    _, bits = philox2x32(np.uint32(first_id + h), month_word, key)
                    starts = wins(bits, served, rest, drawing)
                if starts:
                    enrolled[h] = enrolled[h] | _MARK
                    gain[h] += effect
