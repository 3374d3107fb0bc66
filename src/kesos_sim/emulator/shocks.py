"""What a shock does to the baseline, and how it changes what a package does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.emulator.evidence import Rows
from kesos_sim.emulator.fitting import Fit, Prediction, twins
from kesos_sim.emulator.question import NAMES
from kesos_sim.emulator.spread import BAND, spread_terms
from kesos_sim.emulator.table import Changes, world_places

__all__ = ["Shocked", "fit_shock", "level_bands", "shifts"]

Floats = NDArray[np.float64]

_RANK: Final = 2
_LEAST: Final = 1e-3
"""Least noise of a row against that of the largest packages."""
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
        worlds do cancels out. Where worlds that are left out are told no better by it, it is zero.
    """
    levers, columns = len(NAMES), figures.shape[1]
    own, without = twins(struck.lives, usual.lives)
    nothing = Shocked(np.zeros((levers, 1)), np.zeros((1, columns)), 1.0)
    if not own.size or not fit.scale.any():
        return nothing
    sized = fit.scale > 0.0
    more = np.zeros((own.size, columns))
    more[:, sized] = (others[own] - figures[without])[:, sized] / fit.scale[sized]
    first = struck.terms[own][:, :levers]
    plain = figures[without] - fit.mean(struck.terms[own])
    if not more.any():
        return nothing
    size = float(np.sqrt((more**2).mean()))
    world = struck.world[own]
    rows = Rows(first, world_places(world), world, spread_terms(struck.terms[own]), curves=levers)
    told = Prediction.of(rows, more / size, world, rows, world)
    noise = np.maximum(spread_terms(struck.terms[own]).sum(axis=1), _LEAST)[:, None]
    if ((more / size - told.middle) ** 2 / noise).sum() >= ((more / size) ** 2 / noise).sum():
        left, right = nothing.left, nothing.right
    else:
        _, _, patterns = np.linalg.svd(first @ told.weight, full_matrices=False)
        right = patterns[:_RANK]
        left = size * told.weight @ right.T
    # Large packages decide how far worlds lie apart; small ones have no band that could widen.
    shocked = plain + (more - first @ left @ right) * fit.scale
    wide, narrow = (_size(rest[:, sized] / fit.scale[sized]) for rest in (shocked, plain))
    return Shocked(left, right, float(np.clip(wide / narrow, *_WIDER)) if narrow > 0.0 else 1.0)


def _size(table: Floats) -> float:
    """Return a root mean square."""
    return float(np.sqrt((table**2).mean()))


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
