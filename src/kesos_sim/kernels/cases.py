"""Cases: needs of households that a service can meet, and the people behind each case.

A simulated household stands for many real ones, an organisation has a few dozen clients: so a
case holds a row of real clients, each with a byte that counts the organisations that serve it.
A district owns a stretch of cases, and each case one of client bytes, so that none moves others.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.households import BLOCK
from kesos_sim.kernels.philox import log32, philox2x32, uniform_from_bits
from kesos_sim.kernels.places import LEFT_RETURNED

__all__ = [
    "ANYONE",
    "CHILD",
    "ELDER",
    "FREE",
    "GONE",
    "LEFT_CARE",
    "LEFT_HOME",
    "PUPIL",
    "TODDLER",
    "VILLAGER",
    "end_cases",
    "open_cases",
    "relieve",
]

GONE = np.uint8(255)
"""Client byte of somebody who has no such need, or no longer."""
LEFT_HOME, LEFT_CARE = np.uint8(254), np.uint8(253)
"""Client bytes of those whom a service has helped, in a home or where they live, and who can fall
back; below them are those in need and `LEFT_RETURNED`."""
FREE = np.int32(-1)
"""Household of a case that nobody uses."""

ANYONE, TODDLER, PUPIL, CHILD, ELDER, VILLAGER = range(6)
"""Who can have a need: any household, one with a member aged 0-6, of school age, under 19, of 60
and over, or any in a rural stratum."""

_YEAR = np.int64(12)
_BITS = 24
_WHOLE = np.float32(1 << _BITS)
_POOR = np.float32(1.0)
_OLDEST = np.float32(3000.0)
"""Months, age of the oldest case."""


@nb.njit(forceinline=True)
def _new_need(u, order, begin, end):  # type: ignore[no-untyped-def]
    """Return the need in whose stretch a number lies, or -1.

    Each need owns a stretch of the numbers from 0 to 1, or of those from 1 to 2 that a second
    draw gives, as wide as the highest chance that it can have: what changes one need moves no
    other.
    """
    for kind in order:
        if u < end[kind]:
            return kind if u >= begin[kind] else np.int64(-1)
    return np.int64(-1)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def open_cases(  # type: ignore[no-untyped-def]
    from_district,
    to_district,
    key,
    month_word,
    month,
    every,
    first_id,
    district_stratum,
    stratum_start,
    area,
    weight,
    who,
    members,
    begin,
    end,
    chance,
    poor_factor,
    word,
    welfare,
    needs,
    now,
    mean_age,
    case_start,
    case_client,
    household,
    kind_of,
    since,
    people,
    active,
    served,
    effect,
    servers,
    missing,
):
    """Look which households get a need, and open their cases as far as there is room.

    Who got a case has the need and gets no second one, so that the same call after making room
    opens the rest.

    Parameters
    ----------
    from_district, to_district : int64, index, first of the districts to do, and one past the last
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of needs in the upper half
    month : int64, month of the year, 0 to 11
    every : bool, flag, whether to look at all households instead of a twelfth of them
    first_id : int64, household, identity of the first household of these arrays
    district_stratum : int64[n_districts + 1], stratum, first stratum of each district
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    area : uint8[n_strata], code, 0 urban and 1 rural
    weight : int64[n_strata], 1/65536 clients, what a simulated household stands for
    who : int64[n_kinds], code, who can have the need
    members : uint32[n_kinds], bits, of a packed composition, of which one has to be set for it
    begin, end : float32[n_kinds], share, stretch of each need, between 0 and 1 or 1 and 2
    chance : float32[n_kinds], share, onset in a household that is not poor
    poor_factor : float32[n_kinds], ratio, how many times as often in a poor household
    word : uint32[n_households], bits, packed composition
    welfare : float32[n_households], ratio to the poverty line, consumption of the last month
    needs : uint16[n_households], bits, needs of the household, in place
    now : int16, month, months since the first of the run
    mean_age : float32[n_kinds], months, mean age of a case; drawn for those found at once
    case_start : int64[n_districts + 1], case, first case of each district
    case_client : int64[n_cases + 1], client, first client byte of each case
    household : int32[n_cases], household, or ``FREE``, in place
    kind_of : uint8[n_cases], code, kind of need, in place
    since : int16[n_cases], month, onset, in place
    people : int32[n_cases], clients, real ones at the onset, in place
    active : int32[n_cases], clients, those who still have the need, in place
    served : int32[n_cases], clients, those whom somebody serves, in place
    effect : float32[n_cases], log points, what is in the household's gain, in place
    servers : uint8[n_clients], organisations, that serve the client, in place
    missing : int64[n_districts], cases, for which there was no room, written
    """
    order = np.empty(who.size, np.int64)
    top = np.zeros(2, np.float32)
    for kind in range(who.size):
        before = np.int64(0)
        for other in range(who.size):
            tie = begin[other] == begin[kind] and other < kind
            before += 1 if tie or begin[other] < begin[kind] else 0
        order[before] = kind
        second = np.int64(begin[kind] >= np.float32(1.0))
        top[second] = max(top[second], end[kind])
    bits = np.empty((2, BLOCK), np.uint32)
    for district in range(from_district, to_district):
        place, stop = case_start[district], case_start[district + 1]
        too_many = np.int64(0)
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            rural = area[stratum] == 1
            first = stratum_start[stratum]
            step = np.int64(1) if every else _YEAR
            ahead = np.int64(0) if every else (month - first_id - first) % _YEAR
            for start in range(first + ahead, stratum_start[stratum + 1], step * BLOCK):
                n = np.int32(min((stratum_start[stratum + 1] - start + step - 1) // step, BLOCK))
                identity, apart = np.uint32(first_id + start), np.uint32(step)
                for i in range(n):
                    bits[0, i], bits[1, i] = philox2x32(
                        identity + apart * np.uint32(i), month_word, key
                    )
                for turn in range(2 * n):
                    i, draw = turn >> 1, turn & 1
                    u = np.float32(bits[draw, i] >> np.uint32(32 - _BITS)) / _WHOLE
                    u += np.float32(draw)
                    if u >= top[draw]:
                        continue
                    kind = _new_need(u, order, begin, end)
                    h = start + step * i
                    if kind < 0 or (word[h] & members[kind]) == 0:
                        continue
                    if who[kind] == VILLAGER and not rural:
                        continue
                    factor = poor_factor[kind] if welfare[h] < _POOR else np.float32(1.0)
                    if u >= begin[kind] + chance[kind] * factor:
                        continue
                    if (needs[h] >> np.uint16(kind)) & np.uint16(1) != 0:
                        continue
                    while place < stop and household[place] != FREE:
                        place += 1
                    if place == stop:
                        too_many += 1
                        continue
                    own_word = month_word ^ (np.uint32(draw + 1) << np.uint32(30))
                    odd, age = philox2x32(np.uint32(first_id + h), own_word, key)
                    # Whole clients: the odd part of the weight is drawn, so its mean is right.
                    real = weight[stratum] + np.int64(odd & np.uint32(0xFFFF))
                    size = np.int32(max(real >> np.int64(16), 1))
                    needs[h] |= np.uint16(1) << np.uint16(kind)
                    household[place] = np.int32(h)
                    kind_of[place] = np.uint8(kind)
                    months = np.float32(0.0)
                    if every:
                        months = -log32(uniform_from_bits(age >> np.uint32(9), 23))
                        months = min(months * mean_age[kind], _OLDEST)
                    since[place] = now - np.int16(months)
                    people[place] = size
                    active[place] = size
                    served[place] = 0
                    effect[place] = np.float32(0.0)
                    client = case_client[place]
                    servers[client : client + np.int64(size)] = np.uint8(0)
                    servers[client + np.int64(size) : case_client[place + 1]] = GONE
                    place += 1
        missing[district] = too_many


@nb.njit(cache=True, nogil=True, error_model="numpy")
def end_cases(  # type: ignore[no-untyped-def]
    from_district,
    to_district,
    key,
    month_word,
    first_id,
    members,
    end_chance,
    relapse,
    safe,
    case_start,
    case_client,
    household,
    kind_of,
    people,
    active,
    served,
    helpers,
    helped,
    effect,
    servers,
    word,
    welfare,
    needs,
    gain,
    back,
):
    """Close cases whose need is over by itself or whose clients are all well; some fall back.

    A need is over by itself too once nobody is left in the household who can have it: the old
    people have died, the children have grown up.

    Parameters
    ----------
    from_district, to_district : int64, index, first of the districts to do, and one past the last
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of services in the upper half
    first_id : int64, household, identity of the first household of these arrays
    members : uint32[n_kinds], bits, of a packed composition, of which one has to be set for a need
    end_chance : float32[2, n_kinds], share per month, needs that end unserved: not poor, poor
    relapse : float32[3, n_kinds], share per month, who fall back, from `LEFT_HOME` downwards
    safe : float32, share per month, of those helped who are out of danger from then on
    case_start : int64[n_districts + 1], case, first case of each district
    case_client : int64[n_cases + 1], client, first client byte of each case
    household : int32[n_cases], household, or ``FREE``, in place
    kind_of : uint8[n_cases], code, kind of need
    people, active, served : int32[n_cases], clients, in place
    helpers : int32[n_cases], places, of organisations that serve the case, in place
    helped : int32[n_cases], clients, whom a service has helped and who can fall back, in place
    effect : float32[n_cases], log points, what is in the household's gain, in place
    servers : uint8[n_clients], organisations, that serve the client, in place
    word : uint32[n_households], bits, packed composition
    welfare : float32[n_households], ratio to the poverty line, consumption of the last month
    needs : uint16[n_households], bits, needs of the household, in place
    gain : float32[n_households], log points, lasting gains, moved in place
    back : int64[n_districts, 2], clients, who fall back, and who still can, written
    """
    for district in range(from_district, to_district):
        own_back = back[district]
        own_back[:] = 0
        for case in range(case_start[district], case_start[district + 1]):
            h = household[case]
            if h == FREE:
                continue
            kind = kind_of[case]
            # A word of its own for each need of a household.
            own_word = month_word ^ (np.uint32(kind) << np.uint32(24))
            bits, own_key = philox2x32(np.uint32(first_id + h), own_word, key)
            poor = np.int64(welfare[h] < _POOR)
            over = uniform_from_bits(bits >> np.uint32(9), 23) < end_chance[poor, kind]
            over |= (word[h] & members[kind]) == 0
            if not over and helped[case] > 0:
                first = case_client[case]
                to_see = helped[case]
                for client in range(first, first + np.int64(people[case])):
                    left = servers[client]
                    if left < LEFT_RETURNED or left == GONE:
                        continue
                    to_see -= 1
                    luck, _ = philox2x32(np.uint32(client - first), own_word, own_key)
                    u = uniform_from_bits(luck >> np.uint32(9), 23)
                    if u < relapse[np.int64(LEFT_HOME - left), kind]:
                        servers[client] = np.uint8(0)
                        active[case] += 1
                        helped[case] -= 1
                        own_back[0] += 1
                    elif u >= np.float32(1.0) - safe:
                        servers[client] = GONE
                        helped[case] -= 1
                    if to_see == 0:
                        break
                own_back[1] += helped[case]
            if not over and active[case] + helped[case] > 0:
                continue
            servers[case_client[case] : case_client[case] + np.int64(people[case])] = GONE
            needs[h] &= ~(np.uint16(1) << np.uint16(kind))
            gain[h] -= effect[case]
            household[case] = FREE
            people[case] = 0
            active[case] = 0
            served[case] = 0
            helpers[case] = 0
            helped[case] = 0
            effect[case] = np.float32(0.0)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def relieve(  # type: ignore[no-untyped-def]
    from_district,
    to_district,
    case_start,
    household,
    kind_of,
    people,
    active,
    served,
    helpers,
    loss,
    usual,
    effect,
    gain,
    totals,
):
    """Let service spare households a loss, against what the baseline's services spare.

    Parameters
    ----------
    from_district, to_district : int64, index, first of the districts to do, and one past the last
    case_start : int64[n_districts + 1], case, first case of each district
    household : int32[n_cases], household, or ``FREE``
    kind_of : uint8[n_cases], code, kind of need
    people, active, served : int32[n_cases], clients
    helpers : int32[n_cases], places, of organisations that serve the case
    loss : float32[n_kinds], log points, what a need costs while nobody meets it
    usual : float32[n_kinds], share, clients of the baseline who are served
    effect : float32[n_cases], log points, what is in the household's gain, in place
    gain : float32[n_households], log points, lasting gains, moved in place
    totals : int64[n_districts, n_kinds, 3], clients, with the need, served, and served counted once
        for each organisation that serves them, written
    """
    for district in range(from_district, to_district):
        own = totals[district]
        own[:] = 0
        for case in range(case_start[district], case_start[district + 1]):
            h = household[case]
            if h == FREE:
                continue
            kind = kind_of[case]
            own[kind, 0] += active[case]
            own[kind, 1] += served[case]
            own[kind, 2] += helpers[case]
            spared = np.float32(served[case]) - usual[kind] * np.float32(active[case])
            spared *= loss[kind] / np.float32(people[case])
            if spared != effect[case]:
                gain[h] += spared - effect[case]
                effect[case] = spared
