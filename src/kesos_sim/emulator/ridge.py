"""Fitting the surface: terms of packages, and how worlds differ in what the same package does.

What a package does differs from world to world mostly because parameters differ (how much of a
rupiah is consumed, how well lists are shared). Each term's weight is therefore fitted together
with what each parameter of the world does to it; the surface keeps the weight in the middle of all
ranges. Without this part the weights would carry the luck of which world drew which package.

The fit is Bayesian ridge regression in its dual form: a row and a row are alike as far as their
terms are, and so far as their terms and their worlds are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["GRID", "Alike", "Strength", "chosen_strength", "crossed", "folds", "weights"]

Floats = NDArray[np.float64]

FOLDS: Final = 8
_SMALLEST: Final = 1e-12


@dataclass(frozen=True)
class Strength:
    """How strongly the fit holds back.

    Attributes
    ----------
    noise : float
        Variance of a row beside its terms, against that of its terms.
    pairs : float
        Variance of the weight of a product, against that of a curve.
    worlds : float
        Variance of what a world does to a weight, against that of the weight.
    """

    noise: float
    pairs: float
    worlds: float


GRID: Final = tuple(
    Strength(noise, pairs, worlds)
    for pairs in (0.02, 0.2)
    for worlds in (0.3, 1.0)
    for noise in (1e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0)
)
"""Strengths that cross-validation chooses from."""


@dataclass(frozen=True)
class Alike:
    """How alike rows are.

    Attributes
    ----------
    curves : float64[n, n_curves], pure numbers
    products : float64[n, n_pairs], pure numbers
    worlds : float64[n, n_parameters], pure numbers, see `table.world_places`
    """

    curves: Floats
    products: Floats
    worlds: Floats

    def common(self, rows: Alike, strength: Strength) -> Floats:
        """Return how alike rows are as packages: float64[n, n_rows], pure numbers."""
        return np.asarray(
            self.curves @ rows.curves.T + strength.pairs * (self.products @ rows.products.T)
        )

    def own(self, rows: Alike, strength: Strength) -> Floats:
        """Return how alike rows are as packages in their worlds: float64[n, n_rows]."""
        worlds = self.worlds @ rows.worlds.T / max(self.worlds.shape[1], 1)
        return np.asarray(strength.worlds * worlds * (self.curves @ rows.curves.T))

    def of(self, chosen: NDArray[np.bool_]) -> Alike:
        """Return some of the rows."""
        return Alike(self.curves[chosen], self.products[chosen], self.worlds[chosen])


def folds(world: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the fold of each row: int64[n], index; rows of one world share theirs."""
    return np.asarray((world - 1) % FOLDS)


def _dual(alike: Alike, figures: Floats, spread: Floats, strength: Strength) -> Floats:
    """Solve the fit: float64[n, n_figures], weights of rows."""
    whole = alike.common(alike, strength) + alike.own(alike, strength)
    scale = max(float(np.trace(whole)) / max(len(whole), 1), _SMALLEST)
    noise = strength.noise * scale * spread**2
    return np.asarray(np.linalg.solve(whole + np.diag(noise), figures))


def weights(alike: Alike, figures: Floats, spread: Floats, strength: Strength) -> Floats:
    """Return the weights of the terms in the middle of the worlds.

    Parameters
    ----------
    alike : Alike
        The rows.
    figures : float64[n, n_figures], any unit
    spread : float64[n], pure numbers, standard deviation of each row against the mean one
    strength : Strength
        How strongly to hold back.

    Returns
    -------
    float64[n_terms, n_figures], unit of each figure
    """
    dual = _dual(alike, figures, spread, strength)
    return np.concatenate(
        [alike.curves.T @ dual, strength.pairs * (alike.products.T @ dual)], axis=0
    )


def crossed(
    alike: Alike, figures: Floats, spread: Floats, fold: NDArray[np.int64], strength: Strength
) -> tuple[Floats, Floats]:
    """Predict every row from the worlds of the other folds.

    Parameters
    ----------
    alike : Alike
        The rows.
    figures : float64[n, n_figures], any unit
    spread : float64[n], pure numbers
    fold : int64[n], index
    strength : Strength
        How strongly to hold back.

    Returns
    -------
    tuple of float64[n, n_figures]
        In the middle of the worlds, and in the row's own world, unit of each figure.
    """
    middle, own = np.zeros((2, *figures.shape))
    for number in np.unique(fold):
        out = fold == number
        rows, others = alike.of(out), alike.of(~out)
        dual = _dual(others, figures[~out], spread[~out], strength)
        middle[out] = rows.common(others, strength) @ dual
        own[out] = middle[out] + rows.own(others, strength) @ dual
    return middle, own


def chosen_strength(
    alike: Alike, figures: Floats, spread: Floats, fold: NDArray[np.int64]
) -> Strength:
    """Return the strength with which rows are predicted best from other worlds.

    Parameters
    ----------
    alike : Alike
        The rows.
    figures : float64[n, n_figures], pure numbers, standardised
    spread : float64[n], pure numbers
    fold : int64[n], index

    Returns
    -------
    Strength
        One of `GRID`.
    """

    def error(strength: Strength) -> float:
        _, own = crossed(alike, figures, spread, fold, strength)
        return float((((figures - own) / spread[:, None]) ** 2).mean())

    return min(GRID, key=error)
