"""What organisations cost and receive in a month, and how many clients that lets them serve.

Examples
--------
Usual volunteers, twice as many, and none, where they save a fifth of what a service costs:

>>> import numpy as np
>>> from kesos_sim.kernels.places import WORKING
>>> [work_done(volunteers, 0.2) for volunteers in (1.0, 2.0, 0.0)]
[1.0, 0.8, 1.2]

As many join as leave, and half of the leaving stay where somebody looks after them:

>>> usual, found = np.ones(2, np.float32), np.zeros(2, np.float32)
>>> keep_volunteers(0.25, 0.5, 1.0, np.array([False, True]), usual, found)
>>> found.tolist()
[1.0, 1.125]
>>> state, clients, number = np.array([WORKING, 0], np.uint8), np.full(2, 10.0), np.zeros(1)
>>> count_volunteers(np.array([0, 0]), state, clients, usual, 2.0, number)
>>> number.tolist()
[20.0]
"""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.philox import philox2x32, uniform_from_bits
from kesos_sim.kernels.places import ACCREDITED, COMMUNITY, WORKING

__all__ = [
    "SOURCES",
    "cost_orsos",
    "count_volunteers",
    "fund_orsos",
    "keep_volunteers",
    "pay_orsos",
    "want_orsos",
    "work_done",
]

SOURCES = ("donation", "government", "csr", "own_business", "international", "zakat")
"""Where money of organisations comes from; the place of a source is its column."""

_DONATION, _GOVERNMENT, _OWN, _SOURCES = 0, 1, 3, len(SOURCES)
_MONTHS = 12
_BLOCK = 256
"""Organisations that are gone through together."""
_LEAST = 0.1
"""Part of the cost that remains however many volunteers there are."""
_HALF = np.float32(np.sqrt(3.0))
"""Half the width of evenly spread numbers whose standard deviation is one."""


@nb.njit(forceinline=True)
def _evenly(bits):  # type: ignore[no-untyped-def]
    """Return an evenly spread number of mean 0 and standard deviation 1: float32."""
    return _HALF * (np.float32(2.0) * uniform_from_bits(bits >> np.uint32(9), 23) - np.float32(1.0))


@nb.njit(forceinline=True)
def work_done(volunteers, work):  # type: ignore[no-untyped-def]
    """Return what a service costs with the volunteers that there are, against usual: float64."""
    return max(1.0 - work * (np.float64(volunteers) - 1.0), _LEAST)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def keep_volunteers(leaving, kept, joining, cared_for, stock, found):  # type: ignore[no-untyped-def]
    """Let some volunteers leave and others join.

    Parameters
    ----------
    leaving : float64, share per month, volunteers that leave if nobody looks after them
    kept : float64, share, of those who would leave, who stay if somebody does
    joining : float64, ratio, volunteers that join, to the usual
    cared_for : bool[n_orsos], flag, whether the organisation looks after them
    stock : float32[n_orsos], ratio, volunteers against usual
    found : float32[n_orsos], ratio, the same a month later, written
    """
    for orsos in range(stock.size):
        now = np.float64(stock[orsos])
        stay = kept if cared_for[orsos] else 0.0
        found[orsos] = np.float32(now + leaving * (joining - (1.0 - stay) * now))


@nb.njit(cache=True, nogil=True, error_model="numpy")
def count_volunteers(home, state, clients, stock, each, number):  # type: ignore[no-untyped-def]
    """Count the volunteers of organisations that work, without a guess which.

    Parameters
    ----------
    home : int64[n_orsos], index, district of the organisation
    state : uint8[n_orsos], bits, ``WORKING``
    clients : float64[n_orsos], clients, for whom it began with places
    stock : float32[n_orsos], ratio, volunteers against usual
    each : float64, persons, usual volunteers per client
    number : float64[n_districts], persons, written
    """
    number[:] = 0.0
    for orsos in range(home.size):
        works = np.float64((state[orsos] & WORKING) != 0)
        number[home[orsos]] += works * (each * clients[orsos] * np.float64(stock[orsos]))


