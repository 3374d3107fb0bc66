"""Slow twins of the kernels of enterprises and of leaving PKH."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kesos_sim.testing import Village
from tests.kernels.household_twins import State, words
from tests.kernels.registry_twins import applicants_of, chosen, earners, rank_bins
from tests.kernels.twins import uniform

F = np.float32


def weighed(village: Village, flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    n = village.layout.district_start.size - 1
    weight = village.weight[village.stratum] * flags
    return np.array([weight[village.district == d].sum() for d in range(n)], np.int64)


def run_enterprises(
    village: Village, state: State, month_word: int, places: NDArray[np.int64], how: dict[str, Any]
) -> NDArray[np.int64]:
    """Let enterprises fail and start in place; return counts by district."""
    first, second = words(village, month_word)
    one, two = words(village, month_word ^ (1 << 24))
    able = earners(state["word"])
    group = (state["enterprise"] >> 1) & 1
    coached = (state["enterprise"] >> 2) & 1
    works = (state["enterprise"] & 1) == 1
    fails = (
        works
        & (state["started"] != how["now"])
        & (uniform(first >> np.uint32(9), 23) < how["failure"][village.district, group, coached])
    )
    goes_on = works & ~fails
    gain = state["gain"]
    gain = np.where(fails, gain - how["before"][group], gain)
    gain = np.where(goes_on, gain + (how["effect"][group] - how["before"][group]), gain)
    state["enterprise"] = np.where(fails, 0, state["enterprise"]).astype(np.uint8)
    old = goes_on & (how["now"] - state["started"] == how["age"])
    waiting = ((state["record"] & 1) == 1) & ~goes_on & (able | (not how["earners_only"]))
    rank, weight = rank_bins(state["record_score"]), village.weight[village.stratum]
    begins = np.zeros(works.size, bool)
    for district, grants in enumerate(places.tolist()):
        who = np.flatnonzero(waiting & (village.district == district))
        begins[list(chosen(applicants_of(who, rank, second, weight), grants))] = True
    in_group = uniform(one >> np.uint32(9), 23) < F(how["group"])
    has_coach = uniform(two >> np.uint32(9), 23) < F(how["coached"])
    bits = (1 + 2 * in_group + 4 * has_coach).astype(np.uint8)
    state["enterprise"] = np.where(begins, bits, state["enterprise"])
    state["started"] = np.where(begins, how["now"], state["started"]).astype(np.int16)
    state["gain"] = np.where(begins, gain + how["effect"][in_group.astype(int)], gain)
    alive = goes_on | begins
    return np.stack([weighed(village, who) for who in (alive, alive & able, begins, old)], axis=1)


def leave_pkh(
    village: Village, state: State, month_word: int, places: NDArray[np.int64], how: dict[str, Any]
) -> NDArray[np.int64]:
    """Let families leave in place; return counts by district."""
    _, second = words(village, month_word)
    out = (state["record"] & 2) == 2
    back = out & (how["now"] - state["left"].astype(int) >= how["wait"])
    stays = out & ~back
    state["record"] = np.where(back, state["record"] & 1, state["record"]).astype(np.uint8)
    state["left"] = np.where(back, -32768, state["left"]).astype(np.int16)
    may = ((state["enrolled"] & how["pkh"]) != 0) & ~stays & earners(state["word"])
    rank, weight = rank_bins(-state["record_score"]), village.weight[village.stratum]
    leaves = np.zeros(out.size, bool)
    for district, number in enumerate(places.tolist()):
        who = np.flatnonzero(may & (village.district == district))
        leaves[list(chosen(applicants_of(who, rank, second, weight), number))] = True
    given = leaves & ((state["enterprise"] & 1) == 0)
    state["record"] = np.where(leaves, state["record"] | 2, state["record"]).astype(np.uint8)
    state["left"] = np.where(leaves, how["now"], state["left"]).astype(np.int16)
    state["enterprise"] = np.where(given, 5, state["enterprise"]).astype(np.uint8)
    state["started"] = np.where(given, how["now"], state["started"]).astype(np.int16)
    state["gain"] = np.where(given, state["gain"] + F(how["effect"]), state["gain"])
    poor = stays & (state["welfare"] < F(1))
    return np.stack([weighed(village, who) for who in (stays, poor, leaves, given)], axis=1)


def find_pioneers(village: Village, state: State, now: int) -> NDArray[np.int64]:
    """Mark what begins in need, in place; return pioneer families by district."""
    poor = state["welfare"] < F(1)
    begins = poor & ((state["enterprise"] & 1) == 1) & (state["started"] == now)
    marked = np.where(begins, state["enterprise"] | 8, state["enterprise"])
    state["enterprise"] = marked.astype(np.uint8)
    over = ((state["enterprise"] & 8) != 0) | ((state["record"] & 2) != 0)
    return weighed(village, over & ~poor)
