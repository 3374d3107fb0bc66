"""What organisations report of their clients, and who is counted twice in it."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.places import PLACES, taken_places

__all__ = ["report_clients"]

_BY_ANYBODY, _BY_CHECKED = np.uint8(1), np.uint8(2)
"""Bits of a client: some organisation has counted this person, a checked one has."""


@nb.njit(cache=True, nogil=True, error_model="numpy")
def report_clients(  # type: ignore[no-untyped-def]
    from_province,
    to_province,
    province_orsos,
    province_case,
    home,
    checked,
    finished,
    place_start,
    place_orsos,
    place_case,
    place_number,
    case_client,
    served,
    helpers,
    reported,
):
    """Count clients as their organisations report them, each of them once, and successes.

    Who is not checked reports every place that is taken, and every service that is finished as a
    need that is over. Checked organisations leave out whom one of them has reported already, and
    services after which the need goes on.

    Parameters
    ----------
    from_province, to_province : int64, index, first of the provinces to do, and one past the last
    province_orsos : int64[n_provinces + 1], organisation, first organisation of each province
    province_case : int64[n_provinces + 1], case, first case of each province
    home : int64[n_orsos], index, district of the organisation
    checked : bool[n_orsos], flag, whether somebody checks the figures
    finished : int64[n_orsos, 3], clients, see `kesos_sim.kernels.search.hold_clients`
    place_start : int64[n_orsos + 1], place, first place for a client of each organisation
    place_orsos : int32[n_places], organisation, whose place it is
    place_case : int32[n_places], open case, or ``EMPTY``
    place_number : int32[n_places], index, client of the case
    case_client : int64[n_cases + 1], client, first client byte of each case
    served : int32[n_cases], clients, whom somebody serves
    helpers : int32[n_cases], places, of organisations that serve the case
    reported : int64[n_districts, 4], clients, reported; counted once, by the first that has them;
        whose need is reported to have ended; and whose need a service has ended; added to
    """
    taken_at, rows = np.empty(PLACES, np.uint32), np.empty(PLACES, np.int64)
    for province in range(from_province, to_province):
        first_case = province_case[province]
        row_of = np.full(province_case[province + 1] - first_case, np.int64(-1))
        length = np.int64(0)
        for number in range(row_of.size):
            case = first_case + number
            # Where nobody is served twice there is no need to look who it is.
            if helpers[case] != served[case]:
                row_of[number] = length
                length += case_client[case + 1] - case_client[case]
        seen = np.zeros(length, np.uint8)
        first, last = province_orsos[province], province_orsos[province + 1]
        for begin in range(place_start[first], place_start[last], PLACES):
            # One loop for each step: the next waits neither for memory nor for a guess.
            stop = min(begin + PLACES, place_start[last])
            n = taken_places(place_case, begin, stop, taken_at)
            for i in range(n):
                rows[i] = row_of[np.int64(place_case[taken_at[i]]) - first_case]
            for i in range(n):
                orsos = place_orsos[taken_at[i]]
                mine = reported[home[orsos]]
                if rows[i] < 0:
                    mine[0] += 1
                    mine[1] += 1
                    continue
                client = rows[i] + np.int64(place_number[taken_at[i]])
                known = seen[client]
                mine[1] += 1 if known == 0 else 0
                if checked[orsos]:
                    mine[0] += 1 if known & _BY_CHECKED == 0 else 0
                    known |= _BY_CHECKED
                else:
                    mine[0] += 1
                seen[client] = known | _BY_ANYBODY
        for orsos in range(first, last):
            mine, well = reported[home[orsos]], finished[orsos, 1]
            mine[2] += (well if checked[orsos] else finished[orsos, 0]) + finished[orsos, 2]
            mine[3] += well
