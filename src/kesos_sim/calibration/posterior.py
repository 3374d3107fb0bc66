"""What figures say of parameters: implausible settings, a posterior, and whether it can be trusted.

Settings whose figures lie further from the published ones than three of their errors are ruled
out first (history matching, Vernon and others 2010). The posterior is drawn by a sequence of
particles that moves from the prior to it in small steps (annealed sequential Monte Carlo, Neal
2001, Del Moral and others 2006) with the synthetic likelihood of the emulated figures (Wood 2010).
Simulation-based calibration (Talts and others 2018) does the same with truths that are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.calibration.emulator import Emulator

__all__ = ["Problem", "Trust", "implausibility", "posterior", "trust"]

Floats = NDArray[np.float64]

_ESS: Final = 0.5
"""Share of the particles that have to stay effective in a step."""
_MOVES: Final = 6
_STEP: Final = 2.38
_THIRD: Final = 3
"""The third largest distance counts: one or two figures may be wrong."""
_INTERVAL: Final = (5.0, 95.0)


@dataclass(frozen=True)
class Problem:
    """Figures to be met by an emulated model.

    Attributes
    ----------
    emulator : the response surface
    published : float64[n_figures], what was published, unit of each figure
    variance : float64[n_figures], unit squared, error of what was published and of the model
    """

    emulator: Emulator
    published: Floats
    variance: Floats

    @property
    def total(self) -> Floats:
        """All errors together.

        Returns
        -------
        float64[n_figures], unit squared
        """
        return np.asarray(self.variance + self.emulator.variance)

    def likelihood(self, places: Floats) -> Floats:
        """Return the log likelihood of places.

        Parameters
        ----------
        places : float64[n, n_parameters], between 0 and 1

        Returns
        -------
        float64[n], log, up to a constant
        """
        off = self.emulator.at(places) - self.published
        return np.asarray(-0.5 * (off**2 / self.total).sum(axis=1))


def implausibility(problem: Problem, places: Floats) -> Floats:
    """Return how far the figures of places are from the published ones.

    Parameters
    ----------
    problem : Problem
    places : float64[n, n_parameters], between 0 and 1

    Returns
    -------
    float64[n], errors, third largest distance of a figure; above three a place is ruled out
    """
    off = np.abs(problem.emulator.at(places) - problem.published) / np.sqrt(problem.total)
    nth = min(_THIRD, off.shape[1])
    return np.asarray(np.sort(off, axis=1)[:, -nth])


def posterior(problem: Problem, particles: int, parameters: int, seed: int) -> Floats:
    """Draw from the posterior with an even prior.

    Parameters
    ----------
    problem : Problem
    particles : number of draws
    parameters : number of parameters
    seed : seed of the draws

    Returns
    -------
    float64[n_particles, n_parameters], between 0 and 1
    """
    chance = np.random.Generator(np.random.Philox(seed))
    places = chance.random((particles, parameters))
    likelihood = problem.likelihood(places)
    heat = 0.0
    while heat < 1.0:
        step = _next_step(likelihood, 1.0 - heat)
        weight = np.exp(step * (likelihood - likelihood.max()))
        heat = min(1.0, heat + step)
        # One comb for all draws, so that what is drawn twice is drawn as rarely as can be.
        comb = (np.arange(particles) + chance.random()) / particles
        chosen = np.searchsorted(np.cumsum(weight) / weight.sum(), comb).clip(0, particles - 1)
        places, likelihood = places[chosen], likelihood[chosen]
        spread = np.cov(places, rowvar=False).reshape(parameters, parameters)
        factor = np.linalg.cholesky(spread + 1e-9 * np.eye(parameters))
        for move in range(_MOVES):
            # Large and small steps in turn: corners of the prior are reached by small ones.
            size = _STEP / np.sqrt(parameters) * (1.0 if move % 2 == 0 else 0.3)
            tried = _folded(places + size * chance.normal(size=places.shape) @ factor.T)
            there = problem.likelihood(tried)
            taken = np.log(chance.random(particles)) < heat * (there - likelihood)
            places = np.where(taken[:, None], tried, places)
            likelihood = np.where(taken, there, likelihood)
    return np.asarray(places)


def _next_step(likelihood: Floats, left: float) -> float:
    """Return how far the particles can go at once: half of them have to stay effective."""

    def effective(step: float) -> float:
        weight = np.exp(step * (likelihood - likelihood.max()))
        return float(weight.sum() ** 2 / (weight**2).sum() / weight.size)

    if effective(left) >= _ESS:
        return left
    low, high = 0.0, left
    for _ in range(40):
        middle = (low + high) / 2.0
        low, high = (middle, high) if effective(middle) >= _ESS else (low, middle)
    return max(low, 1e-9)


def _folded(places: Floats) -> Floats:
    """Fold places beyond the ends of the ranges back into them."""
    within = np.abs(places) % 2.0
    return np.where(within > 1.0, 2.0 - within, within)


@dataclass(frozen=True)
class Trust:
    """What comes out where the truth is known.

    Attributes
    ----------
    ranks : int64[n_truths, n_parameters], of the truth among the draws; even if all is well
    covered : float64[n_parameters], share of truths inside the 90% interval
    narrower : float64[n_parameters], mean spread of the posterior over that of the prior
    """

    ranks: NDArray[np.int64]
    covered: Floats
    narrower: Floats


def trust(problem: Problem, truths: int, parameters: int, draws: int, seed: int) -> Trust:
    """Calibrate to figures of truths that are known.

    Parameters
    ----------
    problem : Problem
        Whose emulator and errors are used.
    truths : number of truths, drawn from the prior
    parameters : number of parameters
    draws : draws of each posterior
    seed : seed of the draws

    Returns
    -------
    Trust
    """
    chance = np.random.Generator(np.random.Philox(seed))
    places = chance.random((truths, parameters))
    noise = chance.normal(size=(truths, problem.published.size)) * np.sqrt(problem.total)
    figures = problem.emulator.at(places) + noise
    ranks = np.empty((truths, parameters), np.int64)
    inside = np.empty((truths, parameters), np.bool_)
    spread = np.empty((truths, parameters))
    for number in range(truths):
        own = Problem(problem.emulator, figures[number], problem.variance)
        found = posterior(own, draws, parameters, seed + 1 + number)
        ranks[number] = (found < places[number]).sum(axis=0)
        low, high = np.percentile(found, _INTERVAL, axis=0)
        inside[number] = (low <= places[number]) & (places[number] <= high)
        spread[number] = found.std(axis=0)
    even = 1.0 / np.sqrt(12.0)
    return Trust(ranks, inside.mean(axis=0), spread.mean(axis=0) / even)
