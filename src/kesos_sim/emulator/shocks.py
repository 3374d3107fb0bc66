"""What a shock does to the baseline, and how it changes what a package does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.emulator.fitting import BAND, Fit
from kesos_sim.emulator.question import NAMES
from kesos_sim.emulator.ridge import FOLDS
from kesos_sim.emulator.table import Changes

__all__ = ["Shocked", "fit_shock", "level_bands", "shifts"]

Floats = NDArray[np.float64]

_HOLD_BACK: Final = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, np.inf)
_RANK: Final = 2
_LEAST: Final = 0.02
_WIDER: Final = (0.5, 3.0)
"""How far a shock may narrow or widen a band: few worlds see each of them."""


@dataclass(frozen=True)
class Shocked:
    """How a shock changes what packages do to one outcome.

    Attributes
    ----------
    left : float64[n_levers, rank], pure numbers
    right : float64[rank, n_columns], pure numbers
        Their product, in the scale of the outcome's fit, is added to the weights of first curves.
    wider : float
        How much farther worlds lie apart than without the shock, ratio.
    """

    left: Floats
    right: Floats
    wider: float


def fit_shock(
    usual: Changes, struck: Changes, figures: Floats, others: Floats, fit: Fit
) -> Shocked:
    """Fit what a shock does to the change of one outcome.

    Parameters
    ----------
    usual, struck : Changes
        The packages without and with the shock.
    figures, others : float64[n, n_columns], unit of the outcome
        Their changes.
    fit : Fit
        The surface without the shock.

    Returns
    -------
    Shocked
        The same package in the same world is compared with and without the shock, so that what
        worlds do cancels out. Where held-out worlds are told no better by it, it is zero.
    """
    row = {(life.world, life.levers): place for place, life in enumerate(usual.lives)}
    both = [
        (place, row[life.world, life.levers])
        for place, life in enumerate(struck.lives)
        if (life.world, life.levers) in row
    ]
    levers, columns = len(NAMES), figures.shape[1]
    nothing = Shocked(np.zeros((levers, 1)), np.zeros((1, columns)), 1.0)
    if not both or not fit.scale.any():
        return nothing
    own, without = np.array(both).T
    sized = fit.scale > 0.0
    more = np.zeros((len(both), columns))
    more[:, sized] = (others[own] - figures[without])[:, sized] / fit.scale[sized]
    first = struck.terms[own][:, :levers]
    size = np.maximum(np.sqrt((first**2).sum(axis=1)), _LEAST)
    strength = _best(first / size[:, None], more / size[:, None], struck.world[own])
    weight = _solved(first / size[:, None], more / size[:, None], strength)
    _, _, patterns = np.linalg.svd(first @ weight, full_matrices=False)
    right = patterns[:_RANK]
    left = weight @ right.T
    shocked = others[own] - first @ left @ right * fit.scale
    plain = _size(figures[without], struck.terms[own], fit)
    wide = _size(shocked, struck.terms[own], fit)
    return Shocked(left, right, float(np.clip(wide / plain, *_WIDER)) if plain > 0.0 else 1.0)


def _best(first: Floats, more: Floats, world: NDArray[np.int64]) -> float:
    """Return how strongly to hold back, by worlds left out; infinite for not at all."""
    fold = (world - 1) % FOLDS

    def error(strength: float) -> float:
        total = 0.0
        for number in np.unique(fold):
            out = fold == number
            weight = _solved(first[~out], more[~out], strength)
            total += float(((more[out] - first[out] @ weight) ** 2).sum())
        return total

    return min(reversed(_HOLD_BACK), key=error)


def _solved(first: Floats, more: Floats, strength: float) -> Floats:
    """Return ridge weights: float64[n_levers, n_columns], pure numbers."""
    if np.isinf(strength):
        return np.zeros((first.shape[1], more.shape[1]))
    inner = first.T @ first
    scale = max(float(np.trace(inner)) / len(inner), np.finfo(float).tiny)
    return np.asarray(
        np.linalg.solve(inner + strength * scale * np.eye(len(inner)), first.T @ more)
    )


def _size(figures: Floats, terms: Floats, fit: Fit) -> float:
    """Return the root mean square of residuals in standard deviations."""
    deviation = fit.deviation(terms)  # only first curves count, which come first
    some = deviation > 0.0
    rest = (figures - fit.mean(terms))[some] / deviation[some]
    return float(np.sqrt((rest**2).mean())) if rest.size else 0.0


def level_bands(found: Mapping[int, Floats]) -> Floats:
    """Return the band of baselines over worlds.

    Parameters
    ----------
    found : mapping of int to float64[n_outcomes, n_places, n_years]
        Baselines by world.

    Returns
    -------
    float64[n_outcomes, n_places, 3, n_years], unit of each outcome
        Low, middle and high; 0 where no world has a value.
    """
    stacked = np.stack(list(found.values()))
    band = np.nanquantile(np.where(np.isnan(stacked).all(axis=0), 0.0, stacked), BAND, axis=0)
    return np.asarray(np.moveaxis(band, 0, 2))


def shifts(usual: Mapping[int, Floats], struck: Mapping[int, Floats]) -> Floats:
    """Return what a shock does to the band of baselines, by the worlds that know both.

    Parameters
    ----------
    usual, struck : mapping of int to float64[n_outcomes, n_places, n_years]
        Baselines by world without and with the shock.

    Returns
    -------
    float64[n_outcomes, n_places, 3, n_years], unit of each outcome
    """
    worlds = [world for world in struck if world in usual]
    if not worlds:
        one = next(iter(usual.values()))
        return np.zeros((*one.shape[:2], len(BAND), one.shape[2]))
    before = level_bands({world: usual[world] for world in worlds})
    after = level_bands({world: struck[world] for world in worlds})
    return np.asarray(after - before)
