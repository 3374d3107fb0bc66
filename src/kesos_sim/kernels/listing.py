"""Cases of each district by kind of need, so that organisations look among those of their field."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.cases import FREE

__all__ = ["list_cases"]


@nb.njit(cache=True, nogil=True, error_model="numpy")
def list_cases(from_district, to_district, case_start, household, kind_of, start, listed):  # type: ignore[no-untyped-def]
    """List the open cases of each district by kind of need.

    Parameters
    ----------
    from_district, to_district : int64, index, first of the districts to do, and one past the last
    case_start : int64[n_districts + 1], case, first case of each district
    household : int32[n_cases], household, or ``FREE``
    kind_of : uint8[n_cases], code, kind of need
    start : int64[n_districts, n_kinds + 1], place in the list, where each kind begins, written
    listed : int32[n_cases], case, written; a district's list begins at its first case

    Examples
    --------
    >>> import numpy as np
    >>> start, listed = np.zeros((1, 3), np.int64), np.zeros(4, np.int32)
    >>> household, kind_of = np.array([5, -1, 8, 2], np.int32), np.array([1, 0, 0, 1], np.uint8)
    >>> list_cases(0, 1, np.array([0, 4]), household, kind_of, start, listed)
    >>> start[0].tolist(), listed[:3].tolist()
    ([0, 1, 3], [2, 0, 3])
    """
    n_kinds = start.shape[1] - 1
    count = np.empty(n_kinds, np.int64)
    for district in range(from_district, to_district):
        count[:] = 0
        for case in range(case_start[district], case_start[district + 1]):
            if household[case] != FREE:
                count[kind_of[case]] += 1
        start[district, 0] = case_start[district]
        for kind in range(n_kinds):
            start[district, kind + 1] = start[district, kind] + count[kind]
            count[kind] = start[district, kind]
        for case in range(case_start[district], case_start[district + 1]):
            if household[case] != FREE:
                kind = kind_of[case]
                listed[count[kind]] = np.int32(case)
                count[kind] += 1