@nb.njit(cache=True, nogil=True, error_model="numpy")
def cost_orsos(  # type: ignore[no-untyped-def]
    state,
    clients,
    trained,
    remote,
    volunteers,
    residential,
    outside,
    saved,
    farther,
    work,
    fixed,
    unit,
    running_cost,
    place_cost,
):
    """Work out what organisations cost in a month.

    Parameters
    ----------
    state : uint8[n_orsos], bits, ``COMMUNITY``
    clients : float64[n_orsos], clients, for whom it began with places: buildings and staff of
        today, not of places that came or went since
    trained : float32[n_orsos], share, what is left of a training
    remote : float32[n_orsos], index, how remote its district is, 0 to 1
    volunteers : float32[n_orsos], ratio, volunteers against usual
    residential, outside : float64, rupiah per month, for a client in a home and where it lives
    saved : float32, share, of the cost, that training saves
    farther : float32, share, that remoteness adds
    work : float64, share, of the cost, that volunteers save
    fixed : float64, share, of the cost, that comes whoever is served
    unit : float64, clients, that one place stands for
    running_cost : float64[n_orsos], rupiah per month, whoever is served, written
    place_cost : float64[n_orsos], rupiah per month and place, written
    """
    for orsos in range(state.size):
        one = outside if state[orsos] & COMMUNITY else residential
        one *= np.float32(1.0) - saved * trained[orsos]
        one *= np.float32(1.0) + farther * remote[orsos]
        one *= work_done(volunteers[orsos], work)
        running_cost[orsos] = fixed * one * clients[orsos]
        place_cost[orsos] = (1.0 - fixed) * one * unit


@nb.njit(cache=True, nogil=True, error_model="numpy")
def want_orsos(  # type: ignore[no-untyped-def]
    home,
    state,
    usual,
    running_cost,
    place_cost,
    capacity,
    largest,
    reserve,
    build_share,
    building,
    reserve_months,
    plan_months,
    want,
    together,
):
    """Work out what new grants organisations could use in a month.

    That is what all their places and those of a year's building cost beyond their usual money,
    and a reserve for as long as they try to keep one.

    Parameters
    ----------
    home : int64[n_orsos], index, district of the organisation
    state : uint8[n_orsos], bits, ``WORKING`` and ``COMMUNITY``: only homes have to build
    usual : float32[n_orsos, n_sources], rupiah per month, in the long run
    running_cost : float64[n_orsos], rupiah per month, whoever is served
    place_cost : float64[n_orsos], rupiah per month and place
    capacity : float64[n_orsos], places, that the organisation has
    largest : float64[n_orsos], places, that it can ever have
    reserve : int64[n_orsos], rupiah
    build_share : float64, share, of the places, most that is built in a year
    building : float64, months of a place's cost, what a new place costs
    reserve_months : float64, months, for which its usual money should be in reserve
    plan_months : float64, months, in which it wants to use what it has too much or too little of
    want : float64[n_orsos], rupiah, written
    together : float64[n_districts], rupiah, what organisations of a district want, written
    """
    together[:] = 0.0
    for orsos in range(state.size):
        works = np.float64((state[orsos] & WORKING) != 0)
        grown = min(capacity[orsos] * (1.0 + build_share), largest[orsos])
        full = running_cost[orsos] + place_cost[orsos] * grown
        price = 0.0 if state[orsos] & COMMUNITY else place_cost[orsos] * building
        full += (grown - capacity[orsos]) * price / np.float64(_MONTHS)
        money = np.float32(0.0)
        for source in range(_SOURCES):
            money += usual[orsos, source]
        short = reserve_months * full - np.float64(reserve[orsos])
        want[orsos] = works * max(full - np.float64(money) + short / plan_months, 0.0)
        together[home[orsos]] += want[orsos]


