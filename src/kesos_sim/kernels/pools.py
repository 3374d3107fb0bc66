"""Neighbourhood groups (WKSBM): their month, and what families feel of it.

A group lives by itself: it meets or does not, collects, and pays its members for illness and
death as far as its fund goes. Claims are drawn for the real families of the group, not for the
few simulated ones. A simulated household stands for many families, so that a member who is hit gets
what such members get on average in its district.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.components import SIZE_MASK
from kesos_sim.kernels.households import BLOCK, event_of
from kesos_sim.kernels.philox import exp32, philox2x32, uniform_from_bits

__all__ = [
    "ABSENT",
    "ACTIVE",
    "BOOKED",
    "COUNTED",
    "DORMANT",
    "REACH_UNIT",
    "TRAITS",
    "feel_pools",
    "live_groups",
    "share_pools",
]

ABSENT, ACTIVE, DORMANT = np.uint8(0), np.uint8(1), np.uint8(2)
"""State of a neighbourhood: without a group, with one that works, with one that sleeps."""

TRAITS = ("commitment", "knowledge", "skill")
"""Traits of the managers: whether the group goes on, whom it knows to ask, what is not lost."""

BOOKED = ("jimpitan", "death_dues", "other", "lost", "illness", "death", "care")
"""Money of a group in a month: what came in, what was lost, what was paid."""

COUNTED = ("active", "dormant", "members", "paying", "fund", "reach", *BOOKED)
"""Columns of the totals: groups, member households of active groups, those of them that pay,
rupiah, members in thousandths by activity and knowledge, and the month's money."""

REACH_UNIT = 1000
"""Parts into which a member is cut when reach is added up."""

_MOST_CLAIMS = 200
_LAST = np.float32(60.0)
"""Highest mean of claims in a month."""


@nb.njit
def _claims(mean, u):  # type: ignore[no-untyped-def]
    """Return a Poisson number of claims by inversion: int64."""
    mean = min(mean, _LAST)
    term = exp32(-mean)
    total, number = term, np.int64(0)
    while u >= total and number < _MOST_CLAIMS:
        number += 1
        term = term * (mean / np.float32(number))
        total += term
    return number


