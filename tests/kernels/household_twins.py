"""Slow twins of the household kernels: float32 step by step, no blocks, chunks or threads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.bins import WELFARE_BINS
from kesos_sim.kernels.households import (
    FIXED_POINT,
    MEASURES,
    SCORE_HIGH,
    SCORE_LOW,
    SCORE_NODES,
)
from kesos_sim.rng import MONTH_BITS, Stream
from kesos_sim.testing import Village
from tests.kernels.twins import exp32, log32, normal, philox, uniform

F = np.float32
PER_NODE = F(SCORE_NODES / (SCORE_HIGH - SCORE_LOW))
State = dict[str, NDArray[Any]]


def identities(village: Village) -> NDArray[np.uint32]:
    """Return the first counter word of every household."""
    n = village.layout.n_households
    return ((np.arange(n) + village.households.first_id) & 0xFFFFFFFF).astype(np.uint32)


def words(village: Village, month_word: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the random words of every household in a month and stream."""
    return philox(identities(village), np.uint32(month_word), int(village.key))


def sizes(state: State) -> NDArray[np.int64]:
    """Return members of every household."""
    return (state["word"] & np.uint32(15)).astype(np.int64)


def score_histogram(village: Village, state: State) -> NDArray[np.int64]:
    """Return weighted persons by cell and score."""
    place = ((state["score"] - F(SCORE_LOW)) * PER_NODE).astype(np.float64)
    node = np.clip(np.trunc(place), 0, SCORE_NODES - 1).astype(np.int64)
    counts = np.zeros((village.n_cells, SCORE_NODES), np.int64)
    stratum = village.stratum
    np.add.at(counts, (village.cell[stratum], node), village.weight[stratum] * sizes(state))
    return counts


def draw_month(
    village: Village, state: State, month_word: int, rule: dict[str, Any]
) -> NDArray[np.int64]:
    """Move scores and losses in place; return weighted persons by cell and score."""
    first, second = words(village, month_word)
    for name, word in (("persistent", first), ("transitory", second)):
        keep = F(rule[f"{name}_keep"])
        step = np.sqrt(F(1) - keep * keep)
        state[name] = keep * state[name] + step * normal(word >> np.uint32(8))
    state["score"] = state["base"] + (
        F(rule["persistent_load"]) * state["persistent"]
        + F(rule["transitory_load"]) * state["transitory"]
    )
    event = ((first & np.uint32(255)) << np.uint32(8)) | (second & np.uint32(255))
    limit = rule["shock_limit"][village.area[village.stratum]]
    kind = (event[:, None].astype(np.int64) >= limit).sum(axis=1)
    insured = (state["enrolled"] & np.uint16(rule["insured_mask"])) != 0
    illness = F(rule["shock_loss"][0])
    size = np.append(rule["shock_loss"], F(0))[kind]
    relieved = illness * (F(1) - F(rule["insured_share"]))
    size = np.where((kind == 0) & insured, relieved, size)
    state["loss"] = state["loss"] * F(rule["loss_keep"]) + size
    return score_histogram(village, state)


