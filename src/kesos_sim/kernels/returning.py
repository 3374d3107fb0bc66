"""People in need away from home are handed over to an organisation of their home province.

Who is away, and where home is, hangs on a person alone: it is drawn by a key without a month. An
organisation at home takes whom it has a place for: those in need become its clients, and those
whom a service has helped are accompanied there until they are out of danger. The place is counted
for the province, since a person stays where the household is; districts move none of another's.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.cases import FREE, GONE, LEFT_CARE
from kesos_sim.kernels.philox import philox2x32, uniform_from_bits
from kesos_sim.kernels.places import LEFT_RETURNED, RETURNED

__all__ = ["NOBODY", "return_home"]

NOBODY = np.int64(-1)
"""Home of who is not away, or away from a province that has no part in it; kind of no such need."""

_HALF = np.uint32(16)
_LOW_HALF = np.uint32(0xFFFF)


@nb.njit(forceinline=True)
def _home(key, word, household, number, away, province, people):  # type: ignore[no-untyped-def]
    """Return the home province of a client who is in a province, or ``NOBODY``."""
    _, own_key = philox2x32(household, word, key)
    first, second = philox2x32(number, word, own_key)
    if uniform_from_bits(first >> np.uint32(9), 23) >= away:
        return NOBODY
    point = np.float64(uniform_from_bits(second >> np.uint32(9), 23)) * (1.0 - people[province])
    for other in range(people.size):
        if other == province:
            continue
        point -= people[other]
        if point < 0.0:
            return np.int64(other)
    return NOBODY


@nb.njit(cache=True, nogil=True, error_model="numpy")
def return_home(  # type: ignore[no-untyped-def]
    from_district,
    to_district,
    key,
    home_word,
    month_word,
    first_id,
    mobile,
    away,
    people_share,
    province,
    known,
    agreed,
    finish,
    success,
    quota,
    case_start,
    case_client,
    household,
    kind_of,
    people,
    active,
    served,
    helpers,
    helped,
    servers,
    counted,
    moved,
):
    """Let services at home end, hand people over as far as there are places, and count them.

    Parameters
    ----------
    from_district, to_district : int64, index, first of the districts to do, and one past the last
    key : uint32, bits, key of the seed and replicate
    home_word, month_word : uint32, bits, stream of returns in the upper half, without a month and
        with the month
    first_id : int64, household, identity of the first household of these arrays
    mobile : int64[n_kinds], index, of the kind among those found away from home, or ``NOBODY``
    away : float32[n_mobile], share, of those in need who are away from their home province
    people_share : float64[n_provinces], share, of the nation's people who live in each
    province : int64[n_districts], index, province of each district
    known : float32[n_districts], share per month, of those whom nobody serves who become known
    agreed : float32[n_districts], share per month, of those known who may be handed over
    finish : float32[n_mobile], share per month, services that end
    success : float32[n_mobile], share, services that end the need
    quota : int64[n_districts, n_provinces, n_mobile], clients, who can be handed over to each home
        province; below zero, those whom it has to let go; in place
    case_start : int64[n_districts + 1], case, first case of each district
    case_client : int64[n_cases + 1], client, first client byte of each case
    household : int32[n_cases], household, or ``FREE``
    kind_of : uint8[n_cases], code, kind of need
    people : int32[n_cases], clients, real ones at the onset
    active, served, helped : int32[n_cases], clients, in place
    helpers : int32[n_cases], places, of organisations that serve the case, in place
    servers : uint8[n_clients], organisations, that serve the client, in place
    counted : int64[n_districts, n_provinces, n_mobile, 2], clients, with an organisation of the
        home province, and those who wait for one; written
    moved : int64[n_districts, 2], clients, handed over, and those whose need ended there; written

    Examples
    --------
    Two people in need come from the other province, which has a place for one of them:

    >>> import numpy as np
    >>> i4, i8, f4 = (lambda *v, kind=kind: np.array(v, kind) for kind in ("i4", "i8", "f4"))
    >>> quota, counted = np.array([[[0], [1]]]), np.zeros((1, 2, 1, 2), np.int64)
    >>> moved, servers, served = np.zeros((1, 2), np.int64), np.zeros(2, np.uint8), i4(0)
    >>> draws = (np.uint32(7), np.uint32(0), np.uint32(1), 0)
    >>> rules = (i8(0), f4(1), np.array([0.5, 0.5]), i8(0), f4(1), f4(1), f4(0), f4(1), quota)
    >>> cases = (i8(0, 1), i8(0, 2), i4(0), np.zeros(1, np.uint8), i4(2), i4(2), served)
    >>> return_home(0, 1, *draws, *rules, *cases, i4(0), i4(0), servers, counted, moved)
    >>> served.tolist(), sorted(servers.tolist()), moved.tolist()
    ([1], [0, 251], [[1, 0]])
    """
    for district in range(from_district, to_district):
        counted[district] = 0
        moved[district] = 0
        left, own = quota[district], counted[district]
        here = province[district]
        for case in range(case_start[district], case_start[district + 1]):
            h = household[case]
            if h == FREE or mobile[kind_of[case]] == NOBODY:
                continue
            kind = mobile[kind_of[case]]
            who = np.uint32(first_id + h)
            turn = np.uint32(kind_of[case]) << np.uint32(24)
            _, own_key = philox2x32(who, month_word ^ turn, key)
            first = case_client[case]
            for client in range(first, first + np.int64(people[case])):
                byte = servers[client]
                if byte == GONE or (np.uint8(0) < byte < RETURNED):
                    continue
                number = np.uint32(client - first)
                home = _home(key, home_word ^ turn, who, number, away[kind], here, people_share)
                if home == NOBODY:
                    continue
                luck, second = philox2x32(number, month_word ^ turn, own_key)
                u = uniform_from_bits(luck >> np.uint32(9), 23)
                low = uniform_from_bits(second & _LOW_HALF, 16)
                if RETURNED <= byte <= LEFT_RETURNED:
                    if left[home, kind] < 0:
                        left[home, kind] += 1
                        servers[client] = LEFT_CARE
                        if byte == RETURNED:
                            servers[client] = np.uint8(0)
                            served[case] -= 1
                            helpers[case] -= 1
                        continue
                    if byte == RETURNED and u < finish[kind]:
                        served[case] -= 1
                        helpers[case] -= 1
                        servers[client] = np.uint8(0)
                        if uniform_from_bits(second >> _HALF, 16) >= success[kind]:
                            continue
                        servers[client] = LEFT_RETURNED
                        active[case] -= 1
                        helped[case] += 1
                        moved[district, 1] += 1
                    own[home, kind, 0] += 1
                    continue
                own[home, kind, 1] += 1
                # Whoever was helped here is known to the organisation that lets go.
                if left[home, kind] <= 0 or u >= agreed[district]:
                    continue
                if byte == 0 and low >= known[district]:
                    continue
                left[home, kind] -= 1
                own[home, kind, 1] -= 1
                own[home, kind, 0] += 1
                moved[district, 0] += 1
                servers[client] = LEFT_RETURNED
                if byte == 0:
                    servers[client] = RETURNED
                    served[case] += 1
                    helpers[case] += 1
