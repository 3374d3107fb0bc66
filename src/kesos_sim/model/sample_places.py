"""Placing strata, and at the end single households, so that districts show their rates."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.households import SIZE_MASK
from kesos_sim.model.sample_fit import base_welfare, move_places, refresh
from kesos_sim.model.world import World

__all__ = ["fit_places", "nearest_steps", "nudge_households", "stratum_steps"]

_CLOSE = 0.0005
_FAR = 0.001
_CANDIDATES, _MOST_NUDGED = 16, 3
_LONGEST_NUDGE, _PAST_LINE = 0.15, 1e-3
_REACH = 0.35
_FARTHEST_NUDGE, _NUDGE_REACH = 0.55, 0.6
"""The first only where no nearer household brings the rate near, as in small districts."""
_APART = 1e-6
_BISECTIONS = 22
_FITS = (1.0, 0.7, 0.6, 0.5, 0.4)
"""Parts of the wanted steps that are made: small strata would else jump to and fro."""
_LONGEST_STEP = 0.3


def stratum_steps(
    world: World, welfare: NDArray[np.float64], persons: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the shift of each stratum that takes it close to its published poverty rate.

    Parameters
    ----------
    world : the world
    welfare : float64[n_households], ratio to the poverty line, consumption of the base month
    persons : float64[n_households], persons, weighted

    Returns
    -------
    float64[n_strata], normal score, change of the shift
    """
    starts = world.layout.stratum_start[:-1]
    people = np.add.reduceat(persons, starts)
    rate = np.add.reduceat(np.where(welfare < 1.0, persons, 0.0), starts) / people
    return _steps(world, rate)


def fit_places(world: World) -> None:
    """Move strata until each shows its published rate, in a world with an anchor of another one.

    An anchor is solved on a sample, whose districts of some hundred households are not quite like
    the districts of a larger world. Strata are worked through one by one, so that no array is as
    long as the world.

    Parameters
    ----------
    world : the world in its base month, whose places, distribution, scores and ranks are moved
    """
    n_strata = world.layout.n_strata
    for part in _FITS:
        rate = np.zeros(n_strata)
        world.team.share(_poor_share, n_strata, world, rate)
        world.team.gather("stratum", rate)
        move_places(world, part * _steps(world, rate))
        refresh(world)


def _poor_share(
    from_stratum: int, to_stratum: int, world: World, rate: NDArray[np.float64]
) -> None:
    """Find the poor people of strata: ``rate`` is float64[n_strata], share, written."""
    start, cell = world.layout.stratum_start, world.targets.strata.cell
    for stratum in range(from_stratum, to_stratum):
        inside = slice(int(start[stratum]), int(start[stratum + 1]))
        persons = world.households.word[inside] & np.uint32(SIZE_MASK)
        poor = base_welfare(world, who=inside, cell=int(cell[stratum])) < 1.0
        rate[stratum] = persons[poor].sum(dtype=np.int64) / persons.sum(dtype=np.int64)