@nb.njit(cache=True, nogil=True, error_model="numpy")
def fund_orsos(  # type: ignore[no-untyped-def]
    from_province,
    to_province,
    key,
    month_word,
    month,
    province_orsos,
    home,
    field,
    state,
    identity,
    own_month,
    pays,
    usual,
    factor,
    timing,
    spread,
    owed,
    kept,
    extra,
    want,
    together,
    running_cost,
    place_cost,
    capacity,
    rounding,
    ahead,
    cushion,
    reserve,
    smoothed,
    income,
    lasts,
    wanted,
    most,
    room,
):
    """Receive the money of a month, and work out for how many clients it is enough.

    Donations and own business vary from month to month, zakat comes evenly. Grants come late in
    the year, from those who grant in that year, to accredited organisations; what government owes
    comes evenly and to every organisation. Firms and donors abroad pay once a year. Additional
    grants of the month go to the organisations of a district by what they could use.

    Parameters
    ----------
    from_province, to_province : int64, index, first of the provinces to do, and one past the last
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of money in the upper half
    month : int64, index, month of the year, 0 to 11
    province_orsos : int64[n_provinces + 1], organisation, first organisation of each province
    home : int64[n_orsos], index, district of the organisation
    field : uint8[n_orsos], code, kind of need that the organisation serves
    state : uint8[n_orsos], bits, ``WORKING`` and ``ACCREDITED``
    identity : uint32[n_orsos], identity, by which the organisation is drawn
    own_month : uint8[n_orsos], index, month of the year in which yearly money comes
    pays : uint8[n_orsos], bits, sources that pay in this year
    usual : float32[n_orsos, n_sources], rupiah per month, in the long run
    factor : float32[n_districts, n_sources], ratio, of this month's money to the usual
    timing : float32[n_sources, 12], share of a year's money that comes in each month; none: all
        of it in the organisation's own month
    spread : float32[n_sources], ratio, standard deviation of monthly money, evenly spread
    owed : float32[n_kinds], share, grants that are an obligation
    kept : float32, share, worth that is left of a grant that is not indexed
    extra : int64[n_districts], rupiah, additional grants of the month; no more than is wanted
    want : float64[n_orsos], rupiah, of additional grants that it could use this month
    together : float64[n_districts], rupiah, what working organisations of a district want
    running_cost : float64[n_orsos], rupiah per month, whoever is served
    place_cost : float64[n_orsos], rupiah per month and place
    capacity : float64[n_orsos], places, that the organisation has
    rounding : float64[n_orsos], share, added to places before the whole ones are counted
    ahead : float64, months, in which it wants to use what it has too much or too little of
    cushion : float64, months, for which its usual money should be in reserve
    reserve : int64[n_orsos], rupiah, in place
    smoothed : float64[n_orsos], rupiah per month, what came in a year or so, in place
    income : int64[n_districts, n_sources], rupiah, added to; government with additional grants
    lasts : float64[n_orsos], places, that can be paid for in this month, written
    wanted : float64[n_orsos], places, that the organisation wants to fill, written
    most, room : int32[n_orsos], places, whole ones of these two, written
    """
    working_at = np.empty(_BLOCK, np.int64)
    one, two = np.empty(_BLOCK, np.uint32), np.empty(_BLOCK, np.uint32)
    for province in range(from_province, to_province):
        first, stop = province_orsos[province], province_orsos[province + 1]
        before = np.int64(-1)
        passed = np.float64(0.0)
        given = np.int64(0)
        for begin in range(first, stop, _BLOCK):
            # One loop for each step: the next waits neither for memory nor for a guess.
            n = np.int64(0)
            for orsos in range(begin, min(begin + _BLOCK, stop)):
                lasts[orsos] = wanted[orsos] = 0.0
                most[orsos] = room[orsos] = 0
                working_at[n] = orsos
                n += np.int64((state[orsos] & WORKING) != 0)
            for i in range(n):
                one[i], two[i] = philox2x32(identity[working_at[i]], month_word, key)
            for i in range(n):
                orsos = working_at[i]
                where = home[orsos]
                if where != before:
                    before, passed, given = where, np.float64(0.0), np.int64(0)
                due = owed[field[orsos]]
                accredited = np.float64((state[orsos] & ACCREDITED) != 0)
                received = np.int64(0)
                for source in range(_SOURCES):
                    money = np.float64(usual[orsos, source])
                    luck = np.float32(1.0)
                    if source == _DONATION:
                        luck += spread[source] * _evenly(one[i])
                    elif source == _OWN:
                        luck += spread[source] * _evenly(two[i])
                    part = timing[source, month]
                    if part < np.float32(0.0):
                        part = np.float32(month == own_month[orsos])
                    granted = (pays[orsos] >> np.uint8(source)) & np.uint8(1)
                    share = np.float64(_MONTHS) * part * granted * luck * factor[where, source]
                    if source == _GOVERNMENT:
                        share = share * accredited * kept * (np.float64(1.0) - due) + due
                    rupiah = np.int64(np.floor(money * share + 0.5))
                    received += rupiah
                    income[where, source] += rupiah
                passed += want[orsos]
                if extra[where] > 0:
                    # Added up in the same order, so that the last one ends at the whole exactly.
                    until = np.int64(np.floor(extra[where] * (passed / together[where])))
                    received += until - given
                    income[where, _GOVERNMENT] += until - given
                    given = until
                reserve[orsos] += received
                smoothed[orsos] += (received - smoothed[orsos]) / np.float64(_MONTHS)
                now = max(reserve[orsos] - running_cost[orsos], 0.0) / place_cost[orsos]
                spare = reserve[orsos] - cushion * smoothed[orsos]
                lasting = spare / ahead + smoothed[orsos] - running_cost[orsos]
                lasts[orsos] = min(now, capacity[orsos])
                wanted[orsos] = min(lasts[orsos], max(lasting, 0.0) / place_cost[orsos])
                most[orsos] = np.floor(lasts[orsos] + rounding[orsos])
                room[orsos] = np.floor(wanted[orsos] + rounding[orsos])


