"""The slow truth about households: who lives there, one person after the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.composition import CHILDREN_MAX, EPOCH, Rule
from kesos_sim.rng import MONTH_BITS, Stream
from tests.kernels.twins import philox

F = np.float32
HEAD, PARTNER, ELDER, SECOND, FIRST_CHILD = range(5)
PEOPLE = FIRST_CHILD + CHILDREN_MAX


class Draws:
    """Random parts of the draws of one generation."""

    def __init__(self, who: NDArray[np.uint32], counter: NDArray[np.int64], key: int) -> None:
        self.words = [
            philox(who, (counter + (number << 8)).astype(np.uint32), key) for number in range(1, 9)
        ]

    def byte(self, draw: int, index: int) -> NDArray[np.int64]:
        return (self.words[draw - 1][index // 4].astype(np.int64) >> 8 * (index % 4)) & 0xFF

    def half(self, draw: int, index: int) -> NDArray[np.int64]:
        return (self.words[draw - 1][index // 2].astype(np.int64) >> 16 * (index % 2)) & 0xFFFF


def years(low: np.int32, byte: NDArray[np.int64], span: NDArray[np.int64]) -> NDArray[np.int64]:
    return int(low) + (byte * np.asarray(span).astype(np.int64) >> 16)


def timing(
    key: int, year: int, who: NDArray[np.uint32], rule: Rule
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return generation and phase."""
    base = np.uint32(Stream.COMPOSITION << MONTH_BITS)
    start = philox(who, np.full(who.size, base), key)[0].astype(np.int64) * int(rule.cycle) >> 32
    passed = start + (year - EPOCH)
    return passed // int(rule.cycle), passed % int(rule.cycle)


def members(
    key: int,
    year: int,
    who: NDArray[np.uint32],
    *,
    fertility: float,
    rule: Rule,
    permanent: NDArray[np.float32],
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64]]:
    """Return age (-1: not there) and severe disability of each person, pregnancy, generation."""
    generation, phase = timing(key, year, who, rule)
    draws = Draws(who, (Stream.COMPOSITION << MONTH_BITS) + generation, key)
    age = np.full((who.size, PEOPLE), -1, np.int64)

    head = years(rule.head_low, draws.byte(3, 7), rule.head_span) + phase
    age[:, HEAD] = head
    has_partner = draws.half(4, 0) >= int(rule.single)
    loss_year = years(rule.loss_low, draws.byte(4, 2), rule.loss_span)
    together = np.where(draws.half(4, 2) < int(rule.loss), phase < loss_year, True)
    mate = head - years(rule.partner_gap_low, draws.byte(2, 7), rule.partner_gap_span)
    age[:, PARTNER] = np.where(has_partner & together, mate, -1)

    elder = head + years(rule.elder_gap_low, draws.byte(4, 3), rule.elder_gap_span)
    since = elder - years(rule.elder_entry_low, draws.byte(8, 6), rule.elder_entry_span)
    stay = years(rule.elder_stay_low, draws.byte(8, 7), rule.elder_stay_span)
    taken_in = (draws.half(4, 3) < int(rule.elder)) & (head < 60) & (since >= 0)
    both = draws.byte(5, 7) < int(rule.second_elder)
    age[:, ELDER] = np.where(taken_in & (since < stay), elder, -1)
    age[:, SECOND] = np.where(taken_in & both & (since < stay // 2), elder, -1)

    total = sum(draws.half(1, part) for part in range(4))
    z = (total - 131070).astype(F) * F(np.sqrt(3.0) / 65536)
    spread = rule.spread_base + rule.spread_slope * F(fertility)
    wish = F(fertility) + spread * z - rule.score_slope * permanent
    kids = np.clip(wish + F(0.5), F(0), F(7)).astype(np.int64) * has_partner
    born = np.zeros(who.size, np.int64)
    pregnant = np.zeros(who.size, np.bool_)
    for child in range(CHILDREN_MAX):
        if child == 0:
            born = born + years(rule.birth_low, draws.byte(2, 0), rule.birth_span)
        else:
            born = born + years(rule.spacing_low, draws.byte(2, child), rule.spacing_span[kids])
        own = phase - born
        leaves = years(rule.leaving_low, draws.byte(3, child), rule.leaving_span)
        is_real = child < kids
        age[:, FIRST_CHILD + child] = np.where(is_real & (own >= 0) & (own < leaves), own, -1)
        pregnant |= is_real & (own == -1) & (draws.byte(5, child) < int(rule.pregnancy))

    chance = np.select(
        [age < 2, age < 7, age < 19, age < 60],
        [0, int(rule.disabled_2_6), int(rule.disabled_7_18), int(rule.disabled_19_59)],
        int(rule.disabled_60),
    )
    halves = [draws.half(6, part) for part in range(4)]
    halves += [draws.half(7 + part // 4, part % 4) for part in range(CHILDREN_MAX)]
    return age, np.stack(halves, axis=1) < chance, pregnant, generation


def compose(
    key: int,
    year: int,
    who: NDArray[np.uint32],
    *,
    fertility: float,
    rule: Rule,
    permanent: NDArray[np.float32],
) -> NDArray[np.uint32]:
    """Return packed compositions."""
    age, disabled, pregnant, _ = members(
        key, year, who, fertility=fertility, rule=rule, permanent=permanent
    )
    here = age >= 0

    def count(low: int, high: int) -> NDArray[np.int64]:
        return (here & (age >= low) & (age < high)).sum(axis=1)

    old = age >= 60
    fields = [
        (0, here.sum(axis=1)), (4, count(0, 7)), (7, count(7, 13)), (10, count(13, 16)),
        (12, count(16, 19)), (14, count(60, 200)), (16, count(70, 200)),
        (18, np.minimum((disabled & ~old).sum(axis=1), 3)),
        (20, np.minimum((disabled & old).sum(axis=1), 3)), (22, pregnant),
    ]  # fmt: skip
    return sum(value.astype(np.int64) << shift for shift, value in fields).astype(np.uint32)
