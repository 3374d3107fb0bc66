"""Organisations learn what coordination does for members, and what it takes."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.philox import exp32
from kesos_sim.kernels.places import MEMBER, WORKING

__all__ = ["learn_trust"]

_BOTH = np.uint8(WORKING | MEMBER)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def learn_trust(  # type: ignore[no-untyped-def]
    strength,
    days_sent,
    days_spared,
    days_met,
    days_reported,
    told,
    unit,
    home,
    state,
    clients,
    eased,
    met,
    size,
    saved,
    trust,
):
    """Let organisations win and lose trust by the days of work that coordination saves and takes.

    A place stands for some clients, of whom one is the organisation's own; the others are those of
    members of its district, by their size. So an organisation learns the same, on average, however
    many clients a place stands for. Whoever comes to a meeting as a guest is told what members of
    its size were saved in some months.

    Parameters
    ----------
    strength : float32, share per day, of the missing trust that a day saved gives, and of the trust
        that a day spent takes
    days_sent, days_spared, days_met : float32, days, of work that a client who is sent saves, that
        a client whom another one helps saves, and that a meeting takes
    days_reported : float32[n_districts], days per month, that reports take
    told : float32, months, of which guests are told
    unit : int64, clients, that one place stands for
    home : int64[n_orsos], index, district of the organisation
    state : uint8[n_orsos], bits, ``WORKING`` and ``MEMBER``
    clients : float64[n_orsos], clients, for whom the organisation began with places
    eased : int32[n_orsos, 2], places, see `kesos_sim.kernels.search.find_clients`
    met : bool[n_orsos], flag, whether the organisation was at a meeting
    size : float64[n_districts], clients, for whom members began with places, written
    saved : float64[n_districts], days, that coordination saved members, for a client of each place,
        written
    trust : float32[n_orsos], share, in place

    Examples
    --------
    Nobody was sent anybody; a member and a guest were at a meeting, which took them a day:

    >>> import numpy as np
    >>> from kesos_sim.kernels.places import MEMBER, WORKING
    >>> state = np.array([WORKING | MEMBER, WORKING | MEMBER, WORKING], np.uint8)
    >>> trust, scratch = np.full(3, 0.5, np.float32), np.zeros((2, 1))
    >>> f, none, few = np.float32, np.zeros(1, np.float32), np.zeros((3, 2), np.int32)
    >>> met = np.array([True, False, True])
    >>> rules = (f(0.2), f(2), f(1), f(1), none, f(3), 1, np.zeros(3, np.int64), state, np.ones(3))
    >>> learn_trust(*rules, few, met, *scratch, trust)
    >>> trust.round(3).tolist()
    [0.4090000092983246, 0.5, 0.4090000092983246]

    A client was sent to the other one:

    >>> few[1, 0] = 1
    >>> learn_trust(*rules, few, met & False, *scratch, trust)
    >>> trust.round(3).tolist()
    [0.4090000092983246, 0.6650000214576721, 0.4090000092983246]
    """
    size[:] = 0.0
    saved[:] = 0.0
    concerned = np.empty(home.size, np.int32)
    n = np.int32(0)
    for orsos in range(home.size):
        # Without a guess who is concerned.
        concerned[n] = np.int32(orsos)
        n += np.int32((state[orsos] & _BOTH == _BOTH) | met[orsos])
    for i in range(n):
        orsos = concerned[i]
        member = np.float64(state[orsos] & _BOTH == _BOTH)
        days = days_sent * np.float32(eased[orsos, 0]) + days_spared * np.float32(eased[orsos, 1])
        size[home[orsos]] += member * clients[orsos]
        saved[home[orsos]] += member * np.float64(days)
    for i in range(n):
        orsos = concerned[i]
        where, member = home[orsos], state[orsos] & _BOTH == _BOTH
        spent = days_met if met[orsos] else np.float32(0.0)
        gained = np.float32(saved[where] * (clients[orsos] / max(size[where], 1.0)))
        if member:
            spent += days_reported[where]
            gained *= np.float32(unit - 1)
            gained += days_sent * np.float32(eased[orsos, 0])
            gained += days_spared * np.float32(eased[orsos, 1])
        else:
            gained *= told * np.float32(unit)
        if gained > np.float32(0.0):
            won = np.float32(1.0) - exp32(-strength * gained)
            trust[orsos] += won * (np.float32(1.0) - trust[orsos])
        if spent > np.float32(0.0):
            trust[orsos] *= exp32(-strength * spent)
