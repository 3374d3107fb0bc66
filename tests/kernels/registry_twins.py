"""Slow twins of the registry kernels: one household after the other, whole numbers in Python."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels import registry
from kesos_sim.kernels.composition import field
from kesos_sim.kernels.ranking import BINS
from kesos_sim.rng import MONTH_BITS, Stream
from kesos_sim.testing import Village
from tests.kernels.household_twins import State, sizes, words
from tests.kernels.twins import normal, uniform

F = np.float32


def verify_records(
    village: Village, state: State, month_word: int, month: int, work: dict[str, Any]
) -> None:
    """Let visits, proposals and objections change the records in place."""
    first, second = words(village, month_word)
    district = village.district
    chance = uniform(second & np.uint32(0xFFFF), 16)
    lottery = uniform(second >> np.uint32(16), 16)
    listed = state["record"] == 1
    limit = work["need_limit"][district]
    added = ~listed & (state["score"] < limit[:, 0]) & (chance < work["proposed"][district])
    removed = listed & (state["score"] > limit[:, 1]) & (chance < work["objected"][district])
    visited = (lottery < work["verified"][district]) | added
    truth = F(work["truth"])
    lasting = state["base"] + F(work["persistent_load"]) * state["persistent"]
    seen = truth * lasting + np.sqrt(F(1) - truth * truth) * normal(first >> np.uint32(8))
    state["record"] = ((listed | added) & ~removed).astype(np.uint8)
    state["record_score"] = np.where(visited, seen, state["record_score"])
    state["record_month"] = np.where(visited, month, state["record_month"]).astype(np.int16)


def rank_bins(score: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return ranks."""
    place = np.trunc((score - F(-6)) * F(BINS / 12.0))
    return np.clip(place, 0, BINS - 1).astype(np.int64)


@dataclass
class Applicant:
    """A household that may be chosen."""

    household: int
    rank: int
    ticket: int
    draw: float
    weight: int


def chosen(applicants: list[Applicant], places: int) -> set[int]:
    """Return who gets a place: by rank, then by ticket; who shares a ticket draws."""
    queue: dict[tuple[int, int], list[Applicant]] = defaultdict(list)
    of_rank: dict[int, list[Applicant]] = defaultdict(list)
    for one in applicants:
        queue[one.rank, one.ticket].append(one)
        of_rank[one.rank].append(one)
    found: set[int] = set()
    for rank in sorted(of_rank):
        whole = sum(one.weight for one in of_rank[rank])
        if whole <= places:
            found |= {one.household for one in of_rank[rank]}
            places -= whole
            continue
        for _, group in sorted(item for item in queue.items() if item[0][0] == rank):
            together = sum(one.weight for one in group)
            if together <= places:
                found |= {one.household for one in group}
                places -= together
                continue
            share = F(places) / F(together)
            return found | {one.household for one in group if one.draw < share}
    return found


def applicants_of(
    who: NDArray[np.int64],
    rank: NDArray[np.int64],
    word: NDArray[np.uint32],
    weight: NDArray[np.int64],
) -> list[Applicant]:
    """Return applications of some households."""
    draw = uniform(word & np.uint32(0xFFFFF), 20)
    return [
        Applicant(
            int(h), int(rank[h]), int(word[h] >> np.uint32(20)), float(draw[h]), int(weight[h])
        )
        for h in who
    ]


