"""Small enterprises of households with capital from outside, and families that leave PKH with help.

An enterprise belongs to one household, alone or as the member of a group. It works until it
fails; while it works it adds to the household's lasting gains. A family that was poor when it began
and is poor no longer is a pioneer: an example for its neighbours.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.components import has_earner
from kesos_sim.kernels.philox import philox2x32, uniform_from_bits
from kesos_sim.kernels.ranking import BINS, TICKETS, rank_bin, threshold, ticket, wins
from kesos_sim.kernels.registry import GRADUATED, LISTED

__all__ = [
    "COACHED",
    "FROM_NEED",
    "GROUP",
    "NEVER",
    "WORKS",
    "count_unable",
    "find_pioneers",
    "leave_pkh",
    "run_enterprises",
]

WORKS, GROUP, COACHED, FROM_NEED = np.uint8(1), np.uint8(2), np.uint8(4), np.uint8(8)
"""Bits of an enterprise: it works, it belongs to a group, it is coached, its family was poor when
it began."""
NEVER = np.int16(-32768)
"""Month of a family that has not left PKH."""

_ALIVE, _OF_EARNERS, _STARTED, _REACHED_AGE = range(4)
_GRADUATES, _RELAPSED = range(2)
_KIND = np.uint32(1 << 24)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def run_enterprises(  # type: ignore[no-untyped-def]
    from_district,
    to_district,
    key,
    month_word,
    first_id,
    now,
    age,
    district_stratum,
    stratum_start,
    weight,
    places,
    group_share,
    coached_share,
    earners_only,
    failure,
    before,
    effect,
    word,
    record_score,
    record,
    enterprise,
    started,
    gain,
    counts,
):
    """Let enterprises fail, and give capital to the lowest-ranked listed households without one.

    Parameters
    ----------
    from_district, to_district : int64, index, first of the districts to do, and one past the last
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of enterprises in the upper half
    first_id : int64, household, identity of the first household of these arrays
    now : int16, month, months since the first of the run
    age : int16, months, age at which survivors are counted
    district_stratum : int64[n_districts + 1], stratum, first stratum of each district
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    places : int64[n_districts], 1/65536 households, grants to give
    group_share : float32, share, grants to members of groups
    coached_share : float32, share, new enterprises that are coached
    earners_only : bool, flag, whether only households with an earner get capital
    failure : float32[n_districts, 2, 2], share, enterprises that fail since the last time: alone or
        in a group, without or with coaching
    before, effect : float32[2], log points, gain while the enterprise works, alone or in a group:
        until now, and from now on
    word : uint32[n_households], bits, packed composition
    record_score : float32[n_households], normal score, proxy-means score on record
    record : uint8[n_households], bits, listed or not
    enterprise : uint8[n_households], bits, see ``WORKS``, in place
    started : int16[n_households], month, months since the first of the run, in place
    gain : float32[n_households], log points, lasting gains, moved in place
    counts : int64[n_districts, 4], 1/65536 households, with an enterprise, those of them with an
        earner, begun now, and of the given age; written
    """
    for district in range(from_district, to_district):
        bins = np.zeros(BINS, np.int64)
        own = counts[district]
        own[:] = 0
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            unit = weight[stratum]
            for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
                state = enterprise[h]
                earns = has_earner(word[h])
                if state & WORKS:
                    group = 1 if state & GROUP else 0
                    coached = 1 if state & COACHED else 0
                    bits, _ = philox2x32(np.uint32(first_id + h), month_word, key)
                    luck = uniform_from_bits(bits >> np.uint32(9), 23)
                    if started[h] != now and luck < failure[district, group, coached]:
                        enterprise[h] = 0
                        gain[h] -= before[group]
                    else:
                        gain[h] += effect[group] - before[group]
                        own[_ALIVE] += unit
                        own[_OF_EARNERS] += unit if earns else 0
                        own[_REACHED_AGE] += unit if now - started[h] == age else 0
                if _may_start(record[h], enterprise[h], earns, earners_only):
                    bins[rank_bin(record_score[h])] += unit
        if places[district] <= 0:
            continue
        last, left = threshold(bins, places[district])
        tickets = np.zeros(TICKETS, np.int64)
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
                if not _may_start(record[h], enterprise[h], has_earner(word[h]), earners_only):
                    continue
                if rank_bin(record_score[h]) == last + 1:
                    _, bits = philox2x32(np.uint32(first_id + h), month_word, key)
                    tickets[ticket(bits)] += weight[stratum]
        served, rest = threshold(tickets, left)
        drawing = tickets[min(served + 1, TICKETS - 1)]
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            unit = weight[stratum]
            for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
                earns = has_earner(word[h])
                if not _may_start(record[h], enterprise[h], earns, earners_only):
                    continue
                place = rank_bin(record_score[h])
                starts = place <= last
                if place == last + 1:
                    _, bits = philox2x32(np.uint32(first_id + h), month_word, key)
                    starts = wins(bits, served, rest, drawing)
                if starts:
                    one, two = philox2x32(np.uint32(first_id + h), month_word ^ _KIND, key)
                    group = uniform_from_bits(one >> np.uint32(9), 23) < group_share
                    coached = uniform_from_bits(two >> np.uint32(9), 23) < coached_share
                    bits_ = WORKS | (GROUP if group else np.uint8(0))
                    enterprise[h] = bits_ | (COACHED if coached else np.uint8(0))
                    started[h] = now
                    gain[h] += effect[1 if group else 0]
                    own[_ALIVE] += unit
                    own[_OF_EARNERS] += unit if earns else 0
                    own[_STARTED] += unit


@nb.njit
def _may_start(record, enterprise, earns, earners_only):  # type: ignore[no-untyped-def]
    """Return whether a household is on the list, has no enterprise, and may get one."""
    waits = (record & LISTED) != 0 and (enterprise & WORKS) == 0
    return waits and (earns or not earners_only)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def leave_pkh(  # type: ignore[no-untyped-def]
    key,
    month_word,
    first_id,
    now,
    wait,
    district_stratum,
    stratum_start,
    weight,
    places,
    pkh_mask,
    effect,
    word,
    record_score,
    record,
    enrolled,
    welfare,
    enterprise,
    started,
    left,
    gain,
    counts,
):
    """Let PKH families with an earner and the best records leave, with capital and a coach.

    They are out of PKH from the selection on that follows; after a time they may come back.

    Parameters
    ----------
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of leaving in the upper half
    first_id : int64, household, identity of the first household of these arrays
    now : int16, month, months since the first of the run
    wait : int16, months, after which a family may be selected again
    district_stratum : int64[n_districts + 1], stratum, first stratum of each district
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    places : int64[n_districts], 1/65536 households, families to leave
    pkh_mask : uint16, bits, PKH
    effect : float32, log points, gain while the enterprise works
    word : uint32[n_households], bits, packed composition
    record_score : float32[n_households], normal score, proxy-means score on record
    record : uint8[n_households], bits, listed, left PKH, in place
    enrolled : uint16[n_households], bits, programmes of the household
    welfare : float32[n_households], ratio to the poverty line, consumption of the month
    enterprise : uint8[n_households], bits, see ``WORKS``, in place
    started, left : int16[n_households], month, start of the enterprise, leaving of PKH, in place
    gain : float32[n_households], log points, lasting gains, moved in place
    counts : int64[n_districts, 4], 1/65536 households, that have left and not come back, those of
        them who are poor, that left now, and that got capital; written
    """
    for district in range(district_stratum.size - 1):
        bins = np.zeros(BINS, np.int64)
        own = counts[district]
        own[:] = 0
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            unit = weight[stratum]
            for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
                if record[h] & GRADUATED:
                    if np.int64(now) - np.int64(left[h]) >= wait:
                        record[h] = record[h] & ~GRADUATED
                        left[h] = NEVER
                    else:
                        own[_GRADUATES] += unit
                        own[_RELAPSED] += unit if welfare[h] < np.float32(1.0) else 0
                if _may_leave(record[h], enrolled[h], pkh_mask, word[h]):
                    bins[rank_bin(-record_score[h])] += unit
        if places[district] <= 0:
            continue
        last, rest = threshold(bins, places[district])
        tickets = np.zeros(TICKETS, np.int64)
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
                if not _may_leave(record[h], enrolled[h], pkh_mask, word[h]):
                    continue
                if rank_bin(-record_score[h]) == last + 1:
                    _, bits = philox2x32(np.uint32(first_id + h), month_word, key)
                    tickets[ticket(bits)] += weight[stratum]
        served, remaining = threshold(tickets, rest)
        drawing = tickets[min(served + 1, TICKETS - 1)]
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            unit = weight[stratum]
            for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
                if not _may_leave(record[h], enrolled[h], pkh_mask, word[h]):
                    continue
                place = rank_bin(-record_score[h])
                leaves = place <= last
                if place == last + 1:
                    _, bits = philox2x32(np.uint32(first_id + h), month_word, key)
                    leaves = wins(bits, served, remaining, drawing)
                if leaves:
                    record[h] = record[h] | GRADUATED
                    left[h] = now
                    own[2] += unit
                    if (enterprise[h] & WORKS) == 0:
                        enterprise[h] = WORKS | COACHED
                        started[h] = now
                        gain[h] += effect
                        own[3] += unit


@nb.njit
def _may_leave(record, enrolled, pkh_mask, word):  # type: ignore[no-untyped-def]
    """Return whether a family is in PKH, has not been told to leave, and has an earner."""
    return (enrolled & pkh_mask) != 0 and (record & GRADUATED) == 0 and has_earner(word)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def count_unable(  # type: ignore[no-untyped-def]
    district_stratum, stratum_start, weight, mask, word, enrolled, counts
):
    """Count households in some programmes, and those of them without an earner.

    Parameters
    ----------
    district_stratum : int64[n_districts + 1], stratum, first stratum of each district
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    mask : uint16, bits, programmes
    word : uint32[n_households], bits, packed composition
    enrolled : uint16[n_households], bits, programmes of the household
    counts : int64[n_districts, 2], 1/65536 households, in them, and without an earner; written
    """
    for district in range(district_stratum.size - 1):
        counts[district, :] = 0
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
                if enrolled[h] & mask:
                    counts[district, 0] += weight[stratum]
                    counts[district, 1] += 0 if has_earner(word[h]) else weight[stratum]


@nb.njit(cache=True, nogil=True, error_model="numpy")
def find_pioneers(  # type: ignore[no-untyped-def]
    now,
    district_stratum,
    stratum_start,
    weight,
    record,
    welfare,
    started,
    enterprise,
    counts,
):
    """Mark the enterprises that begin in need, and count the families that have left it behind.

    A pioneer family works in an enterprise that began while it was poor, or has left PKH with
    support, and is not poor now.

    Parameters
    ----------
    now : int16, month, months since the first of the run
    district_stratum : int64[n_districts + 1], stratum, first stratum of each district
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    record : uint8[n_households], bits, left PKH
    welfare : float32[n_households], ratio to the poverty line, consumption of the month
    started : int16[n_households], month, start of the enterprise
    enterprise : uint8[n_households], bits, see ``WORKS``, in place
    counts : int64[n_districts], 1/65536 households, pioneer families, written
    """
    for district in range(district_stratum.size - 1):
        counts[district] = 0
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
                if welfare[h] < np.float32(1.0):
                    if (enterprise[h] & WORKS) != 0 and started[h] == now:
                        enterprise[h] = enterprise[h] | FROM_NEED
                elif (enterprise[h] & FROM_NEED) != 0 or (record[h] & GRADUATED) != 0:
                    counts[district] += weight[stratum]
