"""Counts of records and enrolments by place."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.components import JUNIOR, PRIMARY, SENIOR, component_count
from kesos_sim.kernels.registry import LISTED

__all__ = ["count_missed", "enrolled_households", "record_ages", "school_children"]


@nb.njit(cache=True, nogil=True, error_model="numpy")
def record_ages(district_start, record, record_month, listed, months):  # type: ignore[no-untyped-def]
    """Count the listed records of each district and add up the months of their last visits.

    Parameters
    ----------
    district_start : int64[n_districts + 1], household, first household of each district
    record : uint8[n_households], bits, listed or not
    record_month : int16[n_households], month, month of the last visit
    listed : int64[n_districts], records, written
    months : int64[n_districts], months, written

    Examples
    --------
    >>> import numpy as np
    >>> from kesos_sim.kernels.counting import LISTED
    >>> record, month = np.array([LISTED, 0, LISTED], np.uint8), np.array([-6, 3, -2], np.int16)
    >>> listed, months = np.zeros(1, np.int64), np.zeros(1, np.int64)
    >>> record_ages(np.array([0, 3]), record, month, listed, months)
    >>> int(listed[0]), int(months[0])
    (2, -8)
    """
    for district in range(district_start.size - 1):
        start, stop = district_start[district], district_start[district + 1]
        own_record, own_month = record[start:stop], record_month[start:stop]
        count, total = np.int64(0), np.int64(0)
        for i in range(own_record.size):
            inside = np.int64(own_record[i] & LISTED)
            count += inside
            total += inside * np.int64(own_month[i])
        listed[district] = count
        months[district] = total


@nb.njit(cache=True, nogil=True, error_model="numpy")
def school_children(stratum_start, word, counts):  # type: ignore[no-untyped-def]
    """Count the children of school age, 7 to 18 years, by stratum.

    Parameters
    ----------
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    word : uint32[n_households], bits, packed composition
    counts : int64[n_strata], children, simulated, written

    Examples
    --------
    >>> import numpy as np
    >>> from kesos_sim.kernels.composition import FIELDS
    >>> two = np.uint32(2 << FIELDS["primary"][0] | 1 << FIELDS["senior"][0])
    >>> counts = np.zeros(1, np.int64)
    >>> school_children(np.array([0, 2]), np.array([two, 0], np.uint32), counts)
    >>> int(counts[0])
    3
    """
    for stratum in range(stratum_start.size - 1):
        children = np.int64(0)
        for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
            children += component_count(word[h], PRIMARY, False)
            children += component_count(word[h], JUNIOR, False)
            children += component_count(word[h], SENIOR, False)
        counts[stratum] = children


@nb.njit(cache=True, nogil=True, error_model="numpy")
def enrolled_households(stratum_start, programme, enrolled, counts):  # type: ignore[no-untyped-def]
    """Count the households in a programme by stratum.

    Parameters
    ----------
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    programme : int64, index, number of the programme
    enrolled : uint16[n_households], bits, programmes of the household
    counts : int64[n_strata], households, simulated, written

    Examples
    --------
    >>> import numpy as np
    >>> enrolled, counts = np.array([0b01, 0b11, 0b10], np.uint16), np.zeros(2, np.int64)
    >>> enrolled_households(np.array([0, 2, 3]), 1, enrolled, counts)
    >>> counts.tolist()
    [1, 1]
    """
    for stratum in range(stratum_start.size - 1):
        own = enrolled[stratum_start[stratum] : stratum_start[stratum + 1]]
        count = np.int64(0)
        for i in range(own.size):
            count += np.int64((own[i] >> np.uint16(programme)) & np.uint16(1))
        counts[stratum] = count


@nb.njit(cache=True, nogil=True, error_model="numpy")
def count_missed(  # type: ignore[no-untyped-def]
    district_stratum, stratum_start, weight, need_limit, score, record, counts
):
    """Count the households in plain need that are not listed, and those that are listed.

    Parameters
    ----------
    district_stratum : int64[n_districts + 1], stratum, first stratum of each district
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    need_limit : float32[n_districts, 2], normal score, below the first a neighbour sees need
    score : float32[n_households], normal score, present welfare score
    record : uint8[n_households], bits, listed or not
    counts : int64[n_districts, 2], 1/65536 households, missed and listed, written

    Examples
    --------
    Of three households one is listed, one in plain need is not, one is well off:

    >>> import numpy as np
    >>> from kesos_sim.kernels.counting import LISTED
    >>> limit = np.array([[-1.0, 0.0]], np.float32)
    >>> score = np.array([-2.0, -1.5, 0.8], np.float32)
    >>> record, counts = np.array([LISTED, 0, 0], np.uint8), np.zeros((1, 2), np.int64)
    >>> strata, weight = np.array([0, 3]), np.array([100])
    >>> count_missed(np.array([0, 1]), strata, weight, limit, score, record, counts)
    >>> counts.tolist()
    [[100, 100]]
    """
    for district in range(district_stratum.size - 1):
        counts[district, :] = 0
        low = need_limit[district, 0]
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            for h in range(stratum_start[stratum], stratum_start[stratum + 1]):
                if record[h] & LISTED:
                    counts[district, 1] += weight[stratum]
                elif score[h] < low:
                    counts[district, 0] += weight[stratum]