def earners(word: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return families with a member of working age who is not severely disabled."""
    able = field(word, "size").astype(int)
    for name in ("age_0_6", "primary", "junior", "senior", "elderly_60", "disabled_under_60"):
        able -= field(word, name)
    return np.asarray(able > 0)


def component_counts(word: NDArray[np.uint32], *, elderly70: bool) -> NDArray[np.int64]:
    """Return members of each PKH kind: int64[n, 7]."""
    names = ("pregnant", "age_0_6", "primary", "junior", "senior")
    columns = [field(word, name) for name in names]
    columns.append(field(word, "disabled_under_60") + field(word, "disabled_elderly"))
    columns.append(field(word, "elderly_70" if elderly70 else "elderly_60"))
    return np.stack(columns, axis=1).astype(np.int64)


def eligible(
    village: Village, state: State, code: int, *, elderly70: bool, regular_mask: int, pkh_mask: int
) -> NDArray[np.bool_]:
    """Return who may get a programme."""
    listed = (state["record"] & 1) == 1
    parts = component_counts(state["word"], elderly70=elderly70)
    regular = (state["enrolled"] & np.uint16(regular_mask)) != 0
    rules = {
        registry.ANY: listed,
        registry.COMPONENT: (state["record"] == 1) & (parts.sum(axis=1) > 0),
        registry.NOT_REGULAR: ~regular,
        registry.RURAL_NOT_REGULAR: ~regular & (village.area[village.stratum] == 1),
        registry.PKH_MEMBER: (state["enrolled"] & np.uint16(pkh_mask)) != 0,
        registry.ELDERLY: listed & (parts[:, 6] > 0),
        registry.DISABLED: listed & (parts[:, 5] > 0),
    }
    return rules[code]


def select_by_rank(
    village: Village,
    state: State,
    programme: int,
    quota: NDArray[np.int64],
    *,
    code: int,
    by_person: bool,
    elderly70: bool,
    discord: float,
    lead: float = 0.0,
    regular_mask: int,
    pkh_mask: int,
) -> None:
    """Give a programme to the lowest-ranked eligible records of each district, in place."""
    state["enrolled"] &= np.uint16(~(1 << programme) & 0xFFFF)
    first, second = words(village, (int(Stream.SELECTION) << MONTH_BITS) | programme)
    noise = F(discord) * normal(first >> np.uint32(8))
    if lead > 0.0:
        noise = noise - np.where(earners(state["word"]), F(0), F(lead))
    rank = rank_bins(state["record_score"] + noise)
    weight = village.weight[village.stratum] * (sizes(state) if by_person else 1)
    may = eligible(
        village, state, code, elderly70=elderly70, regular_mask=regular_mask, pkh_mask=pkh_mask
    )
    for district, places in enumerate(quota.tolist()):
        who = np.flatnonzero(may & (village.district == district))
        for household in chosen(applicants_of(who, rank, second, weight), places):
            state["enrolled"][household] |= np.uint16(1 << programme)


def pkh_amount(members: list[int], amount: list[int], limit: list[int], most: int) -> int:
    """Return what PKH pays a family: its dearest components first, within both caps."""
    dearest = sorted(range(7), key=lambda kind: (-amount[kind], kind))
    payable = [amount[k] for k in dearest for _ in range(min(members[k], limit[k]))]
    return sum(payable[:most])


def grant_benefits(
    village: Village, state: State, offer: dict[str, Any]
) -> dict[str, NDArray[np.int64]]:
    """Work out benefits in place; return households, persons and yearly rupiah by stratum."""
    k, n = offer["flat"].shape[0], village.cell.size
    found = {name: np.zeros((k, n), np.int64) for name in ("households", "persons", "rupiah")}
    parts = component_counts(state["word"], elderly70=offer["elderly70"])
    people = sizes(state)
    for h, stratum in enumerate(village.stratum.tolist()):
        district = int(village.district[h])
        family = pkh_amount(
            parts[h].tolist(), offer["amount"].tolist(), offer["limit"].tolist(), offer["most"]
        )
        arrives = 0.0
        for programme in range(k):
            if not (int(state["enrolled"][h]) >> programme) & 1:
                continue
            yearly = 12.0 * offer["flat"][programme, district]
            yearly += offer["pkh_part"][programme] * family
            if offer["in_kind"][programme]:
                yearly *= float(people[h])
            else:
                arrives += yearly * offer["received"][programme, district]
            found["households"][programme, stratum] += 1
            found["persons"][programme, stratum] += people[h]
            found["rupiah"][programme, stratum] += int(yearly + 0.5)
        lines = arrives / 12.0 / village.line[stratum] / float(people[h])
        state["benefit"][h] = F(lines) + offer["extra"][stratum]
    return found


def school_gains(
    village: Village, state: State, pkh_mask: int, step: float, expected: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Add a school year in place; return the children that count, by stratum."""
    inside = (state["enrolled"] & np.uint16(pkh_mask)) != 0
    pupils = field(state["word"], "senior").astype(np.int64) * inside
    usual = expected[village.cell[village.stratum]]
    state["gain"] = state["gain"] + (F(step) * pupils.astype(F) - usual)
    return np.bincount(village.stratum, pupils, village.cell.size).astype(np.int64)
