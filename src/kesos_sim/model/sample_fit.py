"""Fitting the distribution before help to the realised sample of a base month.

The order of a solution is in `kesos_sim.model.anchoring`; here are the moves of the
distribution: corrections rank by rank, and three moments of each cell. The moves of
places and of single households are in `kesos_sim.model.sample_places`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.special import ndtri

from kesos_sim.kernels.households import SCORE_HIGH, SCORE_LOW, SCORE_NODES, SIZE_MASK
from kesos_sim.model.world import World

__all__ = [
    "base_welfare",
    "correct",
    "match_moments",
    "moments",
    "move_places",
    "person_weights",
    "refresh",
]

_DAMPING = 0.8
_LOG_SIZE_VARIANCE = 0.2
_TOP, _TOP_WIDTH = 0.9, 0.8
_NUDGE = 0.05
_RIDGE = 1e-3
_MOMENT_SCALE = (0.003, 0.001, 0.01)
_LONGEST_STRETCH = 0.4
_HALVINGS = 4
_APART = 1e-6
_KNOTS = (
    0.001,
    0.003,
    0.007,
    0.015,
    0.03,
    0.05,
    0.075,
    0.1,
    0.13,
    0.17,
    0.22,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.8,
    0.87,
    0.92,
    0.96,
    0.98,
    0.99,
    0.997,
)
_POINTS = 4000
_EVERYBODY = slice(None)


def refresh(world: World) -> None:
    """Take scores and ranks of the base month again with the present tables."""
    world.place()
    world.rescore()
    world.rank(np.zeros_like(world.log_before))


def correct(world: World, welfare: NDArray[np.float64], persons: NDArray[np.float64]) -> None:
    """Add to the distribution before help what the base month is short of.

    Parameters
    ----------
    world : the world, whose distribution is moved
    welfare : float64[n_households], ratio to the poverty line, consumption of the base month
    persons : float64[n_households], persons, weighted
    """
    target = np.log(world.targets.cells.welfare)
    step = (
        corrections(world, welfare, persons, target) @ smoother(tuple(world.targets.cells.rank)).T
    )
    # Pooling keeps the curve rising without a few at the foot lifting everybody above them.
    width = np.gradient(world.targets.cells.rank)
    world.log_before = np.stack(
        [
            isotonic_regression(curve, weights=width).x
            for curve in world.log_before + _DAMPING * step
        ]
    )


def match_moments(world: World, persons: NDArray[np.float64]) -> None:
    """Bend the distribution before help towards each cell's P1, P2 and Gini.

    One Newton step by finite differences on three moves that leave the line
    alone and keep the curve rising: of all distances below the line, of the long
    ones more than of the short ones, and a raise of the top tenth.
    Where a cell would come out worse, its step is halved.

    Parameters
    ----------
    world : the world, whose distribution is moved
    persons : float64[n_households], persons, weighted
    """
    before, wanted = world.log_before, wanted_moments(world)
    still = np.zeros_like(before)
    n_cells = before.shape[0]

    def reached(amount: NDArray[np.float64]) -> NDArray[np.float64]:
        world.log_before = stretched(world, before, amount)
        world.rank(still)
        return moments(world, persons)[1:]

    now = reached(np.zeros((3, n_cells)))
    slope = np.empty((3, 3, n_cells))
    for number in range(3):
        nudge = np.zeros((3, n_cells))
        nudge[number] = _NUDGE
        slope[:, number] = (reached(nudge) - now) / _NUDGE
    scale = np.array(_MOMENT_SCALE)
    amount = np.zeros((3, n_cells))
    for cell in np.unique(world.targets.strata.cell):
        # Moments on their own scales; a little ridge keeps a flat direction from running off.
        left = slope[:, :, cell] / scale[:, None]
        right = (wanted - now)[:, cell] / scale
        amount[:, cell] = np.linalg.solve(left.T @ left + _RIDGE * np.eye(3), left.T @ right)
    amount = np.clip(amount, -_LONGEST_STRETCH, _LONGEST_STRETCH)
    miss = np.abs((now - wanted) / scale[:, None]).max(axis=0)
    for _ in range(_HALVINGS):
        worse = np.abs((reached(amount) - wanted) / scale[:, None]).max(axis=0) > miss
        if not worse.any():
            break
        amount[:, worse] *= 0.5
    else:
        amount[:, worse] = 0.0
        reached(amount)


def stretched(
    world: World, log_before: NDArray[np.float64], amount: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the distribution with distances below the line and at the top stretched.

    Parameters
    ----------
    world : the world
    log_before : float64[n_cells, n_rank], log ratio, distribution before help
    amount : float64[3, n_cells], log factor, exponent and log points: of all distances below
        the line, of how much more long ones grow than short ones, and over the top tenth

    Returns
    -------
    float64[n_cells, n_rank], log ratio, rising with the rank
    """
    cells = world.targets.cells
    found = log_before.copy()
    raised = np.clip((ndtri(cells.rank) - ndtri(_TOP)) / _TOP_WIDTH, 0.0, 2.0)
    for cell in range(log_before.shape[0]):
        curve, rate = log_before[cell], cells.p0[cell] / 100.0
        line, middle = np.interp((rate, 0.5 * rate), cells.rank, curve)
        below = cells.rank < rate
        away = np.maximum(line - curve[below], 0.0)
        usual = max(line - middle, _APART)
        factor = np.exp(amount[0, cell]) * (np.maximum(away, _APART) / usual) ** amount[1, cell]
        found[cell, below] = line - away * factor
        # The raise ends well before the last rank: who stands there changes from month to month.
        found[cell] = np.maximum.accumulate(found[cell] + amount[2, cell] * raised)
    return found


