"""Organisations find clients, hold them, and lose sight of who else helps.

Nothing here says how much help is doubled: each organisation looks for clients by itself, and
sees the easily seen first. What two of them share, and whom nobody finds, follows. An
organisation belongs to a district and serves one kind of need; districts of a province are
worked through one after the other, since clients are handed on within it.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.cases import FREE, GONE, LEFT_HOME
from kesos_sim.kernels.philox import exp32, normal_from_bits, philox2x32, uniform_from_bits
from kesos_sim.kernels.places import (
    COMMUNITY,
    EMPTY,
    MEMBER,
    PLACES,
    RETURNED,
    WORKING,
    taken_places,
)

__all__ = ["find_clients", "hold_clients"]

_HALF = np.uint32(16)
_LOW_HALF = np.uint32(0xFFFF)
_LEVEL_BITS = 8
_LEVELS = 1 << _LEVEL_BITS
"""Levels of visibility, as many people on each."""


@nb.njit(cache=True, nogil=True, error_model="numpy")
def hold_clients(  # type: ignore[no-untyped-def]
    from_province,
    to_province,
    key,
    month_word,
    province_orsos,
    home,
    field,
    state,
    checked,
    finish,
    success,
    most,
    place_start,
    place_orsos,
    place_case,
    place_number,
    household,
    case_client,
    active,
    served,
    helpers,
    helped,
    servers,
    held,
    ended,
    finished,
):
    """Let services end, with success, without, or because there is no money for them.

    A client is well when the last organisation that helps lets go of it with success; what
    another one did meanwhile was done twice.

    Parameters
    ----------
    from_province, to_province : int64, index, first of the provinces to do, and one past the last
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of services in the upper half
    province_orsos : int64[n_provinces + 1], organisation, first organisation of each province
    home : int64[n_orsos], index, district of the organisation
    field : uint8[n_orsos], code, kind of need that the organisation serves
    state : uint8[n_orsos], bits, see ``COMMUNITY``
    checked : bool[n_orsos], flag, whether somebody checks the figures of the organisation
    finish : float32[n_kinds], share per month, services that end
    success : float32[2, n_kinds], share, services that end the need: residential ones, and those
        where people live
    most : int32[n_orsos], places, for which the organisation has money
    place_start : int64[n_orsos + 1], place, first place for a client of each organisation
    place_orsos : int32[n_places], organisation, whose place it is
    place_case : int32[n_places], case, or ``EMPTY``, in place
    place_number : int32[n_places], index, client of the case
    household : int32[n_cases], household, or ``FREE``
    case_client : int64[n_cases + 1], client, first client byte of each case
    active, served : int32[n_cases], clients, in place
    helpers : int32[n_cases], places, of organisations that serve the case, in place
    helped : int32[n_cases], clients, whom a service has helped and who can fall back, in place
    servers : uint8[n_clients], organisations, that serve the client, in place
    held : int32[n_orsos], clients, who stay, written
    ended : int64[n_districts, 2], clients, whose need is over, and those who are sent away since
        there is no money, written
    finished : int64[n_orsos, 3], clients, whose service is finished, those of them whose need is
        over with it, and those whom the organisation reports as well since their need has ended by
        itself: who is checked leaves out whom another checked one has reported; written
    """
    taken_at = np.empty(PLACES, np.uint32)
    luck, better = np.empty(PLACES, np.uint32), np.empty(PLACES, np.uint32)
    who = np.empty(PLACES, np.int32)
    ends, well = np.empty(finish.shape, np.uint32), np.empty(success.shape, np.uint32)
    for kind in range(finish.size):
        ends[kind] = np.uint32(finish[kind] * np.float32(65536.0))
        for mode in range(success.shape[0]):
            well[mode, kind] = np.uint32(success[mode, kind] * np.float32(65536.0))
    for province in range(from_province, to_province):
        first, last = province_orsos[province], province_orsos[province + 1]
        for orsos in range(first, last):
            held[orsos] = 0
            finished[orsos] = 0
        for begin in range(place_start[first], place_start[last], PLACES):
            # One loop for each step: the next waits neither for memory nor for a guess.
            stop = min(begin + PLACES, place_start[last])
            n = taken_places(place_case, begin, stop, taken_at)
            for i in range(n):
                luck[i], better[i] = philox2x32(taken_at[i], month_word, key)
            for i in range(n):
                who[i] = household[place_case[taken_at[i]]]
            for i in range(n):
                place = taken_at[i]
                orsos = place_orsos[place]
                done = (luck[i] & _LOW_HALF) < ends[field[orsos]]
                if not done and who[i] != FREE and held[orsos] < most[orsos]:
                    held[orsos] += np.int32(1)
                    continue
                case = place_case[place]
                client = case_client[case] + np.int64(place_number[place])
                place_case[place] = EMPTY
                if who[i] == FREE:
                    # The row is nobody's until the case is opened again: it holds who was
                    # reported.
                    if not checked[orsos] or servers[client] == GONE:
                        finished[orsos, 2] += 1
                    if checked[orsos]:
                        servers[client] = LEFT_HOME
                    continue
                if done:
                    finished[orsos, 0] += 1
                else:
                    ended[home[orsos], 1] += 1
                helpers[case] -= 1
                servers[client] -= np.uint8(1)
                if servers[client] == 0:
                    served[case] -= 1
                    outside = np.int64((state[orsos] & COMMUNITY) != 0)
                    if done and (better[i] & _LOW_HALF) < well[outside, field[orsos]]:
                        servers[client] = LEFT_HOME - np.uint8(outside)
                        active[case] -= 1
                        helped[case] += 1
                        ended[home[orsos], 0] += 1
                        finished[orsos, 1] += 1


@nb.njit(forceinline=True)
def _level(key, household, kind, number):  # type: ignore[no-untyped-def]
    """Return at which of the levels a client is seen: the same for every organisation."""
    word = (np.uint32(number) & np.uint32(0x7FFFFF)) | (np.uint32(kind) << np.uint32(24))
    bits, _ = philox2x32(np.uint32(household), word, key ^ np.uint32(0x9E3779B9))
    return bits >> np.uint32(32 - _LEVEL_BITS)


@nb.njit(forceinline=True)
def _searching(  # type: ignore[no-untyped-def]
    key, month_word, effort, place_orsos, place_case, held, room, begin, stop, free_at, luck, ways
):
    """List the free places between two for which somebody is looked for, and a word of each."""
    n = np.int32(0)
    for place in range(begin, stop):
        free_at[n] = np.uint32(place)
        orsos = place_orsos[place]
        n += np.int32((place_case[place] == EMPTY) & (held[orsos] < room[orsos]))
    for i in range(n):
        luck[i], ways[i] = philox2x32(free_at[i], month_word, key)
    searching = np.int32(0)
    for i in range(n):
        free_at[searching], ways[searching] = free_at[i], ways[i]
        looks = uniform_from_bits(luck[i] >> np.uint32(9), 23) < effort
        searching += np.int32(looks)
    return searching


@nb.njit(cache=True, nogil=True, error_model="numpy")
def find_clients(  # type: ignore[no-untyped-def]
    from_province,
    to_province,
    key,
    month_word,
    now,
    first_id,
    ready,
    effort,
    spread,
    looks,
    tries,
    province_orsos,
    province_district,
    home,
    field,
    state,
    shared_list,
    routing,
    referred,
    room,
    held,
    place_start,
    place_orsos,
    place_case,
    place_number,
    kind_start,
    listed,
    case_client,
    household,
    since,
    served,
    helpers,
    servers,
    eased,
    found,
):
    """Let organisations fill free places: by their own search, or with people sent to them.

    Own search looks at some people of the own district who are in need and takes one, the more
    visible the rather, served by others or not. A member that looks into the shared list passes
    over people whom somebody serves. A member to which people are sent gets such whom nobody
    serves: of its own district or, when half the tries have found none there, of another of the
    province. Neighbourhood groups and letters of the referral service bring such people of the own
    district to any organisation.

    Parameters
    ----------
    from_province, to_province : int64, index, first of the provinces to do, and one past the last
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of searches in the upper half
    now : int16, month, months since the first of the run
    first_id : int64, household, identity of the first household of these arrays
    ready : int16[n_kinds], months, since the onset, before which organisations cannot help
    effort : float32, share per month, free places for which an organisation looks
    spread : float32, log points, standard deviation of how easily people are seen; 0: all alike
    looks : int64, people, among whom an organisation chooses one; with the tries below 127
    tries : int64, times, that it starts anew in a month when it cannot take the one it chose
    province_orsos : int64[n_provinces + 1], organisation, first organisation of each province
    province_district : int64[n_provinces + 1], district, first district of each province
    home : int64[n_orsos], index, district of the organisation
    field : uint8[n_orsos], code, kind of need that the organisation serves
    state : uint8[n_orsos], bits, see ``WORKING`` and ``MEMBER``
    shared_list : float32[n_districts], share, picks of members that are checked against others'
    routing : float32[n_districts], share, free places of members to which people are sent
    referred : float32[n_districts], share, other free places to which groups or letters bring
        people
    room : int32[n_orsos], places, that the organisation wants to fill
    held : int32[n_orsos], clients, in place
    place_start : int64[n_orsos + 1], place, first place for a client of each organisation
    place_orsos : int32[n_places], organisation, whose place it is
    place_case : int32[n_places], case, or ``EMPTY``, in place
    place_number : int32[n_places], index, client of the case, in place
    kind_start : int64[n_districts, n_kinds + 1], place in the list, see `list_cases`
    listed : int32[n_cases], case, open cases by district and kind
    case_client : int64[n_cases + 1], client, first client byte of each case
    household : int32[n_cases], household
    since : int16[n_cases], month, onset
    served : int32[n_cases], clients, in place
    helpers : int32[n_cases], places, of organisations that serve the case, in place
    servers : uint8[n_clients], organisations, that serve the client, in place
    eased : int32[n_orsos, 2], clients, whom the body sent to the organisation, and places for which
        the list spared it somebody whom another one helps, written
    found : int64[n_districts, 6], clients found, those whom others serve too, those passed over
        because the list showed another's help, those sent by the body, those whom nobody had
        served, and the months that these had waited; written
    """
    case_of = np.empty(looks, np.int64)
    number_of = np.empty(looks, np.int64)
    client_of = np.empty(looks, np.int64)
    luck_of = np.empty(looks, np.uint32)
    who_of = np.empty(looks, np.int64)
    servers_of = np.empty(looks, np.uint8)
    visibility = np.empty(_LEVELS, np.float32)
    for level in range(_LEVELS):
        middle = np.uint32((2 * level + 1) << (23 - _LEVEL_BITS))
        visibility[level] = exp32(spread * normal_from_bits(middle))
    until = np.empty(looks, np.float32)
    free_at = np.empty(PLACES, np.uint32)
    luck_at, ways = np.empty(PLACES, np.uint32), np.empty(PLACES, np.uint32)
    for province in range(from_province, to_province):
        first_district = province_district[province]
        n_districts = province_district[province + 1] - first_district
        eased[province_orsos[province] : province_orsos[province + 1]] = 0
        last_place = place_start[province_orsos[province + 1]]
        for begin_place in range(place_start[province_orsos[province]], last_place, PLACES):
            searching = _searching(
                key, month_word, effort, place_orsos, place_case, held, room,
                begin_place, min(begin_place + PLACES, last_place), free_at, luck_at, ways,
            )  # fmt: skip
            for i in range(searching):
                place, bits1 = np.int64(free_at[i]), ways[i]
                orsos = place_orsos[place]
                if held[orsos] >= room[orsos] or (state[orsos] & WORKING) == 0:
                    continue
                kind = np.int64(field[orsos])
                wait = ready[kind]
                own = found[home[orsos]]
                member = (state[orsos] & MEMBER) != 0
                look_up = shared_list[home[orsos]] if member else np.float32(0.0)
                sent = routing[home[orsos]] if member else np.float32(0.0)
                near = referred[home[orsos]]
                begin = kind_start[home[orsos], kind]
                many = kind_start[home[orsos], kind + 1] - begin
                checks = uniform_from_bits(bits1 & _LOW_HALF, 16) < look_up
                way = uniform_from_bits(bits1 >> _HALF, 16)
                by_body = way < sent
                brought = by_body or way < sent + (np.float32(1.0) - sent) * near
                if not by_body and many == 0:
                    continue
                spared = np.int32(0)
                for attempt in range(tries):
                    elsewhere = by_body and 2 * attempt >= tries
                    # One loop for each step: all who are looked at are fetched at once.
                    for look in range(looks):
                        turn = np.uint32(1 + attempt * looks + look) << np.uint32(24)
                        one, two = philox2x32(np.uint32(place), month_word ^ turn, key)
                        start, length = begin, many
                        if elsewhere:
                            chosen = (one & _LOW_HALF) * np.uint32(n_districts)
                            where = first_district + np.int64(chosen >> _HALF)
                            start = kind_start[where, kind]
                            length = kind_start[where, kind + 1] - start
                        pick = np.int64((np.uint64(one) * np.uint64(length)) >> np.uint64(32))
                        case_of[look] = start + pick if length > 0 else np.int64(EMPTY)
                        luck_of[look] = two
                    for look in range(looks):
                        if case_of[look] >= 0:
                            case_of[look] = listed[case_of[look]]
                    for look in range(looks):
                        # Every case of a district has a row of the same length, of which it may
                        # fill a part: so everybody is looked at as often as everybody else.
                        case = max(case_of[look], np.int64(0))
                        row = np.uint64(case_client[case + 1] - case_client[case])
                        number = np.int64((np.uint64(luck_of[look]) * row) >> np.uint64(32))
                        number_of[look], client_of[look] = number, case_client[case] + number
                        who_of[look] = household[case]
                    for look in range(looks):
                        servers_of[look] = servers[client_of[look]]
                    seen = 0
                    for look in range(looks):
                        others = servers_of[look]
                        if case_of[look] < 0 or others >= RETURNED or (brought and others > 0):
                            continue
                        if wait > 0 and now - since[case_of[look]] < wait:
                            continue
                        case_of[seen], number_of[seen] = case_of[look], number_of[look]
                        who_of[seen] = who_of[look]
                        seen += 1
                    total = np.float32(0.0)
                    for one_seen in range(seen):
                        sight = np.float32(1.0)
                        if not brought:
                            who = first_id + who_of[one_seen]
                            sight = visibility[_level(key, who, kind, number_of[one_seen])]
                        total += sight
                        until[one_seen] = total
                    if seen == 0:
                        continue
                    turn = np.uint32(128 + attempt) << np.uint32(24)
                    luck, _ = philox2x32(np.uint32(place), month_word ^ turn, key)
                    point = total * uniform_from_bits(luck >> np.uint32(9), 23)
                    taken = 0
                    while taken < seen - 1 and point >= until[taken]:
                        taken += 1
                    case, number = case_of[taken], number_of[taken]
                    client = case_client[case] + number
                    if servers[client] > 0:
                        if checks:
                            own[2] += 1
                            spared = np.int32(1)
                            continue
                        again = servers[client] == RETURNED - np.uint8(1)
                        for other in range(place_start[orsos], place_start[orsos + 1]):
                            same = (place_case[other] == case) & (place_number[other] == number)
                            again |= same
                        if again:
                            continue
                        own[1] += 1
                    else:
                        served[case] += 1
                        own[4] += 1
                        own[5] += np.int64(now) - np.int64(since[case])
                    helpers[case] += 1
                    servers[client] += np.uint8(1)
                    place_case[place] = np.int32(case)
                    place_number[place] = np.int32(number)
                    held[orsos] += 1
                    own[0] += 1
                    own[3] += 1 if by_body else 0
                    eased[orsos, 0] += np.int32(by_body)
                    break
                eased[orsos, 1] += spared