@nb.njit(cache=True, nogil=True, error_model="numpy")
def live_groups(  # type: ignore[no-untyped-def]
    key,
    month_word,
    slot_start,
    founded,
    sleep,
    wake,
    trained,
    training_gain,
    trait_keep,
    meet,
    activity_keep,
    paying,
    dues,
    chance,
    benefit,
    lost_share,
    idle_loss,
    reserve_months,
    care_share,
    identity,
    members,
    nature,
    willing,
    ties,
    state,
    trait,
    activity,
    fund,
    flow,
    totals,
):
    """Let the groups of every district live a month.

    Parameters
    ----------
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of groups in the upper half
    slot_start : int64[n_districts + 1], group, first neighbourhood of each district
    founded : int64[n_districts], groups, neighbourhoods of the district that have a group
    sleep : float32, share per month, groups with managers of middling commitment that fall dormant
    wake : float32, share per month, dormant groups that revive by themselves
    trained : float32, share per month, groups whose managers are trained
    training_gain : float32, share, part of what a trait lacks that a training adds
    trait_keep : float32, share per month, part of what training added that stays
    meet : float32, share per month, meetings of a group of middling commitment
    activity_keep : float32, share per month, part of the activity that rests on earlier meetings
    paying : float32[n_districts], share, members that pay when the group meets every month
    dues : int64[3], rupiah per paying household and month, jimpitan, death fund, other
    chance : float32[n_districts, 2], share per month, households with an illness, with a death
    benefit : int64[2], rupiah, for an illness, for a death
    lost_share : float32, share, of what comes in, lost by managers without any skill
    idle_loss : float32, share per month, of the fund, lost while a group sleeps
    reserve_months : float32, months, of full dues that a group keeps before it gives to neighbours
    care_share : float32, share per month, of what is beyond the reserve, given to neighbours
    identity : uint32[n_groups], identity, by which groups are drawn
    members : int32[n_groups], households
    nature : float32[n_groups], share, level of the traits without training
    willing : float32[n_groups], ratio, members that pay against those that pay to today's leader
    ties : float32[n_groups], ratio, households that it reaches against those reached with as many
        member groups as the mean
    state : uint8[n_groups], code, see ``ACTIVE``, in place
    trait : float32[n_groups, 3], share, see ``TRAITS``, in place
    activity : float32[n_groups], share, how regularly the group meets, in place
    fund : int64[n_groups], rupiah, in place
    flow : int64[n_groups, 7], rupiah, see ``BOOKED``, written
    totals : int64[n_districts, 13], groups, households and rupiah, see ``COUNTED``, written
    """
    half, one = np.float32(0.5), np.float32(1.0)
    for district in range(slot_start.size - 1):
        out = totals[district]
        out[:] = 0
        first = slot_start[district]
        for g in range(first, first + founded[district]):
            who = identity[g]
            bits0, bits1 = philox2x32(who, month_word, key)
            luck = uniform_from_bits(bits0 >> np.uint32(16), 16)
            is_trained = uniform_from_bits(bits0 & np.uint32(0xFFFF), 16) < trained
            for k in range(3):
                level = nature[g] + trait_keep * (trait[g, k] - nature[g])
                if is_trained:
                    level = level + training_gain * (one - level)
                trait[g, k] = level
            commitment = trait[g, 0]
            if state[g] == ACTIVE:
                if not is_trained and luck < sleep * (np.float32(2.0) * (one - commitment)):
                    state[g] = DORMANT
            elif is_trained or luck < wake:
                state[g] = ACTIVE
            own = flow[g]
            own[:] = 0
            active = state[g] == ACTIVE
            met = active and uniform_from_bits(bits1 >> np.uint32(9), 23) < meet * (
                half + commitment
            )
            activity[g] = activity_keep * activity[g]
            if met:
                activity[g] = activity[g] + (one - activity_keep)
            if not active:
                own[3] = np.int64(np.float64(idle_loss) * np.float64(fund[g]))
                fund[g] -= own[3]
                out[1] += 1
            else:
                full = np.float32(members[g]) * min(paying[district] * willing[g], one)
                payers = np.int64(full * activity[g] + half)
                came = np.int64(0)
                for k in range(3):
                    own[k] = payers * dues[k]
                    came += own[k]
                share = np.float64(lost_share) * np.float64(one - trait[g, 2])
                own[3] = np.int64(share * np.float64(came))
                pot = fund[g] + came - own[3]
                odd, late = philox2x32(who, month_word ^ np.uint32(1 << 24), key)
                ill = _claims(
                    np.float32(payers) * chance[district, 0],
                    uniform_from_bits(odd >> np.uint32(9), 23),
                )
                dead = _claims(
                    np.float32(payers) * chance[district, 1],
                    uniform_from_bits(late >> np.uint32(9), 23),
                )
                # The death fund is what members are promised; illness is helped with the rest.
                own[5] = min(dead * benefit[1], pot)
                own[4] = min(ill * benefit[0], pot - own[5])
                pot -= own[4] + own[5]
                whole = np.float64(full) * np.float64(dues[0] + dues[1] + dues[2])
                spare = np.float64(pot) - np.float64(reserve_months) * whole
                own[6] = np.int64(np.float64(care_share) * max(spare, 0.0))
                fund[g] = pot - own[6]
                out[0] += 1
                out[2] += members[g]
                out[3] += payers
                reach = np.float32(members[g]) * (activity[g] * trait[g, 1]) * ties[g]
                out[5] += np.int64(reach * np.float32(REACH_UNIT))
            out[4] += fund[g]
            for k in range(7):
                out[6 + k] += own[k]


@nb.njit(cache=True, nogil=True, error_model="numpy")
def share_pools(  # type: ignore[no-untyped-def]
    from_district,
    to_district,
    slot_start,
    group_start,
    came_in,
    state,
    members,
    flow,
    each,
    expected,
    amounts,
):
    """Say what the households of each group pay and get, against what they expect.

    Where a neighbourhood has no group there is nothing to say: groups come first in each district.

    Parameters
    ----------
    from_district, to_district : int64, index, first of the districts to do, and one past the last
    slot_start : int64[n_districts + 1], group, first neighbourhood of each district
    group_start : int64[n_districts + 1], row, first group of each district in ``amounts``
    came_in : int64[3], index, of the columns of ``BOOKED`` that members pay
    state : uint8[n_groups], code, see ``ACTIVE``
    members : int32[n_groups], households
    flow : int64[n_groups, 7], rupiah, see ``BOOKED``
    each : float64[n_districts, 3], rupiah, that a member gets when ill, at a death, and in need
    expected : float64[n_groups, 4], rupiah per household, what is paid in and got in usual months
    amounts : float64[n_rows, 4], rupiah per household, the same of this month beyond the usual,
        written, a row for each group; one that does not work takes and gives nothing

    Examples
    --------
    The second of two groups does not work:

    >>> import numpy as np
    >>> from kesos_sim.kernels.pools import ACTIVE, DORMANT
    >>> flow, amounts = np.array([[900, 0, 100, 0, 0, 0, 0]] * 2), np.empty((2, 4))
    >>> state, members = np.array([ACTIVE, DORMANT]), np.array([50, 50], np.int32)
    >>> usual, each = np.full((2, 4), 5.0), np.array([[300.0, 700.0, 0.0]])
    >>> came_in = np.array([0, 1, 2])
    >>> start = np.array([0, 2])
    >>> share_pools(0, 1, start, start, came_in, state, members, flow, each, usual, amounts)
    >>> amounts.tolist()
    [[15.0, 295.0, 695.0, -5.0], [-5.0, -5.0, -5.0, -5.0]]
    """
    for district in range(from_district, to_district):
        group = slot_start[district]
        for row in range(group_start[district], group_start[district + 1]):
            works = state[group] == ACTIVE
            came = np.int64(0)
            for column in came_in:
                came += flow[group, column]
            paid = came / np.float64(members[group]) if works else 0.0
            amounts[row, 0] = paid - expected[group, 0]
            for what in range(each.shape[1]):
                got = each[district, what] if works else 0.0
                amounts[row, what + 1] = got - expected[group, what + 1]
            group += 1


