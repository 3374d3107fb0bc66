"""The fit of one outcome: mean change, how far worlds lie apart, and how wrong both are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.emulator.evidence import Rows, folds, found_relevance, predicted, weights
from kesos_sim.emulator.question import Life
from kesos_sim.emulator.spread import Band, covered, crossed, deviations, spread_terms
from kesos_sim.emulator.table import Changes, world_places

__all__ = [
    "VISIBLE",
    "Errors",
    "Fit",
    "Prediction",
    "fit_pair",
    "predicted_pair",
    "reduced",
    "rows_of",
    "twins",
]

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

_RANK: Final = 8
_LEFT_OUT: Final = 1e-4
"""Part of the variance of the fitted changes that places and years together may lose."""
VISIBLE: Final = 2e-4
"""Changes against the usual one below which nobody looks."""


@dataclass(frozen=True)
class Errors:
    """How wrong the fit is about worlds that it has not seen, in the last year.

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
    places : tuple of float
        The mean absolute error by place, the whole region first.
    """

    mae: float
    worst: float
    r2: float
    coverage: float
    places: tuple[float, ...]


@dataclass(frozen=True)
class Fit:
    """The surface of one outcome.

    Attributes
    ----------
    left : float64[n_terms, rank], pure numbers
    right : float64[rank, n_columns], pure numbers
        Their product are the weights of the terms in each place and year, in `scale`.
    scale : float64[n_columns], unit of the outcome
    parts : float64[2, n_parts], pure numbers, of the whole region and of provinces, see
        `spread.spread_terms`; chance matters more where there are fewer households
    spread : float64[n_columns], unit of the outcome, standard deviation where the parts add to 1
    steps : float64[2, STEPS], standard deviations, quantiles of what worlds do, likewise
    errors : Errors
        How wrong it is.
    standard : float64[n, n_columns], standard deviations, residuals of the rows
    years : int
        Columns of a place.
    """

    left: Floats
    right: Floats
    scale: Floats
    parts: Floats
    spread: Floats
    steps: Floats
    errors: Errors
    standard: Floats
    years: int

    def mean(self, terms: Floats) -> Floats:
        """Return mean changes.

        Parameters
        ----------
        terms : float64[n, n_terms], pure numbers

        Returns
        -------
        float64[n, n_columns], unit of the outcome
        """
        return np.asarray(terms @ self.left @ self.right * self.scale)

    def deviation(self, terms: Floats) -> Floats:
        """Return standard deviations over worlds.

        Parameters
        ----------
        terms : float64[n, n_terms], pure numbers

        Returns
        -------
        float64[n, n_columns], unit of the outcome
        """
        return deviations(spread_terms(terms), self.parts, self.spread, self.years)


@dataclass(frozen=True)
class Prediction:
    """Changes of rows, told from worlds of other folds.

    Attributes
    ----------
    weight : float64[n_terms, n_columns], of the terms, from all rows
    middle : float64[n, n_columns], in the middle of the worlds
    own : float64[n, n_columns], in the world of the row
    """

    weight: Floats
    middle: Floats
    own: Floats

    @classmethod
    def of(
        cls, rows: Rows, figures: Floats, world: Numbers, asked: Rows, of: Numbers
    ) -> Prediction:
        """Fit rows, and predict others whose worlds are left out in turn.

        Parameters
        ----------
        rows : Rows
            The packages that are fitted.
        figures : float64[n, n_columns], standardised
        world : int64[n], number of the world
        asked : Rows
            The packages that are predicted.
        of : int64[n_asked], number of the world

        Returns
        -------
        Prediction
        """
        relevance = found_relevance(rows, figures)
        middle, own = np.zeros((2, len(of), figures.shape[1]))
        for number in np.unique(folds(of)):
            out, rest = folds(of) == number, folds(world) != number
            middle[out], own[out] = predicted(
                relevance, rows.of(rest), figures[rest], asked.of(out)
            )
        return cls(weights(relevance, rows, figures), middle, own)


def rows_of(changes: Changes, curves: int) -> Rows:
    """Return what is known of packages before they are lived.

    Parameters
    ----------
    changes : Changes
        The packages.
    curves : int
        Number of curves among the terms.

    Returns
    -------
    Rows
    """
    places, noisy = world_places(changes.world), spread_terms(changes.terms)
    return Rows(changes.terms, places, changes.world, noisy, curves)


def twins(some: Sequence[Life], others: Sequence[Life]) -> tuple[Numbers, Numbers]:
    """Return the lives that have a twin: the same package in the same world.

    Parameters
    ----------
    some, others : sequence of Life
        Lives of two kinds.

    Returns
    -------
    tuple of int64[n], index
        Places in `some` and of their twins in `others`.
    """
    row = {(life.world, life.levers): place for place, life in enumerate(others)}
    both = [
        (place, row[life.world, life.levers])
        for place, life in enumerate(some)
        if (life.world, life.levers) in row
    ]
    own, twin = np.array(both, np.int64).reshape(-1, 2).T
    return own, twin


def fit_pair(
    usual: Changes,
    idle: Changes,
    figures: Floats,
    others: Floats,
    curves: int,
    years: int,
    visible: float,
) -> tuple[Fit, Fit]:
    """Fit one outcome, with the effect of coordination and without it.

    Parameters
    ----------
    usual, idle : Changes
        Packages with and without the effect; those without are in `usual` too.
    figures, others : float64[n, n_columns], unit of the outcome
        Their changes by place and year.
    curves : int
        Number of curves among the terms.
    years : int
        Years of a place; the first place is the whole region.
    visible : float
        Smallest change that anybody can see, unit of the outcome.

    Returns
    -------
    tuple of Fit
        What coordination adds is fitted by the same packages in the same worlds with and without
        it, in which nearly all else cancels out, and taken away from the fit with it.
    """
    scale = np.sqrt((figures**2).mean(axis=0))
    moved = scale > 0.0

    def standard(table: Floats) -> Floats:
        return np.asarray(np.divide(table, scale, out=np.zeros_like(table), where=moved))

    least = np.maximum(visible, VISIBLE * scale)
    first, second = predicted_pair(usual, idle, standard(figures), standard(others), curves)
    return (
        _completed(usual, standard(figures), first, scale, least, years),
        _completed(idle, standard(others), second, scale, least, years),
    )


def predicted_pair(
    usual: Changes, idle: Changes, figures: Floats, others: Floats, curves: int
) -> tuple[Prediction, Prediction]:
    """Predict packages with the effect of coordination and without it, as `fit_pair` does.

    Parameters
    ----------
    usual, idle : Changes
        Packages with and without the effect.
    figures, others : float64[n, n_columns], standardised
        Their changes.
    curves : int
        Number of curves among the terms.

    Returns
    -------
    tuple of Prediction
    """
    rows, alike = rows_of(usual, curves), rows_of(idle, curves)
    first = Prediction.of(rows, figures, usual.world, rows, usual.world)
    own, twin = twins(idle.lives, usual.lives)
    extra = Prediction.of(alike, figures[twin] - others[own], idle.world, alike, idle.world)
    return first, Prediction(
        first.weight - extra.weight,
        first.middle[twin] - extra.middle,
        first.own[twin] - extra.own,
    )


def _completed(
    changes: Changes,
    standard: Floats,
    told: Prediction,
    scale: Floats,
    visible: Floats,
    years: int,
) -> Fit:
    """Add to a mean how far worlds lie apart, and how wrong it is."""
    left_over = standard - told.middle
    least = np.divide(visible, scale, out=np.zeros_like(scale), where=scale > 0.0)
    band = Band.of(spread_terms(changes.terms), left_over, folds(changes.world), least, years)
    left, right = reduced(changes.terms, told.weight)
    return Fit(
        left=left,
        right=right,
        scale=scale,
        parts=band.parts,
        spread=band.column * scale,
        steps=band.steps,
        errors=_errors(standard, told.own, left_over, changes, scale, least, years),
        standard=band.standard(spread_terms(changes.terms), left_over),
        years=years,
    )


def reduced(terms: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Write weights as few patterns over places and years: what is left out hardly moves anything.

    Parameters
    ----------
    terms : float64[n, n_terms], pure numbers, packages whose changes shall stay what they are
    weight : float64[n_terms, n_columns], pure numbers

    Returns
    -------
    tuple of float64[n_terms, rank] and float64[rank, n_columns], pure numbers
    """
    _, sizes, patterns = np.linalg.svd(terms @ weight, full_matrices=False)
    shares = np.cumsum(sizes**2) / max(float((sizes**2).sum()), np.finfo(float).tiny)
    rank = min(_RANK, int(np.searchsorted(shares, 1.0 - _LEFT_OUT)) + 1)
    right = patterns[:rank]
    return weight @ right.T, right


def _errors(
    standard: Floats,
    own: Floats,
    left_over: Floats,
    changes: Changes,
    scale: Floats,
    least: Floats,
    years: int,
) -> Errors:
    """Return how wrong the fit is; the band of a fold is made from the other folds."""
    parts_of, fold = spread_terms(changes.terms), folds(changes.world)
    last = np.arange(scale.size) % years == years - 1
    figures, error = (standard * scale)[:, last], (np.abs(standard - own) * scale)[:, last]
    total = ((figures - figures.mean(axis=0)) ** 2).sum()
    known, seen = crossed(parts_of, left_over, fold, least, years)
    inside = covered(known, seen, fold, years)
    return Errors(
        mae=float(error.mean()),
        worst=float(error[:, 0].max()),
        r2=1.0 - float((error**2).sum() / total) if total > 0.0 else 1.0,
        coverage=float(inside.mean()) if inside.size else 1.0,
        places=tuple(error.mean(axis=0).tolist()),
    )
