"""Anchoring: the world that stands still reproduces the published base month.

Published figures already contain today's programmes, shocks and savings. So the
distribution before help is solved: the baseline runs through a burn-in, its
distribution after help is compared with the published one rank by rank, the
difference goes into the distribution before help, and the burn-in is repeated.
At the end each stratum's place in its cell is set so that the realised sample
of the base month shows the published poverty rate of its district.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.households import SCORE_HIGH, SCORE_LOW, SCORE_NODES, SIZE_MASK
from kesos_sim.model.world import World

__all__ = ["Anchor", "settle", "solve"]

_ROUNDS = 3
"""Burn-ins: the third changes P0 of a province by less than 0.01 points."""

_INNER = 6
_SMOOTHING = 9
_REACH = 0.35
_BISECTIONS = 22


@dataclass(frozen=True)
class Anchor:
    """What makes a world reproduce its base month.

    Attributes
    ----------
    burn_log_before : float64[n_cells, n_rank], log ratio, before help, used in the burn-in
    burn_shift : float32[n_strata], normal score, places used in the burn-in
    log_before : float64[n_cells, n_rank], log ratio, before help, from the base month on
    shift : float32[n_strata], normal score, places from the base month on
    """

    burn_log_before: NDArray[np.float64]
    burn_shift: NDArray[np.float32]
    log_before: NDArray[np.float64]
    shift: NDArray[np.float32]


def solve(start: Callable[[], World], burn_in: Callable[[World], None]) -> tuple[Anchor, World]:
    """Solve the distribution before help.

    Parameters
    ----------
    start : makes the world of the burn-in's first month
    burn_in : runs a world through its burn-in and the base month up to consumption

    Returns
    -------
    tuple of Anchor and World
        The anchor, and the world in its base month with the anchor applied.
    """
    world = start()
    log_before, shift = world.log_before.copy(), world.shift.copy()
    for _ in range(_ROUNDS):
        world = start()
        burn = (log_before.copy(), shift.copy())
        world.log_before, world.shift = log_before.copy(), shift.copy()
        burn_in(world)
        settle_distribution(world)
        log_before, shift = world.log_before, world.shift
    place_districts(world)
    anchor = Anchor(burn[0], burn[1], world.log_before.copy(), world.shift.copy())
    return anchor, world


def settle(anchor: Anchor, world: World, burn_in: Callable[[World], None]) -> World:
    """Apply a stored anchor: burn in, then take the base month's tables."""
    world.log_before, world.shift = anchor.burn_log_before.copy(), anchor.burn_shift.copy()
    burn_in(world)
    world.log_before, world.shift = anchor.log_before.copy(), anchor.shift.copy()
    refresh(world)
    return world


def refresh(world: World) -> None:
    """Take scores and ranks of the base month again with the present tables."""
    world.place()
    world.rescore()
    world.rank(np.zeros_like(world.log_before))


def settle_distribution(world: World) -> None:
    """Move the distribution before help until the base month shows the published one."""
    cells = world.targets.cells
    target = np.log(cells.welfare)
    persons = person_weights(world)
    for _ in range(_INNER):
        refresh(world)
        welfare = base_welfare(world)
        place_strata(world, welfare, persons)
        reached = quantiles(world, welfare, persons, cells.rank)
        step = smooth(target - reached)
        world.log_before = np.maximum.accumulate(world.log_before + step, axis=1)
    refresh(world)


def place_strata(
    world: World, welfare: NDArray[np.float64], persons: NDArray[np.float64]
) -> None:
    """Move each stratum's place by how far its poverty rate is off.

    Parameters
    ----------
    world : the world, whose shifts are moved
    welfare : float64[n_households], ratio to the poverty line, consumption of the base month
    persons : float64[n_households], persons, weighted
    """
    off, slope = stratum_misses(world, welfare, persons)
    world.shift = (world.shift + np.clip(off / slope, -0.3, 0.3)).astype(np.float32)


