"""What organisations report of their clients, and who is counted twice in it."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.cases import FREE
from kesos_sim.kernels.search import EMPTY

__all__ = ["report_clients"]

_BY_ANYBODY, _BY_CHECKED = np.uint8(1), np.uint8(2)
"""Bits of a client: some organisation has counted this person, a checked one has."""


@nb.njit(cache=True, nogil=True, error_model="numpy")
def report_clients(  # type: ignore[no-untyped-def]
    from_province,
    to_province,
    province_orsos,
    checked,
    place_start,
    place_case,
    place_number,
    household,
    case_client,
    closed,
    seen,
    reported,
):
    """Count clients as their organisations report them, and each of them once.

    Who is not checked reports every place that is taken. Checked organisations leave out whom one
    of them has reported already.

    Parameters
    ----------
    from_province, to_province : int64, index, first of the provinces to do, and one past the last
    province_orsos : int64[n_provinces + 1], organisation, first organisation of each province
    checked : bool[n_orsos], flag, whether somebody checks the figures
    place_start : int64[n_orsos + 1], place, first place for a client of each organisation
    place_case : int32[n_places], case, or ``EMPTY``
    place_number : int32[n_places], index, client of the case
    household : int32[n_cases], household, or ``FREE``
    case_client : int64[n_cases + 1], client, first client byte of each case
    closed : bool, flag, whether to count clients of closed cases instead of those of open ones
    seen : uint8[n_clients], bits, zero before, who has been counted, in place
    reported : int64[n_orsos, 2], clients, reported, and counted once by the first that has them,
        written
    """
    for province in range(from_province, to_province):
        for orsos in range(province_orsos[province], province_orsos[province + 1]):
            claimed = once = np.int64(0)
            for place in range(place_start[orsos], place_start[orsos + 1]):
                case = place_case[place]
                if case == EMPTY or (household[case] == FREE) != closed:
                    continue
                client = case_client[case] + np.int64(place_number[place])
                known = seen[client]
                once += 1 if known == 0 else 0
                if checked[orsos]:
                    claimed += 1 if known & _BY_CHECKED == 0 else 0
                    known |= _BY_CHECKED
                else:
                    claimed += 1
                seen[client] = known | _BY_ANYBODY
            reported[orsos, 0] = claimed
            reported[orsos, 1] = once
