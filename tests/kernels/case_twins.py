"""Slow twins of the case kernels: one household after the other, scalars of the same kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.cases import (
    CHILD,
    ELDER,
    FREE,
    GONE,
    LEFT_CARE,
    LEFT_HOME,
    PUPIL,
    TODDLER,
    VILLAGER,
)
from kesos_sim.kernels.composition import FIELDS
from kesos_sim.testing import Village
from tests.kernels.twins import log32, philox, uniform

F = np.float32
State = dict[str, NDArray[Any]]
_MEMBERS: dict[int, tuple[str, ...]] = {
    TODDLER: ("age_0_6",),
    PUPIL: ("primary", "junior", "senior"),
    CHILD: ("age_0_6", "primary", "junior", "senior"),
    ELDER: ("elderly_60",),
}


@dataclass(frozen=True)
class Rates:
    """How often needs arise: who can have them, stretches, chances, factors of poor households."""

    who: NDArray[np.int64]
    begin: NDArray[np.float32]
    end: NDArray[np.float32]
    chance: NDArray[np.float32]
    factor: NDArray[np.float32]


def able(who: int, word: int, rural: bool) -> bool:
    """Return whether a household can have a need, field by field."""
    if who == VILLAGER:
        return rural
    if who not in _MEMBERS:
        return True
    parts = (FIELDS[name] for name in _MEMBERS[who])
    return any((word >> first) & ((1 << width) - 1) for first, width in parts)


def new_needs(
    village: Village, state: State, rates: Rates, month_word: int, month: int, every: bool
) -> list[tuple[int, int, int]]:
    """Return household, kind and draw of every new need, in the order of households."""
    n, first_id = village.layout.n_households, int(village.households.first_id)
    own = ((np.arange(n) + first_id) & 0xFFFFFFFF).astype(np.uint32)
    draws = philox(own, np.uint32(month_word), int(village.key))
    found = []
    for h in range(n):
        if not every and (first_id + h) % 12 != month:
            continue
        rural = village.area[village.stratum[h]] == 1
        poor = state["welfare"][h] < F(1)
        for draw in range(2):
            u = F(draws[draw][h] >> np.uint32(8)) / F(2**24) + F(draw)
            for kind in range(rates.who.size):
                own = (rates.begin[kind] >= 1) == (draw == 1)
                if own and rates.begin[kind] <= u < rates.end[kind]:
                    chance = rates.chance[kind] * (rates.factor[kind] if poor else F(1))
                    arises = u < rates.begin[kind] + chance
                    has = (int(state["needs"][h]) >> kind) & 1
                    if arises and not has and able(rates.who[kind], int(state["word"][h]), rural):
                        found.append((h, kind, draw))
    return found


def open_cases(
    village: Village,
    state: State,
    needs: list[tuple[int, int, int]],
    month_word: int,
    now: int,
    mean_age: NDArray[np.float32] | None,
) -> NDArray[np.int64]:
    """Open cases in place; with mean ages, they began some time ago. Return those without room."""
    first_id = int(village.households.first_id)
    missing = np.zeros(state["case_start"].size - 1, np.int64)
    for h, kind, draw in needs:
        district = village.district[h]
        room = np.arange(*state["case_start"][district : district + 2])
        free = room[state["household"][room] == FREE]
        if not free.size:
            missing[district] += 1
            continue
        case = int(free[0])
        own = np.array([(first_id + h) & 0xFFFFFFFF], np.uint32)
        odd, age = philox(own, np.uint32(month_word ^ ((draw + 1) << 30)), int(village.key))
        whole = (int(village.weight[village.stratum[h]]) + int(odd[0] & 0xFFFF)) >> 16
        size = max(whole, 1)
        months = F(0)
        if mean_age is not None:
            months = -log32(uniform(age >> np.uint32(9), 23))[0] * mean_age[kind]
        state["needs"][h] |= np.uint16(1 << kind)
        state["household"][case] = h
        state["kind"][case] = kind
        state["since"][case] = now - int(min(months, F(3000)))
        state["people"][case] = state["active"][case] = size
        state["served"][case], state["effect"][case] = 0, 0
        client = state["case_client"][case]
        state["servers"][client : client + size] = 0
        state["servers"][client + size : state["case_client"][case + 1]] = GONE
    return missing


def end_cases(
    village: Village,
    state: State,
    month_word: int,
    end: NDArray[np.float32],
    relapse: NDArray[np.float32],
    safe: float,
    members: NDArray[np.uint32],
) -> NDArray[np.int64]:
    """Close cases in place; return those who fell back, and who still can, by district."""
    back = np.zeros((state["case_start"].size - 1, 2), np.int64)
    first_id = int(village.households.first_id)
    for case, (h, kind) in enumerate(zip(state["household"], state["kind"], strict=True)):
        if h == FREE:
            continue
        own = np.array([(first_id + int(h)) & 0xFFFFFFFF], np.uint32)
        word = np.uint32(month_word ^ (int(kind) << 24))
        bits, own_key = philox(own, word, int(village.key))
        poor = int(state["welfare"][h] < 1.0)
        over = uniform(bits >> np.uint32(9), 23)[0] < np.broadcast_to(end, (2, 11))[poor, kind]
        over = over or not int(state["word"][h]) & int(members[kind])
        district = int(np.searchsorted(state["case_start"], case, side="right")) - 1
        for number in range(0 if over else int(state["people"][case])):
            client = state["case_client"][case] + number
            if state["servers"][client] not in {LEFT_HOME, LEFT_CARE}:
                continue
            mode = int(state["servers"][client] == LEFT_CARE)
            luck, _ = philox(np.array([number], np.uint32), word, int(own_key[0]))
            u = uniform(luck >> np.uint32(9), 23)[0]
            if u < relapse[mode, kind]:
                state["servers"][client] = 0
                state["active"][case] += 1
                back[district, 0] += 1
            elif u >= F(1) - F(safe):
                state["servers"][client] = GONE
            else:
                back[district, 1] += 1
                continue
            state["helped"][case] -= 1
        if over or state["active"][case] + state["helped"][case] <= 0:
            client = state["case_client"][case]
            state["servers"][client : client + state["people"][case]] = GONE
            state["needs"][h] &= np.uint16(0xFFFF ^ (1 << int(kind)))
            state["gain"][h] -= state["effect"][case]
            state["household"][case] = FREE
            for name in ("people", "active", "served", "helpers", "helped", "effect"):
                state[name][case] = 0
    return back


def list_cases(state: State, n_kinds: int) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """Return where the kinds of each district begin, and the list of each district."""
    starts, lists = [], []
    for first, stop in zip(state["case_start"][:-1], state["case_start"][1:], strict=True):
        cases = np.arange(first, stop)
        cases = cases[state["household"][first:stop] != FREE]
        kind = state["kind"][cases]
        lists.append(cases[np.argsort(kind, kind="stable")])
        number = np.bincount(kind, minlength=n_kinds)
        starts.append(first + np.concatenate([[0], np.cumsum(number)]))
    return np.array(starts), lists


def relieve(
    state: State, district: NDArray[np.int64], loss: NDArray[np.float32], usual: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Spare losses in place; return clients with the need, served, and places they have."""
    totals = np.zeros((state["case_start"].size - 1, loss.size, 3), np.int64)
    for case in np.flatnonzero(state["household"] != FREE):
        h, kind = state["household"][case], state["kind"][case]
        active, served = state["active"][case], state["served"][case]
        row = state["servers"][slice(*state["case_client"][case : case + 2])]
        places = sum(int(number) for number in row if number < LEFT_CARE)
        totals[district[h], kind] += (active, served, places)
        spared = F(served) - usual[kind] * F(active)
        spared *= loss[kind] / F(state["people"][case])
        if spared != state["effect"][case]:
            state["gain"][h] += spared - state["effect"][case]
            state["effect"][case] = spared
    return totals