def wanted_moments(world: World) -> NDArray[np.float64]:
    """Return P1, P2 and Gini that the simulated people of each cell should show.

    Parameters
    ----------
    world : the world

    Returns
    -------
    float64[3, n_cells], share and index: the published ones where all of a cell is simulated,
    else those of the cell's curve at the ranks of the simulated people
    """
    cells = world.targets.cells
    wanted = np.stack([cells.p1 / 100.0, cells.p2 / 100.0, cells.gini])
    own = (np.arange(_POINTS) + 0.5) / _POINTS
    for cell in np.flatnonzero(world.cell_ranks.partial).tolist():
        rank = world.cell_ranks.of(cell, own)
        welfare = np.exp(np.interp(rank, cells.rank, np.log(cells.welfare[cell])))
        gap = np.maximum(1.0 - welfare, 0.0)
        lorenz = np.cumsum(welfare) - 0.5 * welfare
        gini = 1.0 - 2.0 * float(lorenz.mean()) / float(welfare.sum())
        wanted[:, cell] = float(gap.mean()), float((gap**2).mean()), gini
    return wanted


def moments(world: World, persons: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return P0, P1, P2 and Gini of the base month by cell.

    Parameters
    ----------
    world : the world
    persons : float64[n_households], persons, weighted

    Returns
    -------
    float64[4, n_cells], share and index; 0 where a cell is empty
    """
    cells, strata = world.targets.cells, world.targets.strata
    sizes = np.diff(world.layout.stratum_start)
    cell = np.repeat(strata.cell, sizes)
    n = cells.p0.size
    welfare = base_welfare(world)
    people = np.maximum(np.bincount(cell, persons, n), 1.0)
    gap = np.maximum(1.0 - welfare, 0.0)
    money = welfare * np.repeat(strata.relative_line, sizes)
    order = np.lexsort((money, cell))
    share = persons[order] / people[cell[order]]
    spent = np.maximum(np.bincount(cell, persons * money, n), 1e-9)
    held = (persons * money)[order] / spent[cell[order]]
    first = np.searchsorted(cell[order], np.arange(n))
    running = np.cumsum(held)
    before = np.concatenate([[0.0], running])[first]
    lorenz = running - before[cell[order]] - 0.5 * held
    area = np.bincount(cell[order], share * lorenz, n)
    return np.stack(
        [
            np.bincount(cell, persons * (welfare < 1.0), n) / people,
            np.bincount(cell, persons * gap, n) / people,
            np.bincount(cell, persons * gap**2, n) / people,
            np.where(np.bincount(cell, minlength=n) > 0, 1.0 - 2.0 * area, 0.0),
        ]
    )


def move_places(world: World, step: NDArray[np.floating]) -> None:
    """Move strata within their cells, and the cell's own level through its distribution.

    Ranks do not know the level of a whole cell, so what its strata have in common
    moves the quantile function along the score instead.

    Parameters
    ----------
    world : the world, whose shifts and distribution are moved
    step : float[n_strata], normal score, wanted change of the shift
    """
    strata = world.targets.strata
    people = np.maximum(np.bincount(strata.cell, strata.population, world.log_before.shape[0]), 1.0)
    level = np.bincount(strata.cell, strata.population * step, people.size) / people
    world.shift = (world.shift + step - level[strata.cell]).astype(np.float32)
    score = ndtri(world.targets.cells.rank)
    spread = np.sqrt(1.0 + float(world.rules.size_slope) ** 2 * _LOG_SIZE_VARIANCE)
    world.log_before = np.stack(
        [
            np.interp(score + move / spread, score, values)
            for move, values in zip(level, world.log_before, strict=True)
        ]
    )


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
    world: World,
    extra_score: NDArray[np.float64] | float = 0.0,
    who: slice | NDArray[np.int64] = _EVERYBODY,
    cell: int | None = None,
) -> NDArray[np.float64]:
    """Return consumption of the base month without moving anything.

    Parameters
    ----------
    world : the world
    extra_score : float64[n], normal score, added to the scores
    who : int64[n], household, whose; by default everybody's
    cell : index, the cell of all of them, if they have one and the same

    Returns
    -------
    float64[n], ratio to the poverty line, consumption
    """
    people, rules = world.households, world.rules
    cells: int | NDArray[np.signedinteger]
    if cell is None:
        cells = np.repeat(world.targets.strata.cell, np.diff(world.layout.stratum_start))[who]
    else:
        cells = cell
    score = people.score[who] + extra_score
    place = (score - SCORE_LOW) * (SCORE_NODES / (SCORE_HIGH - SCORE_LOW))
    place = np.clip(place, 0.0, SCORE_NODES - 1e-3)
    node = place.astype(np.int64)
    value = world.table[cells, node, 0] + (place - node) * world.table[cells, node, 1]
    undisturbed = np.exp(value + people.gain[who])
    disturbed = undisturbed * np.exp(-people.loss[who])
    drawn = np.minimum(people.savings[who], rules.smoothing * (undisturbed - disturbed))
    welfare: NDArray[np.float64] = disturbed + drawn + rules.propensity * people.benefit[who]
    return welfare


def corrections(
    world: World,
    welfare: NDArray[np.float64],
    persons: NDArray[np.float64],
    target: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return how far log consumption at each rank is below the published.

    Parameters
    ----------
    world : the world
    welfare : float64[n_households], ratio to the poverty line, consumption
    persons : float64[n_households], persons, weighted
    target : float64[n_cells, n_rank], log ratio, published quantile function

    Returns
    -------
    float64[n_cells, n_rank], log ratio; beyond the sample's lowest and highest rank as there,
    0 where a cell is empty
    """
    rank = world.targets.cells.rank
    cell = np.repeat(world.targets.strata.cell, np.diff(world.layout.stratum_start))
    order = np.lexsort((welfare, cell))
    bounds = np.searchsorted(cell[order], np.arange(target.shape[0] + 1))
    result = np.zeros_like(target)
    for c in range(target.shape[0]):
        inside = order[bounds[c] : bounds[c + 1]]
        if inside.size <= 1:
            continue
        people = persons[inside]
        middle = world.cell_ranks.of(c, (np.cumsum(people) - 0.5 * people) / people.sum())
        reached = np.interp(rank, middle, np.log(np.maximum(welfare[inside], 1e-6)))
        known = (rank >= middle[0]) & (rank <= middle[-1])
        gap = target[c] - reached
        result[c] = np.interp(rank, rank[known], gap[known])
    return result


@lru_cache(maxsize=4)
def smoother(rank: tuple[float, ...]) -> NDArray[np.float64]:
    """Return the matrix that keeps of a correction what a few knots can say.

    The order of households after help is not their order before help, so a
    correction at every single rank would chase single households.

    Parameters
    ----------
    rank : ranks, shares

    Returns
    -------
    float64[n_rank, n_rank], share, projection on piecewise lines in the normal score
    """
    ranks = np.array(rank)
    score = ndtri(ranks)
    knots = ndtri(np.array(_KNOTS))
    hats = np.stack([np.interp(score, knots, row) for row in np.eye(knots.size)], axis=1)
    width = np.gradient(ranks)
    weighted = hats * np.sqrt(width)[:, None]
    projection: NDArray[np.float64] = hats @ np.linalg.solve(weighted.T @ hats, weighted.T)
    return projection