@nb.njit(cache=True, nogil=True, error_model="numpy")
def pay_orsos(  # type: ignore[no-untyped-def]
    from_province,
    to_province,
    province_orsos,
    home,
    state,
    running_cost,
    place_cost,
    lasts,
    wanted,
    room,
    held,
    built,
    reserve,
    spending,
):
    """Pay for what is there anyway and for the clients of a month.

    A place may stand for many clients, and organisations for parts of a place, so that what is
    paid is worked out in parts of places: of those that it wanted, as many as it filled.

    Parameters
    ----------
    from_province, to_province : int64, index, first of the provinces to do, and one past the last
    province_orsos : int64[n_provinces + 1], organisation, first organisation of each province
    home : int64[n_orsos], index, district of the organisation
    state : uint8[n_orsos], bits, ``WORKING``
    running_cost : float64[n_orsos], rupiah per month, whoever is served
    place_cost : float64[n_orsos], rupiah per month and place
    lasts, wanted : float64[n_orsos], places, as `fund_orsos` left them
    room : int32[n_orsos], places, likewise
    held : int32[n_orsos], clients, whom the organisation has now
    built : int64[n_orsos], rupiah, paid for new places already
    reserve : int64[n_orsos], rupiah, in place
    spending : int64[4, n_districts], rupiah, added to: for clients, for the rest, for new places,
        and what is left
    """
    for province in range(from_province, to_province):
        for orsos in range(province_orsos[province], province_orsos[province + 1]):
            where = home[orsos]
            spending[2, where] += built[orsos]
            if (state[orsos] & WORKING) != 0:
                target = np.float64(room[orsos])
                used = wanted[orsos]
                if held[orsos] > target:
                    used = min(lasts[orsos], np.float64(held[orsos]))
                elif target > 0.0:
                    used *= held[orsos] / target
                fixed = min(np.int64(np.floor(running_cost[orsos] + 0.5)), reserve[orsos])
                left = reserve[orsos] - fixed
                paid = min(np.int64(np.floor(used * place_cost[orsos] + 0.5)), left)
                reserve[orsos] = left - paid
                spending[0, where] += paid
                spending[1, where] += fixed
            spending[3, where] += reserve[orsos]