def welfare_bin(value: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return bins of consumption by looking up the edges."""
    first = ((np.arange(WELFARE_BINS) + ((127 - 6) << 5)) << 18).astype(np.int32)
    edges = first.view(np.float32)
    return np.maximum(np.searchsorted(edges, value, side="right") - 1, 0)


def after_help(
    village: Village, state: State, rule: dict[str, Any], *, march: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Turn scores into consumption in place; return sums by stratum and counts by cell and bin."""
    stratum = village.stratum
    cell = village.cell[stratum]
    top = F(SCORE_NODES) - F(0.001)
    place = np.clip((state["score"] - F(SCORE_LOW)) * PER_NODE, F(0), top)
    node = place.astype(np.int32)
    curve = rule["table"][cell, node]
    log_welfare = curve[:, 0] + (place - node.astype(F)) * curve[:, 1]
    log_welfare = log_welfare - rule["line_rise"][stratum]
    lasting = exp32(log_welfare + state["gain"])
    present = lasting * exp32(-state["loss"])
    drawn = np.minimum(state["savings"], F(rule["smoothing"]) * (lasting - present))
    propensity = F(rule["propensity"])
    saved = (F(1) - propensity) * F(rule["saved_share"])
    left_over = F(rule["savings_keep"]) * (state["savings"] - drawn) + saved * state["benefit"]
    state["savings"] = np.maximum(left_over, F(0))
    before = present + drawn
    helped = before + propensity * state["benefit"]
    after = np.maximum(helped + state["pooled"], F(0))
    state["welfare"] = after

    people = sizes(state)
    reached = (state["enrolled"] & np.uint16(rule["regular_mask"])) != 0
    shortfall = np.maximum(F(1) - after, F(0))
    scale = F(1 << FIXED_POINT)
    poor = after < 1
    was = (state["history"] & 1).astype(bool)
    recent = state["history"]
    if march:
        recent = (((state["history"].astype(np.int64) << 1) | poor) & 7).astype(np.uint8)
        state["history"] = recent
    columns = {
        "persons": np.ones_like(people),
        "poor": poor,
        "gap": (shortfall * scale + F(0.5)).astype(np.int64),
        "severity": (shortfall * shortfall * scale + F(0.5)).astype(np.int64),
        "near_poor": (after >= 1) & (after < F(1.5)),
        "extreme_poor": after < rule["extreme_line"][stratum],
        "before_help_poor": before < 1,
        "before_help_poor_covered": (before < 1) & reached,
        "covered": reached,
        "entered": march & poor & ~was,
        "left": march & ~poor & was,
        "chronic": march & (recent == 7),
    }
    values = np.stack([people * columns[name] for name in MEASURES], axis=1)
    sums = np.zeros((village.cell.size, len(MEASURES)), np.int64)
    np.add.at(sums, stratum, values)
    counts = np.zeros((village.n_cells, WELFARE_BINS), np.int64)
    level = welfare_bin(after * rule["line_ratio"][stratum])
    np.add.at(counts, (cell, level), village.weight[stratum] * people)
    return sums, counts


def incidence(
    village: Village,
    state: State,
    *,
    group: NDArray[np.int32],
    line_ratio: NDArray[np.float32],
    propensity: float,
    regular_mask: int,
    n_programmes: int,
    scale: int,
) -> NDArray[np.int64]:
    """Return people, consumption and help by group and consumption before help."""
    stratum = village.stratum
    ratio = line_ratio[stratum]
    people = village.weight[stratum] * sizes(state)
    before = np.maximum(state["welfare"] - F(propensity) * state["benefit"], F(0))
    enrolled = state["enrolled"].astype(np.int64)
    columns = [
        people,
        people * np.rint(state["welfare"] * ratio * F(scale)).astype(np.int64),
        people * np.rint(state["benefit"] * ratio * F(scale)).astype(np.int64),
        people * ((enrolled & regular_mask) != 0),
        *(people * ((enrolled >> bit) & 1) for bit in range(n_programmes)),
    ]
    counts = np.zeros((int(group.max()) + 1, WELFARE_BINS, len(columns)), np.int64)
    np.add.at(counts, (group[stratum], welfare_bin(before * ratio)), np.stack(columns, axis=1))
    return counts


def draw_households(
    key: int,
    identity: NDArray[np.uint32],
    stratum_start: NDArray[np.int64],
    *,
    listed: tuple[float, float],
    visits: float,
) -> State:
    """Return starting scores and records."""
    golden = 1.2207440846057594760
    steps = [round(2**32 / golden ** (k + 1)) & 0xFFFFFFFF for k in range(3)]
    stream = int(Stream.SYNTHESIS) << MONTH_BITS
    found: dict[str, list[NDArray[Any]]] = {
        name: [] for name in ("permanent", "persistent", "transitory", "rank")
    }
    for own, start, stop in zip(identity, stratum_start[:-1], stratum_start[1:], strict=True):
        one = np.array([own], np.uint32)
        shift = [*philox(one, np.uint32(stream), key), philox(one, np.uint32(stream + 1), key)[0]]
        number = np.arange(1, stop - start + 1, dtype=np.uint64)
        lattice = [
            ((number * np.uint64(step) + by.astype(np.uint64)) & np.uint64(0xFFFFFFFF)).astype(
                np.uint32
            )
            for step, by in zip(steps, shift, strict=True)
        ]
        for name, place in zip(("permanent", "persistent", "transitory"), lattice, strict=True):
            found[name].append(normal(place >> np.uint32(8)))
        found["rank"].append(uniform(lattice[0] >> np.uint32(9), 23))
    state = {name: np.concatenate(parts) for name, parts in found.items()}
    households = np.arange(stratum_start[-1], dtype=np.uint32)
    first, second = philox(households, np.uint32(stream + 2), key)
    poorest, richest = F(listed[0]), F(listed[1])
    chance = poorest + (richest - poorest) * state.pop("rank")
    state["record"] = (uniform(first >> np.uint32(9), 23) < chance).astype(np.uint8)
    age = -log32(uniform(second >> np.uint32(9), 23)) / F(visits)
    state["record_month"] = (-np.minimum(age, F(360))).astype(np.int16)
    return state


def permanent_base(
    village: Village, state: State, shift: NDArray[np.float32], load: float, slope: float
) -> NDArray[np.float32]:
    """Return the part of the score that moves only with composition and place."""
    by_size = F(slope) * log32(np.maximum(np.arange(16), 1).astype(F))
    by_size[0] = F(0)
    own = F(load) * state["permanent"] + shift[village.stratum]
    base: NDArray[np.float32] = own - by_size[sizes(state)]
    return base


def strike(
    village: Village,
    state: State,
    month_word: int,
    share: NDArray[np.float32],
    size: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return losses after a shock."""
    first, _ = words(village, month_word)
    hit = uniform(first >> np.uint32(9), 23) < share[village.district]
    loss: NDArray[np.float32] = np.where(hit, state["loss"] + size[village.district], state["loss"])
    return loss
