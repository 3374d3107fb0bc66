"""Bending a published shape until it has the published poverty and inequality.

The logarithm of the bent curve climbs ``exp(g)`` times as fast as that of the reference, where g
is piecewise linear in the normal score with knots at even distances. The factor is positive, so a
bent curve always increases. A constant g only stretches the shape; changes of g from knot to knot
(second differences of the bend along the reference) are penalised, so the published shape is kept
where the targets say nothing. The level is fixed by the headcount: the curve crosses the line
exactly at the published rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from kesos_sim.population.quantile import Floats, Parameters, RankGrid

__all__ = ["BendSettings", "Bent", "CurveGoals", "bend", "bend_settings"]

_MOST_STEPS: Final = 60
_LONGEST_STEP: Final = 1.0
"""No knot moves by more than this (log slope) in one step of the solver."""
_WILDEST: Final = 300.0
"""Log welfare beyond which a trial step is merely very bad."""
_CONVERGED: Final = 1e-6
"""A curve is done when a step lowers its cost by less than this share."""
_FIRST_DAMPING, _LOWER_DAMPING, _RAISE_DAMPING = 1e-3, 0.2, 5.0
_LEAST_DAMPING, _MOST_DAMPING = 1e-10, 1e8


@dataclass(frozen=True, slots=True)
class CurveGoals:
    """What each bent curve has to reproduce.

    Attributes
    ----------
    p0 : float64[n], share of persons below the line, between 0 and 1, met exactly
    p1, p2 : float64[n], share of the line, poverty gap and severity
    gini : float64[n], 0 to 1, Gini index
    mean : float64[n], ratio to the poverty line, wanted mean; NaN where nothing is known
    """

    p0: Floats
    p1: Floats
    p2: Floats
    gini: Floats
    mean: Floats

    def take(self, curves: NDArray[np.int64]) -> CurveGoals:
        """Keep the goals of some curves.

        Parameters
        ----------
        curves : int64[k], index of the curves that are kept

        Returns
        -------
        CurveGoals
            Their goals.
        """
        return CurveGoals(*(getattr(self, name)[curves] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class BendSettings:
    """Knots, tolerances and penalties of the bend.

    Attributes
    ----------
    knots : float64[k], normal score, where the log slope may change its direction
    tolerance : float64[3], share, share and Gini points, half a unit of the last published digit
    mean_tolerance : float
        Log points by which the mean may miss before it counts like one unit of roughness.
    roughness : float
        Weight of squared changes of the log slope, in squared tolerances per unit.
    level_penalty : float
        Weight of the log slope itself, relative to `roughness`.
    """

    knots: Floats
    tolerance: Floats
    mean_tolerance: float
    roughness: float
    level_penalty: float


@dataclass(frozen=True, slots=True)
class Bent:
    """Bent curves and how they were reached.

    Attributes
    ----------
    log_welfare : float64[n, m], log of the ratio to the poverty line, increasing in rank
    log_slope : float64[n, k], log ratio, slope of the curve over that of the reference at the knots
    steps : int
        Steps of the solver.
    """

    log_welfare: Floats
    log_slope: Floats
    steps: int


def bend_settings(parameters: Parameters) -> BendSettings:
    """Read the settings of the bend from the parameter table.

    Parameters
    ----------
    parameters : callable
        Value of a parameter by id.

    Returns
    -------
    BendSettings
        Settings for `bend`.
    """
    limit = parameters("population.bend_knot_limit")
    gap = parameters("population.tolerance_gap")
    return BendSettings(
        knots=np.linspace(-limit, limit, round(parameters("population.bend_knots"))),
        tolerance=np.array([gap, gap, parameters("population.tolerance_gini")]),
        mean_tolerance=parameters("population.mean_tolerance"),
        roughness=parameters("population.bend_roughness"),
        level_penalty=parameters("population.bend_level_penalty"),
    )


def bend(
    reference: Floats,
    grid: RankGrid,
    goals: CurveGoals,
    settings: BendSettings,
    start: Floats | None = None,
) -> Bent:
    """Bend reference curves until they meet their goals.

    Parameters
    ----------
    reference : float64[n, m], log ratio, strictly increasing in rank
    grid : RankGrid
        Ranks of the points.
    goals : CurveGoals
        One entry per curve.
    settings : BendSettings
        Knots, tolerances and penalties.
    start : float64[n, k], log ratio, optional
        Log slopes to begin with, for instance those of a neighbouring problem.

    Returns
    -------
    Bent
        The curves. Goals that contradict each other are missed by as little as the tolerances
        and the roughness weigh; a crossing of the line at the wanted rank is always exact.
    """
    problem = _Problem(reference, grid, goals, settings)
    knots = len(settings.knots)
    slope = np.zeros((len(reference), knots)) if start is None else start.copy()
    damping = np.full(len(reference), _FIRST_DAMPING)
    cost = problem.cost(slope, np.arange(len(reference)))
    active = np.arange(len(reference))
    diagonal = np.eye(knots)
    steps = 0
    while len(active) and steps < _MOST_STEPS:
        steps += 1
        hessian, gradient = problem.quadratic(slope[active], active)
        scale = np.einsum("nkk->nk", hessian)[:, :, None] * diagonal
        damped = hessian + damping[active, None, None] * scale
        move = -np.linalg.solve(damped, gradient[:, :, None])[:, :, 0]
        trial = slope[active] + np.clip(move, -_LONGEST_STEP, _LONGEST_STEP)
        trial_cost = problem.cost(trial, active)
        gain = cost[active] - trial_cost
        better = gain > 0.0
        small = np.abs(gain) <= _CONVERGED * (1.0 + cost[active])
        slope[active[better]] = trial[better]
        cost[active[better]] = trial_cost[better]
        factor = np.where(better, _LOWER_DAMPING, _RAISE_DAMPING)
        damping[active] = np.clip(damping[active] * factor, _LEAST_DAMPING, _MOST_DAMPING)
        active = active[~small & (damping[active] < _MOST_DAMPING)]
    return Bent(problem.curve(slope, np.arange(len(reference)))[1], slope, steps)


class _Problem:
    """Least squares for many curves at once: residuals, their slopes, roughness."""

    def __init__(
        self, reference: Floats, grid: RankGrid, goals: CurveGoals, settings: BendSettings
    ) -> None:
        self.grid = grid
        self.rises = np.diff(reference, axis=1)
        self.basis = _hats(0.5 * (grid.score[1:] + grid.score[:-1]), settings.knots)
        place = (ndtri(goals.p0) - grid.score[0]) / grid.step
        self.below: NDArray[np.int64] = np.floor(place).astype(np.int64)
        self.beyond = place - self.below
        has_mean = np.isfinite(goals.mean)
        self.goal = np.stack(
            [goals.p1, goals.p2, goals.gini, np.log(np.where(has_mean, goals.mean, 1.0))], axis=1
        )
        weight_of_mean = np.sqrt(settings.roughness) / settings.mean_tolerance
        self.weight = np.empty_like(self.goal)
        self.weight[:, :3] = 1.0 / settings.tolerance
        self.weight[:, 3] = np.where(has_mean, weight_of_mean, 0.0)
        # First differences of the log slope, per square root of their distance.
        changes = np.diff(np.eye(len(settings.knots)), axis=0)
        changes /= np.sqrt(np.diff(settings.knots))[:, None]
        level = settings.level_penalty * np.eye(len(settings.knots))
        self.penalty = settings.roughness * (changes.T @ changes + level)

    def curve(self, slope: Floats, which: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Return rises between points and log welfare at the points."""
        rises = np.exp(np.einsum("nk,mk->nm", slope, self.basis)) * self.rises[which]
        level = np.concatenate([np.zeros((len(slope), 1)), np.cumsum(rises, axis=1)], axis=1)
        return rises, level - self._at_line(level, which)

    def cost(self, slope: Floats, which: NDArray[np.int64]) -> Floats:
        """Return weighted squared misses plus roughness of each curve."""
        # A trial step may be wild; it is judged as very bad, not as a number out of range.
        log_welfare = np.minimum(self.curve(slope, which)[1], _WILDEST)
        measured, _ = self._measure(np.exp(log_welfare))
        miss = (measured - self.goal[which]) * self.weight[which]
        rough = np.einsum("nk,kl,nl->n", slope, self.penalty, slope)
        total: Floats = (miss**2).sum(axis=1) + rough
        return total

    def quadratic(self, slope: Floats, which: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Return Gauss-Newton matrix and gradient of half the cost of each curve."""
        grid = self.grid
        rises, log_welfare = self.curve(slope, which)
        welfare = np.exp(log_welfare)
        climb = np.cumsum(rises[:, :, None] * self.basis[None], axis=1)
        climb = np.concatenate([np.zeros((len(slope), 1, climb.shape[2])), climb], axis=1)
        climb -= self._at_line(climb, which)
        climb *= (welfare * grid.width)[:, :, None]
        measured, gap = self._measure(welfare)
        mean = grid.average(welfare)
        d_mean = climb.sum(axis=1)
        d_gini = 2.0 * np.einsum("nmk,m->nk", climb, grid.middle)
        d_gini = (d_gini - (1.0 + measured[:, 2])[:, None] * d_mean) / mean[:, None]
        jacobian = np.stack(
            [
                -np.einsum("nmk,nm->nk", climb, (gap > 0.0).astype(np.float64)),
                -2.0 * np.einsum("nmk,nm->nk", climb, gap),
                d_gini,
                d_mean / mean[:, None],
            ],
            axis=1,
        )
        jacobian *= self.weight[which][:, :, None]
        miss = (measured - self.goal[which]) * self.weight[which]
        hessian = np.einsum("nik,nil->nkl", jacobian, jacobian) + self.penalty
        return hessian, np.einsum("nik,ni->nk", jacobian, miss) + np.einsum(
            "nk,kl->nl", slope, self.penalty
        )

    def _measure(self, welfare: Floats) -> tuple[Floats, Floats]:
        """Return gap, severity, Gini and log mean as columns, and the gap of each point."""
        grid = self.grid
        gap = np.maximum(1.0 - welfare, 0.0)
        mean = grid.average(welfare)
        gini = 2.0 * grid.average(welfare * grid.middle) / mean - 1.0
        columns = [grid.average(gap), grid.average(gap**2), gini, np.log(mean)]
        return np.stack(columns, axis=1), gap

    def _at_line(self, level: Floats, which: NDArray[np.int64]) -> Floats:
        """Interpolate values of the points at the wanted crossing; keeps the second axis."""
        rows, below, beyond = np.arange(len(level)), self.below[which], self.beyond[which]
        shape = (-1,) + (1,) * (level.ndim - 2)
        beyond = beyond.reshape(shape)
        value: Floats = level[rows, below] * (1.0 - beyond) + level[rows, below + 1] * beyond
        return value[:, None]


def _hats(score: Floats, knots: Floats) -> Floats:
    """Return the weight of each knot at each score; constant beyond the first and last knot."""
    corners = np.eye(len(knots))
    return np.stack([np.interp(score, knots, corner) for corner in corners], axis=1)
