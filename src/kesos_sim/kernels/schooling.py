"""A year of school that children lose while nobody meets their household's need of education."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.cases import FREE

__all__ = ["miss_school"]


@nb.njit(cache=True, nogil=True, error_model="numpy")
def miss_school(  # type: ignore[no-untyped-def]
    from_district,
    to_district,
    kind,
    loss,
    district_stratum,
    stratum_start,
    case_start,
    household,
    kind_of,
    people,
    active,
    served,
    gain,
    missed,
):
    """Take from lasting gains what a year out of school costs; one child for each client.

    Parameters
    ----------
    from_district, to_district : int64, index, first of the districts to do, and one past the last
    kind : int64, code, need of education
    loss : float32[n_districts], log points, of a household whose child misses the year
    district_stratum : int64[n_districts + 1], stratum, first stratum of each district
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    case_start : int64[n_districts + 1], case, first case of each district
    household : int32[n_cases], household, or ``FREE``
    kind_of : uint8[n_cases], code, kind of need
    people, active, served : int32[n_cases], clients
    gain : float32[n_households], log points, lasting gains, moved in place
    missed : float64[n_strata], households, simulated ones whose child misses the year, written

    Examples
    --------
    Of three clients in need one is served, so that two thirds of the household lose a year:

    >>> import numpy as np
    >>> gain, missed, one = np.zeros(2, np.float32), np.zeros(1), np.array([0], np.uint8)
    >>> miss_school(
    ...     0, 1, 0, np.array([0.3], np.float32), np.array([0, 1]), np.array([0, 2]),
    ...     np.array([0, 1]), np.array([1], np.int32), one, *np.array([[3], [3], [1]], np.int32),
    ...     gain, missed,
    ... )
    >>> gain.round(3).tolist(), missed.round(3).tolist()
    ([0.0, -0.20000000298023224], [0.667])
    """
    for district in range(from_district, to_district):
        first, last = district_stratum[district], district_stratum[district + 1]
        missed[first:last] = 0.0
        for case in range(case_start[district], case_start[district + 1]):
            h = household[case]
            if h == FREE or kind_of[case] != kind:
                continue
            unmet = np.float32(active[case] - served[case]) / np.float32(people[case])
            gain[h] -= loss[district] * unmet
            stratum = first
            while stratum_start[stratum + 1] <= h:
                stratum += 1
            missed[stratum] += np.float64(unmet)