def _steps(world: World, rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the shifts that rates ask for: float64[n_strata], normal score."""
    published = world.targets.strata.p0 / 100.0
    # Around its rate r a normal score has the density phi(Phi^-1(r)), close to r (1 - r) * 1.6.
    slope = 1.6 * np.maximum(published, 0.01) * (1.0 - published)
    steps: NDArray[np.float64] = np.clip((rate - published) / slope, -_LONGEST_STEP, _LONGEST_STEP)
    return steps


def line_margins(world: World, cut: float = _REACH) -> NDArray[np.float64]:
    """Return how far each household's score is below the score that reaches the line.

    Parameters
    ----------
    world : the world
    cut : normal score, farthest that is told apart

    Returns
    -------
    float64[n_households], normal score, positive for the poor, at most ``cut``
    """
    reach = np.full(world.layout.n_households, cut)
    poor_at_most = base_welfare(world, reach) < 1.0
    poor_at_least = base_welfare(world, -reach) < 1.0
    margin = np.where(poor_at_most, _bisected(cut, always=True), _bisected(cut, always=False))
    # Only those who cross the line within reach have to be looked at closely.
    near = np.flatnonzero(poor_at_least & ~poor_at_most)
    low, high = -reach[near], reach[near]
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        poor = base_welfare(world, middle, near) < 1.0
        low, high = np.where(poor, middle, low), np.where(poor, high, middle)
    margin[near] = 0.5 * (low + high)
    return margin


def _bisected(cut: float, *, always: bool) -> float:
    """Return the margin of those who are poor everywhere within reach, or nowhere."""
    low, high = -cut, cut
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if always else (low, middle)
    return 0.5 * (low + high)


def nudge_households(world: World, persons: NDArray[np.float64]) -> int:
    """Lift or lower one to three households at the line in each district that misses its rate.

    The last step of the calibration to the realised sample: a district of some
    hundred households cannot show its published rate by moving all of them. What
    it still misses by clearly, the next districts of its province make good.

    Parameters
    ----------
    world : the world, whose permanent scores are moved
    persons : float64[n_households], persons, weighted

    Returns
    -------
    int, households moved
    """
    count = 0
    margin = line_margins(world, _NUDGE_REACH)
    start, districts = world.layout.district_start, world.targets.districts
    owed, before = 0.0, -1
    for district in range(start.size - 1):
        if districts.province[district] != before:
            owed, before = 0.0, districts.province[district]
        inside = np.arange(start[district], start[district + 1])
        people, poor = persons[inside], margin[inside] > 0.0
        total = people.sum()
        owed += people[poor].sum() - districts.p0_fitted[district] / 100.0 * total
        chosen, owed = _chosen(people, margin[inside], owed, total)
        moved = inside[chosen]
        beyond = np.where(margin[moved] > 0.0, _PAST_LINE, -_PAST_LINE)
        load = float(world.rules.permanent_load)
        world.households.permanent[moved] += ((margin[moved] + beyond) / load).astype(np.float32)
        count += moved.size
        if abs(owed) < _FAR * total:
            owed = 0.0
    return count


def _chosen(
    people: NDArray[np.float64], margin: NDArray[np.float64], excess: float, total: float
) -> tuple[NDArray[np.int64], float]:
    """Choose the households of a district that cross the line so that its rate is nearest.

    Parameters
    ----------
    people : float64[n], persons, weighted, of each household
    margin : float64[n], normal score, how far each is below the line
    excess : persons, weighted, poor ones beyond the published rate
    total : persons, weighted, of the district

    Returns
    -------
    int64[n_chosen], index, and the excess that is left
    """
    nearest = np.argsort(np.abs(margin), kind="stable")[:_CANDIDATES]
    chosen, best = nearest[:0], excess
    for longest, enough in ((_LONGEST_NUDGE, _CLOSE), (_FARTHEST_NUDGE, _FAR)):
        if abs(best) < enough * total:
            break
        near = nearest[np.abs(margin[nearest]) < longest]
        change = np.where(margin[near] > 0.0, -people[near], people[near])
        for size in range(1, min(_MOST_NUDGED, near.size) + 1):
            sets = np.array(list(combinations(range(near.size), size)))
            left = excess + change[sets].sum(axis=1)
            place = int(np.abs(left).argmin())
            # More or farther households only where that brings the rate clearly nearer.
            if abs(left[place]) < 0.5 * abs(best):
                best, chosen = float(left[place]), near[sets[place]]
    return chosen, best


def nearest_steps(world: World, persons: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the shift of each stratum that brings its poor people nearest to the published.

    In a finite sample the rate moves in steps of one household. Each stratum
    takes the step nearest to its own published rate; what the first stratum of a
    district misses by, the second makes good.

    Parameters
    ----------
    world : the world
    persons : float64[n_households], persons, weighted

    Returns
    -------
    float32[n_strata], normal score, change of the shift
    """
    margin = line_margins(world)
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
            allowed = (np.abs(gap) < _REACH) & (ends[:-1] - ends[1:] > _APART)
            miss = np.where(allowed, np.abs(poor - wanted), np.inf)
            best = int(np.argmin(miss))
            if np.isfinite(miss[best]):
                shift[s] = gap[best]
                owed = wanted - poor[best]
    return shift
