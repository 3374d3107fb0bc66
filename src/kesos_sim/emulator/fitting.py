"""The fit of one outcome: mean change, how far worlds lie apart, and how wrong both are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.emulator.ridge import GRID, Alike, Strength, chosen_strength, crossed, folds, weights
from kesos_sim.emulator.spread import fitted_spread, spread_terms
from kesos_sim.emulator.table import Changes, world_places

__all__ = ["BAND", "Errors", "Fit", "fit_outcome", "rows_of"]

Floats = NDArray[np.float64]

BAND: Final = (0.1, 0.5, 0.9)
"""Parts of the worlds below the low, the middle and the high figure."""
STEPS: Final = 41
"""Points at which the distribution over worlds is kept."""
_RANK: Final = 8
_LEFT_OUT: Final = 1e-4
"""Part of the variance of the fitted changes that places and years together may lose."""
_ROUNDS: Final = 4
_LEAST: Final = 0.002
"""Least standard deviation of a row in the fit: no package is taken as known without error."""


@dataclass(frozen=True)
class Errors:
    """How wrong the fit is about packages and worlds that it has not seen, in the last year.

    Attributes
    ----------
    mae : float
        Mean absolute error of a change whose world is known, all places, unit of the outcome.
    worst : float
        The largest of these errors in the whole region.
    r2 : float
        Part of the variance of the changes that is explained where the world is known.
    coverage : float
        Part of the changes that lie in the band of 80 percent, all places.
    """

    mae: float
    worst: float
    r2: float
    coverage: float


@dataclass(frozen=True)
class Fit:
    """The surface of one outcome.

    Attributes
    ----------
    left : float64[n_terms, rank], pure numbers
    right : float64[rank, n_columns], pure numbers
        Their product are the weights of the terms in each place and year, in `scale`.
    scale : float64[n_columns], unit of the outcome
    parts : float64[n_parts], pure numbers, see `spread.spread_terms`
    spread : float64[n_columns], unit of the outcome, standard deviation where the parts add to 1
    steps : float64[STEPS], standard deviations, quantiles of what worlds do
    strength : Strength
        How strongly the fit holds back.
    errors : Errors
        How wrong it is.
    standard : float64[n, n_columns], standard deviations, residuals of the rows
    """

    left: Floats
    right: Floats
    scale: Floats
    parts: Floats
    spread: Floats
    steps: Floats
    strength: Strength
    errors: Errors
    standard: Floats

    def mean(self, terms: Floats) -> Floats:
        """Return mean changes: float64[n, n_columns], unit of the outcome."""
        return np.asarray(terms @ self.left @ self.right * self.scale)

    def deviation(self, curves: Floats) -> Floats:
        """Return standard deviations over worlds: float64[n, n_columns], unit of the outcome."""
        return np.asarray(np.sqrt(spread_terms(curves) @ self.parts)[:, None] * self.spread)


def rows_of(changes: Changes, curves: int) -> Alike:
    """Return how alike packages and their worlds are.

    Parameters
    ----------
    changes : Changes
        The packages.
    curves : int
        Number of curves among the terms.

    Returns
    -------
    Alike
    """
    terms = changes.terms
    return Alike(terms[:, :curves], terms[:, curves:], world_places(changes.world))


def fit_outcome(
    changes: Changes, alike: Alike, figures: Floats, last: NDArray[np.bool_], whole: int
) -> Fit:
    """Fit one outcome.

    Parameters
    ----------
    changes : Changes
        The packages.
    alike : Alike
        How alike they are.
    figures : float64[n, n_columns], unit of the outcome, changes by place and year
    last : bool[n_columns], flag, columns of the last year
    whole : int
        Column of the whole region in the last year.

    Returns
    -------
    Fit
    """
    fold = folds(changes.world)
    if not figures.any():
        return _still(figures, changes.terms.shape[1], spread_terms(alike.curves).shape[1])
    scale = np.sqrt((figures**2).mean(axis=0))
    moved = scale > 0.0
    standard = np.divide(figures, scale, out=np.zeros_like(figures), where=moved)
    parts_of = spread_terms(alike.curves)
    spread = np.ones(len(figures))
    for _ in range(_ROUNDS):
        strength = chosen_strength(alike, standard[:, moved], spread, fold)
        middle, own = crossed(alike, standard, spread, fold, strength)
        left_over = standard - middle
        parts, column = _spread(parts_of, left_over)
        spread = np.maximum(np.sqrt(parts_of @ parts), _LEAST)
    left, right = _reduced(alike, weights(alike, standard, spread, strength))
    deviation = np.sqrt(parts_of @ parts)[:, None] * column
    return Fit(
        left=left,
        right=right,
        scale=scale,
        parts=parts,
        spread=column * scale,
        steps=_steps(left_over, deviation),
        strength=strength,
        errors=_errors(figures, own * scale, left_over, parts_of, fold, last, whole),
        standard=_standard(left_over, deviation),
    )


def _still(figures: Floats, terms: int, parts: int) -> Fit:
    """Return the surface of an outcome that no package moves."""
    columns = figures.shape[1]
    return Fit(
        left=np.zeros((terms, 1)),
        right=np.zeros((1, columns)),
        scale=np.zeros(columns),
        parts=np.zeros(parts),
        spread=np.zeros(columns),
        steps=np.zeros(STEPS),
        strength=GRID[0],
        errors=Errors(mae=0.0, worst=0.0, r2=1.0, coverage=1.0),
        standard=np.zeros_like(figures),
    )


def _spread(parts_of: Floats, left_over: Floats) -> tuple[Floats, Floats]:
    """Return the weights of the parts of a variance, and the size of each column.

    The two are found by turns, so that a place where little happens counts like any other.
    """
    column = np.sqrt((left_over**2).mean(axis=0))
    parts = np.ones(parts_of.shape[1])
    for _ in range(3):
        sized = column > 0.0
        squares = ((left_over[:, sized] / column[sized]) ** 2).mean(axis=1)
        parts = fitted_spread(parts_of, squares)
        variance = parts_of @ parts
        some = variance > 0.0
        column = np.sqrt((left_over[some] ** 2 / variance[some, None]).mean(axis=0))
    return parts, column


def _reduced(alike: Alike, weight: Floats) -> tuple[Floats, Floats]:
    """Write weights as few patterns over places and years: what is left out hardly moves anything.

    Parameters
    ----------
    alike : Alike
        The packages whose changes shall stay what they are.
    weight : float64[n_terms, n_columns], pure numbers

    Returns
    -------
    tuple of float64[n_terms, rank] and float64[rank, n_columns], pure numbers
    """
    changes = np.concatenate([alike.curves, alike.products], axis=1) @ weight
    _, sizes, patterns = np.linalg.svd(changes, full_matrices=False)
    shares = np.cumsum(sizes**2) / max(float((sizes**2).sum()), np.finfo(float).tiny)
    rank = min(_RANK, int(np.searchsorted(shares, 1.0 - _LEFT_OUT)) + 1)
    right = patterns[:rank]
    return weight @ right.T, right


def _standard(left_over: Floats, deviation: Floats) -> Floats:
    """Return residuals in standard deviations, 0 where nothing can move: float64[n, n_columns]."""
    return np.divide(left_over, deviation, out=np.zeros_like(left_over), where=deviation > 0.0)


def _steps(left_over: Floats, deviation: Floats) -> Floats:
    """Return quantiles of standardised residuals: float64[STEPS], standard deviations."""
    known = _standard(left_over, deviation)[deviation > 0.0]
    if not known.size:
        return np.zeros(STEPS)
    return np.asarray(np.quantile(known, np.linspace(0.0, 1.0, STEPS)))


def _errors(
    figures: Floats,
    own: Floats,
    left_over: Floats,
    parts_of: Floats,
    fold: NDArray[np.int64],
    last: NDArray[np.bool_],
    whole: int,
) -> Errors:
    """Return how wrong the fit is; the band of a fold is made from the other folds."""
    error = np.abs(figures - own)[:, last]
    total = ((figures - figures.mean(axis=0)) ** 2)[:, last].sum()
    inside = []
    for number in np.unique(fold):
        out = fold == number
        parts, column = _spread(parts_of[~out], left_over[~out])
        others = np.sqrt(parts_of[~out] @ parts)[:, None] * column
        steps = _steps(left_over[~out], others)
        low, high = (steps[round(part * (STEPS - 1))] for part in (BAND[0], BAND[2]))
        deviation = np.sqrt(parts_of[out] @ parts)[:, None] * column
        rest = left_over[out]
        # A figure that never moves is inside of a band without width.
        within = (rest >= low * deviation) & (rest <= high * deviation)
        inside.append(within[:, last & (column > 0.0)].ravel())
    covered = np.concatenate(inside)
    return Errors(
        mae=float(error.mean()),
        worst=float(np.abs(figures - own)[:, whole].max()),
        r2=1.0 - float((error**2).sum() / total) if total > 0.0 else 1.0,
        coverage=float(covered.mean()) if covered.size else 1.0,
    )