@nb.njit(cache=True, nogil=True, error_model="numpy")
def feel_pools(  # type: ignore[no-untyped-def]
    from_district,
    to_district,
    key,
    month_word,
    first_id,
    district_stratum,
    stratum_start,
    area,
    weight,
    line,
    shock_limit,
    shock_loss,
    insured_share,
    insured_mask,
    care_bits,
    group_start,
    place,
    amounts,
    word,
    enrolled,
    needs,
    welfare,
    pooled,
    lost,
):
    """Give every household its part of what pools take and pay.

    Parameters
    ----------
    from_district, to_district : int64, index, first of the districts to do, and one past the last
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of the world, whose shocks these are
    first_id : int64, household, identity of the first household of these arrays
    district_stratum : int64[n_districts + 1], stratum, first stratum of each district
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    area : uint8[n_strata], code, 0 urban and 1 rural
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    line : float64[n_strata], rupiah per person and month, poverty line of the stratum
    shock_limit : int32[2, 4], 1/65536 per month, cumulative chance by area
    shock_loss : float32[4], log points, loss at once: illness, death, job, harvest
    insured_share : float32, share, part of an illness loss that insurance takes over
    insured_mask : uint16, bits, programmes that insure against illness
    care_bits : uint16, bits, needs for which neighbours are helped
    group_start : int64[n_districts + 1], row, first group of each district in ``amounts``
    place : uint16[n_households], index, neighbourhood of the household within its district, those
        that have a group first
    amounts : float64[n_rows, 4], rupiah per household and month, mean that families of each group
        pay in, and get when ill, at a death, and in need, against the baseline; the last row is
        of all families without a group
    word : uint32[n_households], bits, packed composition
    enrolled : uint16[n_households], bits, programmes that the household is in
    needs : uint16[n_households], bits, needs of the household
    welfare : float32[n_households], ratio to the poverty line, consumption of the last month
    pooled : float32[n_households], lines per person and month, written
    lost : int64[n_districts], rupiah per month, what this month's illnesses and deaths take from
        households, written
    """
    one = np.float32(1.0)
    event, struck = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32)
    size, row = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.int64)
    without = amounts.shape[0] - 1
    for district in range(from_district, to_district):
        total = np.int64(0)
        first_row, groups = group_start[district], group_start[district + 1] - group_start[district]
        for stratum in range(district_stratum[district], district_stratum[district + 1]):
            limits = shock_limit[area[stratum]]
            illness, death = limits[0], limits[1]
            per_line = np.float32(1.0 / line[stratum])
            real = line[stratum] * (np.float64(weight[stratum]) / 65536.0)
            last = stratum_start[stratum + 1]
            for start in range(stratum_start[stratum], last, BLOCK):
                n = np.int32(min(last - start, BLOCK))
                identity = np.uint32(first_id + start)
                for i in range(n):
                    bits0, bits1 = philox2x32(identity + np.uint32(i), month_word, key)
                    event[i] = event_of(bits0, bits1)
                own_word, own_needs = word[start : start + n], needs[start : start + n]
                own_pooled, own_place = pooled[start : start + n], place[start : start + n]
                for i in range(n):
                    size[i] = max(np.float32(np.int32(own_word[i] & np.uint32(SIZE_MASK))), one)
                for i in range(n):
                    row[i] = first_row + own_place[i] if own_place[i] < groups else without
                for i in range(n):
                    here = amounts[row[i]]
                    paid = np.float32(-here[0]) * per_line / size[i]
                    helped = paid + np.float32(here[3]) * per_line / size[i]
                    own_pooled[i] = helped if (own_needs[i] & care_bits) != 0 else paid
                hits = np.int32(0)
                for i in range(n):
                    struck[hits] = i
                    hits += np.int32(event[i] < death)
                for i in struck[:hits]:
                    here = amounts[row[i]]
                    rupiah = here[3] if (own_needs[i] & care_bits) != 0 else 0.0
                    hit = shock_loss[1]
                    if event[i] < illness:
                        hit = shock_loss[0]
                        if (enrolled[start + i] & insured_mask) != 0:
                            hit = hit * (one - insured_share)
                        rupiah += here[1]
                    else:
                        rupiah += here[2]
                    gone = welfare[start + i] * (one - exp32(-hit))
                    total += np.int64(np.rint(np.float64(size[i] * gone) * real))
                    paid = np.float32(-here[0]) * per_line / size[i]
                    own_pooled[i] = paid + np.float32(rupiah) * per_line / size[i]
        lost[district] = total