def stratum_misses(
    world: World, welfare: NDArray[np.float64], persons: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return modelled less published poverty rates and how they answer to a shift.

    Parameters
    ----------
    world : the world
    welfare : float64[n_households], ratio to the poverty line, consumption of the base month
    persons : float64[n_households], persons, weighted

    Returns
    -------
    tuple of float64[n_strata], share and share per score, miss and fall of the rate with the shift
    """
    starts = world.layout.stratum_start[:-1]
    people = np.add.reduceat(persons, starts)
    published = world.targets.strata.p0 / 100.0
    rate = np.add.reduceat(np.where(welfare < 1.0, persons, 0.0), starts) / people
    # Around its rate r a normal score has the density phi(Phi^-1(r)), close to r (1 - r) * 1.6.
    slope = 1.6 * np.maximum(published, 0.01) * (1.0 - published)
    return rate - published, slope


def person_weights(world: World) -> NDArray[np.float64]:
    """Return the people that each simulated household stands for.

    Parameters
    ----------
    world : the world

    Returns
    -------
    float64[n_households], persons in 1/65536, weighted
    """
    size = (world.households.word & np.uint32(SIZE_MASK)).astype(np.float64)
    return size * np.repeat(world.weight, np.diff(world.layout.stratum_start))


def base_welfare(
    world: World, extra_score: NDArray[np.float64] | float = 0.0
) -> NDArray[np.float64]:
    """Return consumption of the base month without moving anything.

    Parameters
    ----------
    world : the world
    extra_score : float64[n_households], normal score, added to the scores

    Returns
    -------
    float64[n_households], ratio to the poverty line, consumption
    """
    people, rules = world.households, world.rules
    cell = np.repeat(world.targets.strata.cell, np.diff(world.layout.stratum_start))
    place = (people.score + extra_score - SCORE_LOW) * (SCORE_NODES / (SCORE_HIGH - SCORE_LOW))
    place = np.clip(place, 0.0, SCORE_NODES - 1e-3)
    node = place.astype(np.int64)
    value = world.table[cell, node, 0] + (place - node) * world.table[cell, node, 1]
    undisturbed = np.exp(value + people.gain)
    disturbed = undisturbed * np.exp(-people.loss)
    drawn = np.minimum(people.savings, rules.smoothing * (undisturbed - disturbed))
    welfare: NDArray[np.float64] = disturbed + drawn + rules.propensity * people.benefit
    return welfare


def quantiles(
    world: World,
    welfare: NDArray[np.float64],
    persons: NDArray[np.float64],
    rank: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return log consumption at given ranks of each cell.

    Parameters
    ----------
    world : the world
    welfare : float64[n_households], ratio to the poverty line, consumption
    persons : float64[n_households], persons, weighted
    rank : float64[n_rank], share, ranks

    Returns
    -------
    float64[n_cells, n_rank], log ratio, quantiles; the published ones where a cell is empty
    """
    cell = np.repeat(world.targets.strata.cell, np.diff(world.layout.stratum_start))
    order = np.lexsort((welfare, cell))
    sorted_cell = cell[order]
    result = np.log(world.targets.cells.welfare)
    bounds = np.searchsorted(sorted_cell, np.arange(result.shape[0] + 1))
    for c in range(result.shape[0]):
        inside = order[bounds[c] : bounds[c + 1]]
        if inside.size < 2:
            continue
        people = persons[inside]
        middle = (np.cumsum(people) - 0.5 * people) / people.sum()
        result[c] = np.interp(rank, middle, np.log(np.maximum(welfare[inside], 1e-6)))
    return result


def smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return moving averages along ranks, so that single households leave no mark.

    Parameters
    ----------
    values : float64[n_cells, n_rank], log ratio, corrections

    Returns
    -------
    float64[n_cells, n_rank], log ratio, smoothed corrections
    """
    half = _SMOOTHING // 2
    padded = np.pad(values, ((0, 0), (half, half)), mode="edge")
    total = np.cumsum(np.pad(padded, ((0, 0), (1, 0))), axis=1)
    mean: NDArray[np.float64] = (total[:, _SMOOTHING:] - total[:, :-_SMOOTHING]) / _SMOOTHING
    return mean


def place_districts(world: World) -> None:
    """Set places so that the realised sample shows each district's poverty rate.

    In a finite sample the rate moves in steps of one household. Each stratum
    takes the step nearest to its own published rate; what the first stratum of a
    district misses by, the second makes good.
    """
    persons = person_weights(world)
    for _ in range(2):
        refresh(world)
        world.shift = world.shift + nearest_steps(world, persons)
    refresh(world)


def nearest_steps(world: World, persons: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the shift of each stratum that brings its poor people nearest to the published.

    Parameters
    ----------
    world : the world
    persons : float64[n_households], persons, weighted

    Returns
    -------
    float32[n_strata], normal score, change of the shift
    """
    low = np.full(persons.size, -_REACH)
    high = np.full(persons.size, _REACH)
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        poor = base_welfare(world, middle) < 1.0
        low, high = np.where(poor, middle, low), np.where(poor, high, middle)
    margin = 0.5 * (low + high)
    layout, strata = world.layout, world.targets.strata
    shift = np.zeros(strata.p0.size, np.float32)
    for district in range(layout.district_stratum.size - 1):
        owed = 0.0
        for s in range(layout.district_stratum[district], layout.district_stratum[district + 1]):
            inside = slice(layout.stratum_start[s], layout.stratum_start[s + 1])
            order = np.argsort(-margin[inside], kind="stable")
            sorted_margin = margin[inside][order]
            # With a shift d exactly the households whose margin is above d are poor.
            poor = np.concatenate([[0.0], np.cumsum(persons[inside][order])])
            wanted = strata.p0[s] / 100.0 * poor[-1] + owed
            ends = np.concatenate([[_REACH], sorted_margin, [-_REACH]])
            gap = 0.5 * (ends[:-1] + ends[1:])
            allowed = (np.abs(gap) < _REACH) & (ends[:-1] - ends[1:] > 1e-6)
            miss = np.where(allowed, np.abs(poor - wanted), np.inf)
            best = int(np.argmin(miss))
            if np.isfinite(miss[best]):
                shift[s] = gap[best]
                owed = wanted - poor[best]
    return shift
