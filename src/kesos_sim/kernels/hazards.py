"""Disasters that strike by themselves: how often, how hard, and what households feel of them."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.households import BLOCK
from kesos_sim.kernels.philox import exp32, normal_from_bits, philox2x32, uniform_from_bits

__all__ = ["draw_events", "feel"]

_MOST_EVENTS = 10_000


@nb.njit(cache=True, nogil=True, error_model="numpy")
def draw_events(key, month_word, entity, expected, spread, most, events, size):  # type: ignore[no-untyped-def]
    """Draw how many events of a kind a district has in a month, and how large they are.

    Parameters
    ----------
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of hazards in the upper half
    entity : uint32[n], identity, of each district and kind
    expected : float64[n], count, events of a month on average
    spread : float32, log points, standard deviation of the size
    most : float32, standard deviations, from which on sizes are cut off
    events : int64[n], count, written: by a Poisson distribution
    size : float64[n], ratio, written: to that of the median event; 0 where nothing happens

    Examples
    --------
    Where nothing is expected nothing happens:

    >>> import numpy as np
    >>> entity, expected = np.array([1, 2], np.uint32), np.array([0.0, 5.0])
    >>> events, size = np.ones(2, np.int64), np.ones(2)
    >>> none, most = np.float32(0.0), np.float32(3.0)
    >>> draw_events(np.uint32(8), np.uint32(3), entity, expected, none, most, events, size)
    >>> int(events[0]), bool(events[1] > 0), size.tolist()
    (0, True, [0.0, 1.0])
    """
    for i in range(entity.size):
        bits0, bits1 = philox2x32(entity[i], month_word, key)
        luck = (np.float64(bits0) + 0.5) * 2.0**-32
        chance = np.exp(-expected[i])
        reached, count = chance, 0
        while luck > reached and count < _MOST_EVENTS:
            count += 1
            chance *= expected[i] / count
            reached += chance
        events[i], size[i] = count, 0.0
        if count > 0:
            score = normal_from_bits(bits1 >> np.uint32(8))
            size[i] = np.float64(exp32(spread * min(max(score, -most), most)))


@nb.njit(cache=True, nogil=True, error_model="numpy")
def feel(  # type: ignore[no-untyped-def]
    from_district,
    to_district,
    key,
    month_word,
    first_id,
    district_start,
    homes,
    share,
    large,
    small,
    keep,
    fade,
    felt,
    loss,
):
    """Let disasters hit households, and let those that were hit recover.

    Parameters
    ----------
    from_district, to_district : int64, index, first of the districts to do, and one past the last
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of hazards in the upper half
    first_id : int64, household, identity of the first household of these arrays
    district_start : int64[n_districts + 1], household, first household of each district
    homes : float32[n_districts], share, households whose house is damaged
    share : float32[n_districts], share, all households that are hit
    large, small : float32[n_districts], log points, loss with and without a damaged house
    keep : float32[n_districts], share, part of what was felt that is left a month later
    fade : float32, share, part of any loss that households keep by themselves
    felt : float32[n_households], log points, loss from disasters, moved in place
    loss : float32[n_households], log points, current loss from all shocks, in place
    """
    none = np.float32(0.0)
    luck, now = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.float32)
    for district in range(from_district, to_district):
        kept, hit = keep[district], share[district] > none
        house, anything = homes[district], share[district]
        with_house, without = large[district], small[district]
        last = district_start[district + 1]
        for start in range(district_start[district], last, BLOCK):
            n = np.int32(min(last - start, BLOCK))
            own_felt, own_loss = felt[start : start + n], loss[start : start + n]
            for i in range(n):
                now[i] = own_felt[i] * kept
            if hit:
                identity = np.uint32(first_id + start)
                for i in range(n):
                    luck[i], _ = philox2x32(identity + np.uint32(i), month_word, key)
                for i in range(n):
                    u = uniform_from_bits(luck[i] >> np.uint32(9), 23)
                    other = without if u < anything else none
                    now[i] += with_house if u < house else other
            # Of what was felt before, the part that fades by itself is in the loss already.
            for i in range(n):
                moved = max(own_loss[i] + now[i] - own_felt[i] * fade, none)
                touched = (now[i] != none) | (own_felt[i] != none)
                own_loss[i] = moved if touched else own_loss[i]
                own_felt[i] = now[i]
