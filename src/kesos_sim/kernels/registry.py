"""The registry's half: records are verified, households ranked, selected and paid.

Every kernel runs over districts, the places in which quotas are given out. A
district is a run of strata and a stratum a run of households, so a district
belongs to one thread and needs no agreement with others.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.components import SIZE_MASK, has_earner, pkh_amount
from kesos_sim.kernels.eligibility import (
    ANY,
    COMPONENT,
    DISABLED,
    ELDERLY,
    GRADUATED,
    LISTED,
    NOT_REGULAR,
    PKH_MEMBER,
    RURAL_NOT_REGULAR,
    eligible,
)
from kesos_sim.kernels.households import BLOCK
from kesos_sim.kernels.philox import (
    normal_from_root,
    philox2x32,
    tail_root,
    uniform_from_bits,
)
from kesos_sim.kernels.ranking import BINS, TICKETS, rank_bin, threshold, ticket, wins
from kesos_sim.rng import MONTH_BITS, Stream

__all__ = [
    "ANY",
    "COMPONENT",
    "DISABLED",
    "ELDERLY",
    "GRADUATED",
    "LISTED",
    "NOT_REGULAR",
    "PKH_MEMBER",
    "RURAL_NOT_REGULAR",
    "grant_benefits",
    "select_by_rank",
    "verify_records",
]

_SELECTION = int(Stream.SELECTION) << MONTH_BITS
"""Runs of districts that threads take; each has its own scratch."""


@nb.njit(cache=True, nogil=True, error_model="numpy")
def verify_records(  # type: ignore[no-untyped-def]
    from_district,
    to_district,
    key,
    month_word,
    month,
    first_id,
    district_start,
    verified_share,
    proposed_share,
    objected_share,
    weight_of_truth,
    persistent_load,
    need_limit,
    base,
    persistent,
    score,
    record_score,
    record_month,
    record,
):
    """Visit a share of the records, take proposals and objections.

    A visit sees what lasts (permanent and persistent score) through the noise of
    a proxy-means test. Proposals add unlisted households whose present score is
    low; objections remove listed ones whose present score is high.

    Parameters
    ----------
    from_district, to_district : int64, index, first of the districts to do, and one past the last
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of the registry in the upper half
    month : int16, month, months since the first of the run, for the age of records
    first_id : int64, household, identity of the first household of these arrays
    district_start : int64[n_districts + 1], household, first household of each district
    verified_share : float32[n_districts], share, records visited since the last time
    proposed_share : float32[n_districts], share, unlisted poor added since the last time
    objected_share : float32[n_districts], share, listed well-off removed since the last time
    weight_of_truth : float32, correlation, between the test's score and lasting welfare
    persistent_load : float32, score, weight of the persistent part in the score
    need_limit : float32[n_districts, 2], normal score, below the first a neighbour sees need,
        above the second a neighbour sees none
    base : float32[n_households], normal score, permanent part of the score
    persistent : float32[n_households], normal score, persistent part
    score : float32[n_households], normal score, present welfare score
    record_score : float32[n_households], normal score, proxy-means score on record, in place
    record_month : int16[n_households], month, month of the last visit, in place
    record : uint8[n_households], bits, listed or not, in place
    """
    noise_load = np.sqrt(np.float32(1.0) - weight_of_truth * weight_of_truth)
    no, yes = np.uint8(0), np.uint8(1)
    bits0 = np.empty(BLOCK, np.uint32)
    bits1 = np.empty(BLOCK, np.uint32)
    root = np.empty(BLOCK, np.float32)
    seen = np.empty(BLOCK, np.uint8)
    for district in range(from_district, to_district):
        visit = verified_share[district]
        propose = proposed_share[district]
        objection = objected_share[district]
        low = need_limit[district, 0]
        high = need_limit[district, 1]
        for start in range(district_start[district], district_start[district + 1], BLOCK):
            stop = min(start + BLOCK, district_start[district + 1])
            n = np.int32(stop - start)
            identity = np.uint32(first_id + start)
            for i in range(n):
                bits0[i], bits1[i] = philox2x32(identity + np.uint32(i), month_word, key)
            own_score, own_record = score[start:stop], record[start:stop]
            for i in range(n):
                chance = uniform_from_bits(bits1[i] & np.uint32(0xFFFF), 16)
                lottery = uniform_from_bits(bits1[i] >> np.uint32(16), 16)
                listed = (own_record[i] & LISTED) != no
                added = (not listed) & (own_score[i] < low) & (chance < propose)
                removed = listed & (own_score[i] > high) & (chance < objection)
                seen[i] = yes if (lottery < visit) | added else no
                kept = LISTED if (listed | added) & (not removed) else no
                own_record[i] = (own_record[i] & ~LISTED) | kept
            for i in range(n):
                root[i] = tail_root(bits0[i] >> np.uint32(8))
            own_base, own_persistent = base[start:stop], persistent[start:stop]
            own_record_score = record_score[start:stop]
            for i in range(n):
                lasting = own_base[i] + persistent_load * own_persistent[i]
                noise = normal_from_root(bits0[i] >> np.uint32(8), root[i])
                visited = weight_of_truth * lasting + noise_load * noise
                own_record_score[i] = visited if seen[i] != no else own_record_score[i]
            own_month = record_month[start:stop]
            for i in range(n):
                own_month[i] = month if seen[i] != no else own_month[i]


@nb.njit(cache=True, nogil=True, error_model="numpy")
def select_by_rank(  # type: ignore[no-untyped-def]
    from_district,
    to_district,
    key,
    first_id,
    programme,
    code,
    by_person,
    elderly70,
    discord,
    lead,
    regular_mask,
    pkh_mask,
    district_stratum,
    stratum_start,
    area,
    weight,
    quota,
    word,
    record_score,
    record,
    enrolled,
):
    """Give a programme to the lowest-ranked eligible records of each district.

    Parameters
    ----------
    from_district, to_district : int64, index, first of the districts to do, and one past the last
    key : uint32, bits, key of the seed and replicate
    first_id : int64, household, identity of the first household of these arrays
    programme : int64, index, number of the programme
    code : int64, code, who may get it
    by_person : bool, flag, whether the quota counts persons
    elderly70 : bool, flag, whether elderly means 70 and over instead of 60 and over
    discord : float32, score, spread by which this programme's list differs from the registry
    lead : float32, score, by which households without an earner come earlier in the ranking
    regular_mask, pkh_mask : uint16, bits, programmes that make a family one in regular aid
    district_stratum : int64[n_districts + 1], stratum, first stratum of each district
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    area : uint8[n_strata], code, 0 urban and 1 rural
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    quota : int64[n_districts], 1/65536 households or persons, places to give
    word : uint32[n_households], bits, packed composition
    record_score : float32[n_households], normal score, proxy-means score on record
    record : uint8[n_households], bits, listed or not
    enrolled : uint16[n_households], bits, programmes of the household, in place
    """
    bit = np.uint16(1) << np.uint16(programme)
    clear = ~bit
    stream = np.uint32(_SELECTION | programme)
    counts = np.empty(BINS, np.int64)
    tickets = np.empty(TICKETS, np.int64)
    may = np.empty(BLOCK, np.uint8)
    noise = np.empty(BLOCK, np.float32)
    bits = np.empty(BLOCK, np.uint32)
    # Each district leaves both empty behind it, place by place: it fills few of them.
    counts[:] = 0
    tickets[:] = 0
    for district in range(from_district, to_district):
        first = stratum_start[district_stratum[district]]
        stop = stratum_start[district_stratum[district + 1]]
        own_enrolled = enrolled[first:stop]
        for i in range(own_enrolled.size):
            own_enrolled[i] = own_enrolled[i] & clear
        if quota[district] <= 0:
            continue
        applicant = np.empty(stop - first, np.int32)
        rank = np.empty(stop - first, np.int16)
        found = np.int64(0)
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            unit = weight[stratum]
            for start in range(stratum_start[stratum], stratum_start[stratum + 1], BLOCK):
                end = min(start + BLOCK, stratum_start[stratum + 1])
                eligible(
                    code,
                    elderly70,
                    area[stratum] == 1,
                    regular_mask,
                    pkh_mask,
                    word[start:end],
                    record[start:end],
                    enrolled[start:end],
                    may,
                )
                # Who may, side by side: the costly steps are for them alone.
                who = applicant[found:]
                n = np.int32(0)
                for i in range(np.int32(end - start)):
                    who[n] = np.int32(start - first) + np.int32(i)
                    n += np.int32(may[i])
                identity = np.uint32(first_id + first)
                for i in range(n):
                    bits[i], _ = philox2x32(identity + np.uint32(who[i]), stream, key)
                for i in range(n):
                    noise[i] = tail_root(bits[i] >> np.uint32(8))
                for i in range(n):
                    noise[i] = discord * normal_from_root(bits[i] >> np.uint32(8), noise[i])
                if lead > np.float32(0.0):
                    for i in range(n):
                        noise[i] -= np.float32(0.0) if has_earner(word[first + who[i]]) else lead
                place = rank[found:]
                for i in range(n):
                    where = rank_bin(record_score[first + who[i]] + noise[i])
                    place[i] = np.int16(where)
                    size = np.int64(word[first + who[i]] & np.uint32(SIZE_MASK))
                    counts[where] += unit * (size if by_person else np.int64(1))
                found += n
        last, left = threshold(counts, quota[district])
        for i in range(found):
            counts[rank[i]] = 0
            if rank[i] <= last:
                own_enrolled[applicant[i]] |= bit
        if left <= 0:
            continue
        edge = last + np.int32(1)
        stratum = district_stratum[district]
        for i in range(found):
            if rank[i] == edge:
                h = first + applicant[i]
                while h >= stratum_start[stratum + 1]:
                    stratum += 1
                _, bits1 = philox2x32(np.uint32(first_id + h), stream, key)
                size = np.int64(word[h] & np.uint32(SIZE_MASK)) if by_person else np.int64(1)
                tickets[ticket(bits1)] += weight[stratum] * size
        served, rest = threshold(tickets, left)
        drawing = tickets[min(served + 1, TICKETS - 1)]
        for i in range(found):
            if rank[i] == edge:
                _, bits1 = philox2x32(np.uint32(first_id + first + applicant[i]), stream, key)
                tickets[ticket(bits1)] = 0
                if wins(bits1, served, rest, drawing):
                    own_enrolled[applicant[i]] |= bit


@nb.njit(cache=True, nogil=True, error_model="numpy")
def grant_benefits(  # type: ignore[no-untyped-def]
    from_district,
    to_district,
    in_kind,
    flat,
    pkh_part,
    received,
    component_amount,
    component_limit,
    component_order,
    component_most,
    elderly70,
    district_stratum,
    stratum_start,
    line,
    extra,
    word,
    enrolled,
    benefit,
    households,
    persons,
    rupiah,
):
    """Work out what each household receives a month, and what that costs.

    Parameters
    ----------
    from_district, to_district : int64, index, first of the districts to do, and one past the last
    in_kind : bool[n_programmes], flag, premium for each member: counted, not consumed
    flat : float64[n_programmes, n_districts], rupiah per household (in kind: person) and month
    pkh_part : float64[n_programmes], share, part of the PKH amount that the programme pays
    received : float64[n_programmes, n_districts], share, what arrives of what is due
    component_amount, component_limit, component_order : int64[7], rupiah per person and year,
        persons, index, see ``pkh_amount``
    component_most : int64, persons, most components of a family
    elderly70 : bool, flag, whether elderly means 70 and over
    district_stratum : int64[n_districts + 1], stratum, first stratum of each district
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    line : float64[n_strata], rupiah per person and month, poverty line of the stratum
    extra : float32[n_strata], lines per person and month, income that everyone gains or loses
    word : uint32[n_households], bits, packed composition
    enrolled : uint16[n_households], bits, programmes of the household
    benefit : float32[n_households], lines per person and month, written
    households, persons : int64[n_programmes, n_strata], simulated households, persons, written
    rupiah : int64[n_programmes, n_strata], rupiah a year due to simulated households, written
    """
    n_programmes = in_kind.size
    own = np.uint16((1 << n_programmes) - 1)
    by_family = np.uint16(0)
    for programme in range(n_programmes):
        if pkh_part[programme] > 0.0:
            by_family |= np.uint16(1) << np.uint16(programme)
    monthly = np.empty(n_programmes, np.float64)
    arrives = np.empty(n_programmes, np.float64)
    count = np.empty((3, n_programmes), np.int64)
    for district in range(from_district, to_district):
        for programme in range(n_programmes):
            monthly[programme] = flat[programme, district]
            arrives[programme] = received[programme, district]
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            per_line = 1.0 / line[stratum]
            count[:] = 0
            for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
                bits = enrolled[h]
                if bits == 0:
                    benefit[h] = extra[stratum]
                    continue
                size = np.int64(word[h] & np.uint32(SIZE_MASK))
                family = np.int64(0)
                if bits & by_family:
                    family = pkh_amount(
                        word[h],
                        component_amount,
                        component_limit,
                        component_order,
                        component_most,
                        elderly70,
                    )
                total = 0.0
                left = bits & own
                programme = 0
                while left:
                    if left & np.uint16(1):
                        yearly = 12.0 * monthly[programme]
                        if pkh_part[programme] > 0.0:
                            yearly += pkh_part[programme] * np.float64(family)
                        count[0, programme] += 1
                        count[1, programme] += size
                        if in_kind[programme]:
                            yearly *= np.float64(size)
                        else:
                            total += yearly * arrives[programme]
                        count[2, programme] += np.int64(yearly + 0.5)
                    left >>= np.uint16(1)
                    programme += 1
                help_per_person = np.float32(total / 12.0 * per_line / np.float64(size))
                benefit[h] = help_per_person + extra[stratum]
            for programme in range(n_programmes):
                households[programme, stratum] = count[0, programme]
                persons[programme, stratum] = count[1, programme]
                rupiah[programme, stratum] = count[2, programme]
