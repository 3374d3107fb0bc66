"""The household half of a month: scores move, then help arrives and is measured.

Two passes over the households, each in blocks that stay in the processor's
cache. A block never crosses a stratum, a chunk is a run of blocks and belongs to
one thread. Everything that is added up is a whole number, so the sums do not
depend on the number of threads, chunks or blocks.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.bins import bin_of
from kesos_sim.kernels.components import SIZE_MASK
from kesos_sim.kernels.philox import exp32, normal_from_root, philox2x32, tail_root

__all__ = [
    "BLOCK",
    "FIXED_POINT",
    "MEASURES",
    "SCORE_HIGH",
    "SCORE_LOW",
    "SCORE_NODES",
    "SIZE_MASK",
    "after_help",
    "draw_month",
    "event_of",
]

BLOCK = 2048
"""Households in a block: its temporaries fit the first-level cache, and its sums 32 bits."""

SCORE_LOW, SCORE_HIGH, SCORE_NODES = -6.0, 6.0, 768
"""Range and number of nodes of the table from score to welfare."""

FIXED_POINT = 14
"""Bits after the point in the sums of gaps."""


MEASURES = (
    "persons",
    "poor",
    "gap",
    "severity",
    "near_poor",
    "extreme_poor",
    "before_help_poor",
    "before_help_poor_covered",
    "covered",
    "entered",
    "left",
    "chronic",
)
"""Columns of the block sums: persons; gap and severity are fixed-point persons."""

_THREE_MARCHES = np.int32(7)
_SCALE = np.float32(1 << FIXED_POINT)
_PER_NODE = np.float32(SCORE_NODES / (SCORE_HIGH - SCORE_LOW))
_LOW = np.float32(SCORE_LOW)


@nb.njit(forceinline=True)
def event_of(bits0, bits1):  # type: ignore[no-untyped-def]
    """Return the number that decides about the shock of a household in a month.

    Parameters
    ----------
    bits0, bits1 : uint32, bits, the household's words of the month

    Returns
    -------
    int32, 1/65536, compared with the cumulative chances of shocks

    Examples
    --------
    >>> import numpy as np
    >>> event_of(np.uint32(0x01), np.uint32(0x02)), 256 * 1 + 2
    (258, 258)
    """
    return np.int32(np.uint32((bits0 & np.uint32(255)) << np.uint32(8)) | (bits1 & np.uint32(255)))


@nb.njit(cache=True, nogil=True, error_model="numpy")
def draw_month(  # type: ignore[no-untyped-def]
    from_chunk,
    to_chunk,
    key,
    month_word,
    first_id,
    chunk_start,
    block_start,
    block_stop,
    block_stratum,
    cell,
    area,
    weight,
    persistent_load,
    transitory_load,
    persistent_keep,
    transitory_keep,
    loss_keep,
    shock_limit,
    shock_loss,
    insured_share,
    insured_mask,
    word,
    base,
    enrolled,
    persistent,
    transitory,
    loss,
    score,
    histogram,
):
    """Move the scores of one month and let shocks arrive; depends on no policy but insurance.

    Parameters
    ----------
    from_chunk, to_chunk : int64, index, first of the chunks to do, and one past the last
    key : uint32, bits, key of the seed and replicate
    month_word : uint32, bits, month with the stream of the world in the upper half
    first_id : int64, household, identity of the first household of these arrays
    chunk_start : int64[n_chunks + 1], block, first block of each chunk
    block_start, block_stop : int64[n_blocks], household, first and one past the last
    block_stratum : int32[n_blocks], index, stratum of the block
    cell : int32[n_strata], index, cell of the stratum
    area : uint8[n_strata], code, 0 urban and 1 rural
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    persistent_load, transitory_load : float32, score, weights of the two moving parts
    persistent_keep, transitory_keep : float32, share per month, autoregression
    loss_keep : float32, share per month, part of a loss that is still there a month later
    shock_limit : int32[2, 4], 1/65536 per month, cumulative chance by area
    shock_loss : float32[4], log points, loss at once: illness, death, job, harvest
    insured_share : float32, share, part of an illness loss that insurance takes over
    insured_mask : uint16, bits, programmes that insure against illness
    word : uint32[n_households], bits, packed composition
    base : float32[n_households], normal score, permanent part of the score
    enrolled : uint16[n_households], bits, programmes that the household is in
    persistent, transitory : float32[n_households], normal score, moved in place
    loss : float32[n_households], log points, current loss from shocks, moved in place
    score : float32[n_households], normal score, written
    histogram : int64[n_chunks, n_cells, SCORE_NODES], weighted persons by score, written
    """
    persistent_step = np.sqrt(np.float32(1.0) - persistent_keep * persistent_keep)
    transitory_step = np.sqrt(np.float32(1.0) - transitory_keep * transitory_keep)
    none = np.float32(0.0)
    illness, death, job, harvest = shock_loss[0], shock_loss[1], shock_loss[2], shock_loss[3]
    uninsured = np.float32(1.0) - insured_share
    bits0 = np.empty(BLOCK, np.uint32)
    bits1 = np.empty(BLOCK, np.uint32)
    root = np.empty(BLOCK, np.float32)
    place = np.empty(BLOCK, np.uint32)
    for chunk in range(from_chunk, to_chunk):
        counts = histogram[chunk]
        counts[:] = 0
        for block in range(chunk_start[chunk], chunk_start[chunk + 1]):
            start, stop = block_start[block], block_stop[block]
            n = np.int32(stop - start)
            stratum = block_stratum[block]
            limits = shock_limit[area[stratum]]
            limit0, limit1, limit2, limit3 = limits[0], limits[1], limits[2], limits[3]
            row = counts[cell[stratum]]
            unit = weight[stratum]
            identity = np.uint32(first_id + start)
            # Short loops over few arrays: the compiler turns each into vector instructions.
            for i in range(n):
                bits0[i], bits1[i] = philox2x32(identity + np.uint32(i), month_word, key)
            for i in range(n):
                root[i] = tail_root(bits0[i] >> np.uint32(8))
            own_persistent = persistent[start:stop]
            for i in range(n):
                own_persistent[i] = persistent_keep * own_persistent[i] + (
                    persistent_step * normal_from_root(bits0[i] >> np.uint32(8), root[i])
                )
            for i in range(n):
                root[i] = tail_root(bits1[i] >> np.uint32(8))
            own_transitory = transitory[start:stop]
            for i in range(n):
                own_transitory[i] = transitory_keep * own_transitory[i] + (
                    transitory_step * normal_from_root(bits1[i] >> np.uint32(8), root[i])
                )
            own_score, own_base = score[start:stop], base[start:stop]
            for i in range(n):
                own_score[i] = own_base[i] + (
                    persistent_load * own_persistent[i] + transitory_load * own_transitory[i]
                )
            own_loss, own_enrolled = loss[start:stop], enrolled[start:stop]
            for i in range(n):
                event = event_of(bits0[i], bits1[i])
                first = illness * uninsured if (own_enrolled[i] & insured_mask) != 0 else illness
                hit = harvest if event < limit3 else none
                hit = job if event < limit2 else hit
                hit = death if event < limit1 else hit
                hit = first if event < limit0 else hit
                own_loss[i] = own_loss[i] * loss_keep + hit
            for i in range(n):
                node = (own_score[i] - _LOW) * _PER_NODE
                place[i] = np.uint32(np.int32(min(max(node, none), np.float32(SCORE_NODES - 1))))
            own_word = word[start:stop]
            for i in range(n):
                row[place[i]] += unit * np.int64(own_word[i] & np.uint32(SIZE_MASK))


@nb.njit(cache=True, nogil=True, error_model="numpy")
def after_help(  # type: ignore[no-untyped-def]
    from_chunk,
    to_chunk,
    chunk_start,
    block_start,
    block_stop,
    block_stratum,
    cell,
    weight,
    line_ratio,
    extreme_line,
    line_rise,
    table,
    propensity,
    smoothing,
    savings_keep,
    saved_share,
    regular_mask,
    march,
    word,
    score,
    gain,
    loss,
    benefit,
    pooled,
    savings,
    enrolled,
    history,
    welfare,
    sums,
    histogram,
):
    """Turn scores and help into consumption, and measure it.

    Parameters
    ----------
    from_chunk, to_chunk : int64, index, first of the chunks to do, and one past the last
    chunk_start : int64[n_chunks + 1], block, first block of each chunk
    block_start, block_stop : int64[n_blocks], household, first and one past the last
    block_stratum : int32[n_blocks], index, stratum of the block
    cell : int32[n_strata], index, cell of the stratum
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    line_ratio : float32[n_strata], ratio, poverty line of the stratum to the reference line
    extreme_line : float32[n_strata], ratio, extreme poverty line to the stratum's line
    line_rise : float32[n_strata], log points, rise of prices beyond incomes
    table : float32[n_cells, SCORE_NODES, 2], log ratio, log welfare before help and its step
    propensity : float32, share, part of a transfer that is consumed
    smoothing : float32, share, part of a loss that savings may cover
    savings_keep : float32, share per month, savings that remain
    saved_share : float32, share, part of the unspent transfer that stays as savings
    regular_mask : uint16, bits, programmes that count as being reached
    march : bool, flag, whether the month counts for flows into and out of poverty
    word : uint32[n_households], bits, packed composition
    score : float32[n_households], normal score, welfare score of the month
    gain : float32[n_households], log points, lasting gains less their expectation
    loss : float32[n_households], log points, current loss from shocks
    benefit : float32[n_households], lines per person and month, help received
    pooled : float32[n_households], lines per person and month, from neighbours less given to them
    savings : float32[n_households], lines per person, moved in place
    enrolled : uint16[n_households], bits, programmes that the household is in
    history : uint8[n_households], bits, poor in the last Marches, moved in place
    welfare : float32[n_households], ratio to the poverty line, consumption, written
    sums : int64[n_blocks, len(MEASURES)], persons and fixed-point persons, written
    histogram : int64[n_chunks, n_cells, WELFARE_BINS], weighted persons, written
    """
    one, zero = np.float32(1.0), np.float32(0.0)
    top = np.float32(SCORE_NODES) - np.float32(0.001)
    saved = (one - propensity) * saved_share
    # Value and step of a node lie side by side and are fetched as one number.
    node_pairs = table.view(np.int64)
    value = np.empty(BLOCK, np.float32)
    lasting = np.empty(BLOCK, np.float32)
    place = np.empty(BLOCK, np.uint32)
    people = np.empty(BLOCK, np.int32)
    fetched = np.empty(BLOCK, np.int64)
    pair = fetched.view(np.float32)
    for chunk in range(from_chunk, to_chunk):
        counts = histogram[chunk]
        counts[:] = 0
        for block in range(chunk_start[chunk], chunk_start[chunk + 1]):
            start, stop = block_start[block], block_stop[block]
            n = np.int32(stop - start)
            stratum = block_stratum[block]
            curve = node_pairs[cell[stratum]]
            row = counts[cell[stratum]]
            unit = weight[stratum]
            ratio = line_ratio[stratum]
            extreme = extreme_line[stratum]
            rise = line_rise[stratum]
            own_word = word[start:stop]
            for i in range(n):
                people[i] = np.int32(own_word[i] & np.uint32(SIZE_MASK))
            own_score = score[start:stop]
            for i in range(n):
                t = min(max((own_score[i] - _LOW) * _PER_NODE, zero), top)
                node = np.int32(t)
                place[i] = np.uint32(node)
                value[i] = t - np.float32(node)
            for i in range(n):
                fetched[i] = curve[place[i], 0]
            own_gain = gain[start:stop]
            for i in range(n):
                before = pair[2 * i] + value[i] * pair[2 * i + 1] - rise
                lasting[i] = exp32(before + own_gain[i])
            own_loss = loss[start:stop]
            for i in range(n):
                value[i] = lasting[i] * exp32(-own_loss[i])
            own_savings, own_benefit = savings[start:stop], benefit[start:stop]
            for i in range(n):
                drawn = min(own_savings[i], smoothing * (lasting[i] - value[i]))
                left_over = savings_keep * (own_savings[i] - drawn) + saved * own_benefit[i]
                own_savings[i] = max(left_over, zero)
                value[i] = value[i] + drawn
            before_poor, covered, poor_covered = np.int32(0), np.int32(0), np.int32(0)
            own_enrolled = enrolled[start:stop]
            for i in range(n):
                reached = people[i] if (own_enrolled[i] & regular_mask) != 0 else np.int32(0)
                covered += reached
                before_poor += people[i] if value[i] < one else np.int32(0)
                poor_covered += reached if value[i] < one else np.int32(0)
            own_welfare, own_pooled = welfare[start:stop], pooled[start:stop]
            for i in range(n):
                # Where cut spending takes more than there is, nothing is left, and no less.
                helped = value[i] + propensity * own_benefit[i]
                value[i] = max(helped + own_pooled[i], zero)
                own_welfare[i] = value[i]
            persons, poor, near, extreme_poor = np.int32(0), np.int32(0), np.int32(0), np.int32(0)
            gap, severity = np.int32(0), np.int32(0)
            for i in range(n):
                persons += people[i]
                poor += people[i] if value[i] < one else np.int32(0)
                is_near = (value[i] >= one) & (value[i] < np.float32(1.5))
                near += people[i] if is_near else np.int32(0)
                extreme_poor += people[i] if value[i] < extreme else np.int32(0)
            for i in range(n):
                shortfall = max(one - value[i], zero)
                gap += people[i] * np.int32(shortfall * _SCALE + np.float32(0.5))
                square = shortfall * shortfall * _SCALE + np.float32(0.5)
                severity += people[i] * np.int32(square)
            for i in range(n):
                place[i] = np.uint32(bin_of(value[i] * ratio))
            for i in range(n):
                row[place[i]] += unit * np.int64(people[i])
            entered, left, chronic = np.int32(0), np.int32(0), np.int32(0)
            if march:
                own_history = history[start:stop]
                for i in range(n):
                    was = np.int32(own_history[i] & np.uint8(1))
                    now = np.int32(1) if value[i] < one else np.int32(0)
                    entered += people[i] * now * (np.int32(1) - was)
                    left += people[i] * was * (np.int32(1) - now)
                    recent = ((np.int32(own_history[i]) << np.int32(1)) | now) & _THREE_MARCHES
                    own_history[i] = np.uint8(recent)
                    chronic += people[i] if recent == _THREE_MARCHES else np.int32(0)
            out = sums[block]
            out[0] = persons
            out[1] = poor
            out[2] = gap
            out[3] = severity
            out[4] = near
            out[5] = extreme_poor
            out[6] = before_poor
            out[7] = poor_covered
            out[8] = covered
            out[9] = entered
            out[10] = left
            out[11] = chronic
