"""Queues of whole cases, of which those leave first that have waited longest."""

from __future__ import annotations

import numba as nb
import numpy as np

__all__ = ["FLOWS", "STAGES", "handle_cases", "take_oldest"]

STAGES = ("front", "back", "decision")
"""Where a case waits: front office, back office, decision."""

_FRONT, _BACK, _DECISION = range(3)
_GIVE_UP, _CAPACITY = 0, 3
_ARRIVED, _ONWARD, _ACCEPTED, _COUNSELLED, _ROOM, _REFERRED = range(6, 12)
FLOWS = 12
"""Flows of which a part of a case may be left: those of every stage, then the others."""

_EXACT = 1e-9
"""What floating point may miss of a whole number."""


@nb.njit
def take_oldest(waiting, number, taken):  # type: ignore[no-untyped-def]
    """Take cases out of a queue, and return how many they were.

    Parameters
    ----------
    waiting : int64[n_ages], cases by months of waiting, in place
    number : int64, cases to take; where fewer wait, all are taken
    taken : int64[n_ages], cases taken, written

    Examples
    --------
    Two of last month's three cases wait with one of the month before; two are handled:

    >>> import numpy as np
    >>> waiting, taken = np.array([2, 1]), np.zeros(2, np.int64)
    >>> take_oldest(waiting, 2, taken), waiting.tolist(), taken.tolist()
    (2, [1, 0], [1, 1])
    """
    left = number
    for age in range(waiting.size - 1, -1, -1):
        some = min(left, waiting[age])
        taken[age] = some
        waiting[age] -= some
        left -= some
    return number - left


@nb.njit
def _whole(rest, flow, district, amount):  # type: ignore[no-untyped-def]
    """Return the whole cases of a flow: int64; keep what is left of one."""
    total = rest[flow, district] + amount
    whole = np.floor(total + _EXACT)
    rest[flow, district] = max(total - whole, 0.0)
    return np.int64(whole)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def handle_cases(  # type: ignore[no-untyped-def]
    waiting,
    rest,
    arriving,
    capacity,
    counselling,
    give_up,
    local,
    accepted,
    counselled,
    referred,
    handled,
):
    """Handle a month's cases of the referral service.

    Parameters
    ----------
    waiting : int64[n_stages, n_districts, n_ages], cases, by months of waiting, in place
    rest : float64[n_flows, n_districts], cases, parts of a case that wait, in place
    arriving : float64[n_districts], cases per month, that come to the front office
    capacity : float64[n_stages, n_districts], cases per month, most that a stage handles
    counselling : float64[n_districts], cases per month, most of family counselling
    give_up : float64, share, of the waiting cases, given up in a month
    local : float64, share, of the cases, that the front office settles
    accepted : float64, share, of the decided cases, with a letter
    counselled, referred : float64, share, of the letters, to family counselling and to
        organisations; the others go to programmes
    handled : int64[8, n_districts], cases, written: new, settled at once, given up; decided, by
        outcome: counselled, referred, proposed, refused; months that the decided waited together
    """
    ages = waiting.shape[2]
    taken, onward = np.empty(ages, np.int64), np.empty(ages, np.int64)
    for district in range(arriving.size):
        left = np.int64(0)
        for stage in range(waiting.shape[0]):
            queue = waiting[stage, district]
            queue[ages - 1] += queue[ages - 2]
            for age in range(ages - 2, 0, -1):
                queue[age] = queue[age - 1]
            queue[0] = 0
            leaving = _whole(rest, _GIVE_UP + stage, district, give_up * queue.sum())
            left += take_oldest(queue, leaving, taken)
        front, back = waiting[_FRONT, district], waiting[_BACK, district]
        decision = waiting[_DECISION, district]
        arrived = _whole(rest, _ARRIVED, district, arriving[district])
        front[0] += arrived
        most = _whole(rest, _CAPACITY + _FRONT, district, capacity[_FRONT, district])
        seen = take_oldest(front, most, taken)
        going_on = _whole(rest, _ONWARD, district, (1.0 - local) * seen)
        passed_on = take_oldest(taken, going_on, onward)
        back += onward
        most = _whole(rest, _CAPACITY + _BACK, district, capacity[_BACK, district])
        take_oldest(back, most, taken)
        decision += taken
        most = _whole(rest, _CAPACITY + _DECISION, district, capacity[_DECISION, district])
        decided = take_oldest(decision, most, taken)
        months = np.int64(0)
        for age in range(ages):
            months += age * taken[age]
        letters = min(_whole(rest, _ACCEPTED, district, accepted * decided), decided)
        room = _whole(rest, _ROOM, district, counselling[district])
        wanted = min(_whole(rest, _COUNSELLED, district, counselled * letters), letters)
        to_families = min(wanted, room)
        sent = _whole(rest, _REFERRED, district, referred * letters)
        to_orsos = min(sent, letters - to_families)
        handled[0, district] = arrived
        handled[1, district] = seen - passed_on
        handled[2, district] = left
        handled[3, district] = to_families
        handled[4, district] = to_orsos
        handled[5, district] = letters - to_families - to_orsos
        handled[6, district] = decided - letters
        handled[7, district] = months
