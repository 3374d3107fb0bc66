"""Slow twins of the kernels of neighbourhood groups: one group and household after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.pools import ABSENT, ACTIVE, BOOKED, COUNTED, DORMANT, REACH_UNIT
from kesos_sim.testing import Village
from tests.kernels.search_twins import words
from tests.kernels.twins import exp32

F = np.float32
State = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Custom:
    """How groups live: shares are float32, money is whole rupiah."""

    sleep: np.float32
    wake: np.float32
    trained: np.float32
    training_gain: np.float32
    trait_keep: np.float32
    meet: np.float32
    activity_keep: np.float32
    paying: NDArray[np.float32]
    dues: NDArray[np.int64]
    chance: NDArray[np.float32]
    benefit: NDArray[np.int64]
    lost_share: np.float32
    idle_loss: np.float32
    reserve_months: np.float32
    care_share: np.float32


def _share(bits: int, width: int) -> np.float32:
    return (F(bits) + F(0.5)) * F(2.0**-width)


def claims(mean: np.float32, u: np.float32) -> int:
    """Return the first number whose cumulative Poisson chance exceeds ``u``."""
    mean = min(mean, F(60))
    term = exp32(np.array([-mean], F))[0]
    total, number = term, 0
    while u >= total and number < 200:
        number += 1
        term = term * (mean / F(number))
        total = total + term
    return number


def live_groups(
    key: int,
    month_word: int,
    slot_start: NDArray[np.int64],
    founded: NDArray[np.int64],
    custom: Custom,
    state: State,
) -> NDArray[np.int64]:
    """Let groups live a month in place; return the totals of districts by name."""
    totals = np.zeros((founded.size, len(COUNTED)), np.int64)
    for district, first in enumerate(slot_start[:-1].tolist()):
        for g in range(first, first + int(founded[district])):
            own = _live_group(key, month_word, district, g, custom, state)
            for name, value in own.items():
                totals[district, COUNTED.index(name)] += value
    return totals


def _live_group(
    key: int, month_word: int, district: int, g: int, custom: Custom, state: State
) -> dict[str, int]:
    """Let one group live a month; return what it counts for."""
    one, who = F(1), int(state["identity"][g])
    chance, meeting = words(who, month_word, key)
    odd, late = words(who, month_word ^ (1 << 24), key)
    trained = _share(chance & 0xFFFF, 16) < custom.trained
    nature = state["nature"][g]
    trait = nature + custom.trait_keep * (state["trait"][g] - nature)
    if trained:
        trait = trait + custom.training_gain * (one - trait)
    state["trait"][g] = trait
    luck = _share(chance >> 16, 16)
    if state["state"][g] == ACTIVE:
        falls = luck < custom.sleep * (F(2) * (one - trait[0]))
        state["state"][g] = DORMANT if falls and not trained else ACTIVE
    elif trained or luck < custom.wake:
        state["state"][g] = ACTIVE
    active = state["state"][g] == ACTIVE
    activity = custom.activity_keep * state["activity"][g]
    if active and _share(meeting >> 9, 23) < custom.meet * (F(0.5) + trait[0]):
        activity = activity + (one - custom.activity_keep)
    state["activity"][g] = activity
    money = dict.fromkeys(BOOKED, 0)
    fund, found = int(state["fund"][g]), {"active": int(active), "dormant": int(not active)}
    if active:
        share = min(custom.paying[district] * state["willing"][g], one)
        full = F(state["members"][g]) * share
        payers = int(full * activity + F(0.5))
        for name, due in zip(BOOKED, custom.dues.tolist(), strict=False):
            money[name] = payers * due
        came = sum(money.values())
        money["lost"] = int(float(custom.lost_share) * float(one - trait[2]) * came)
        fund += came - money["lost"]
        for name, bits, kind in (("death", late, 1), ("illness", odd, 0)):
            number = claims(F(payers) * custom.chance[district, kind], _share(bits >> 9, 23))
            money[name] = min(number * int(custom.benefit[kind]), fund)
            fund -= money[name]
        whole = float(full) * float(custom.dues.sum())
        spare = float(fund) - float(custom.reserve_months) * whole
        money["care"] = int(float(custom.care_share) * max(spare, 0.0))
        fund -= money["care"]
        reach = F(state["members"][g]) * (activity * trait[1]) * state["ties"][g]
        found |= {
            "members": int(state["members"][g]),
            "paying": payers,
            "reach": int(reach * F(REACH_UNIT)),
        }
    else:
        money["lost"] = int(float(custom.idle_loss) * fund)
        fund -= money["lost"]
    state["fund"][g] = fund
    state["flow"][g] = list(money.values())
    return found | {"fund": fund} | money


def feel_pools(
    village: Village,
    state: State,
    month_word: int,
    rule: dict[str, Any],
    founded: NDArray[np.int64],
    amounts: NDArray[np.float64],
    care_bits: int,
) -> NDArray[np.int64]:
    """Set what households feel in place; return what shocks take, by district."""
    lost = np.zeros(village.layout.n_districts, np.int64)
    stratum, district = village.stratum, village.district
    for h in range(village.layout.n_households):
        who = (int(village.households.first_id) + h) & 0xFFFFFFFF
        first, second = words(who, month_word, int(village.key))
        event = ((first & 255) << 8) | (second & 255)
        limit = rule["shock_limit"][village.area[stratum[h]]]
        line = village.line[stratum[h]]
        size = F(max(int(state["word"][h]) & 15, 1))
        place, groups = int(state["place"][h]), int(founded[district[h]])
        row = int(founded[: district[h]].sum()) + place if place < groups else -1
        taken, ill, dead, cared = amounts[row]
        per_line = F(1.0 / line)
        rupiah = cared if int(state["needs"][h]) & care_bits else 0.0
        hit = F(0)
        if event < limit[0]:
            rupiah, hit = rupiah + ill, rule["shock_loss"][0]
            if int(state["enrolled"][h]) & rule["insured_mask"]:
                hit = hit * (F(1) - F(rule["insured_share"]))
        elif event < limit[1]:
            rupiah, hit = rupiah + dead, rule["shock_loss"][1]
        state["pooled"][h] = F(-taken) * per_line / size
        if event < limit[1] or int(state["needs"][h]) & care_bits:
            state["pooled"][h] += F(rupiah) * per_line / size
        if event < limit[1]:
            gone = state["welfare"][h] * (F(1) - exp32(np.array([-hit], F))[0])
            real = line * (float(village.weight[stratum[h]]) / 65536.0)
            lost[district[h]] += int(np.rint(float(size * gone) * real))
    return lost


def no_groups(n: int) -> State:
    """Return neighbourhoods without groups."""
    return {
        "identity": np.arange(n, dtype=np.uint32),
        "members": np.full(n, 100, np.int32),
        "nature": np.full(n, 0.5, F),
        "willing": np.ones(n, F),
        "ties": np.ones(n, F),
        "state": np.full(n, ABSENT, np.uint8),
        "trait": np.full((n, 3), 0.5, F),
        "activity": np.zeros(n, F),
        "fund": np.zeros(n, np.int64),
        "flow": np.zeros((n, len(BOOKED)), np.int64),
    }
