"""Fitting the surface: terms of packages, and how worlds differ in what the same package does.

What a package does differs from world to world mostly because parameters differ (how much of a
rupiah is consumed, how well lists are shared). The weight of each term is therefore fitted together
with what each parameter of the world does to the weight of each curve, and with what else is
peculiar to a world (its households); the surface keeps the weights in the middle of all ranges.
Without these parts the weights would carry the luck of which world drew which package.

How far each term, lever and parameter may matter, and how much noise a row has, is not chosen but
found by the likelihood of the data (relevance determination; MacKay 1992, Tipping 2001), so that a
lever that does nothing gets no weight while money that does much gets all of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.emulator.spread import fitted_spread

__all__ = ["FOLDS", "Relevance", "Rows", "folds", "found_relevance", "predicted", "weights"]

Floats = NDArray[np.float64]

FOLDS: Final = 8
_ROUNDS: Final = 24
_SMALLEST: Final = 1e-12
_QUIETEST: Final = 1e-7
"""Least variance of the noise of a row, against the mean square of the figures."""
_STEP: Final = 1e3
"""How far a variance may move in one round."""


@dataclass(frozen=True)
class Rows:
    """What is known of packages before they are lived.

    Attributes
    ----------
    terms : float64[n, n_terms], pure numbers, curves first
    worlds : float64[n, n_parameters], standard deviations, see `table.world_places`
    world : int64[n], number of the world
    noisy : float64[n, n_parts], pure numbers, see `spread.spread_terms`
    curves : int
        How many of the terms are curves, whose weights differ between worlds.
    """

    terms: Floats
    worlds: Floats
    world: NDArray[np.int64]
    noisy: Floats
    curves: int

    def of(self, chosen: NDArray[np.bool_]) -> Rows:
        """Return some of the rows.

        Parameters
        ----------
        chosen : bool[n], flag

        Returns
        -------
        Rows
        """
        return Rows(
            self.terms[chosen],
            self.worlds[chosen],
            self.world[chosen],
            self.noisy[chosen],
            self.curves,
        )


@dataclass(frozen=True)
class Relevance:
    """How far things matter: variances, in the square of the figures.

    Attributes
    ----------
    term : float64[n_terms], of the weight of each term
    lever : float64[n_curves], of what one standard deviation of a parameter does to a curve
    parameter : float64[n_parameters], of each parameter, against the mean one
    apart : float64[n_curves], of what else is peculiar to a world in the weight of each curve
    noise : float64[n_parts], of the noise of a row by its parts
    """

    term: Floats
    lever: Floats
    parameter: Floats
    apart: Floats
    noise: Floats

    def common(self, one: Rows, other: Rows) -> Floats:
        """Return how alike packages are.

        Parameters
        ----------
        one, other : Rows
            The packages.

        Returns
        -------
        float64[n, n_other], square of the figures
        """
        return np.asarray((one.terms * self.term) @ other.terms.T)

    def own(self, one: Rows, other: Rows) -> Floats:
        """Return how alike packages in their worlds are, beside what they have in common.

        Parameters
        ----------
        one, other : Rows
            The packages.

        Returns
        -------
        float64[n, n_other], square of the figures
        """
        worlds = (one.worlds * self.parameter) @ other.worlds.T
        first, second = one.terms[:, : one.curves], other.terms[:, : one.curves]
        same = one.world[:, None] == other.world
        return np.asarray(
            worlds * ((first * self.lever) @ second.T) + same * ((first * self.apart) @ second.T)
        )

    def variance(self, rows: Rows) -> Floats:
        """Return the variance of the noise.

        Parameters
        ----------
        rows : Rows
            The packages.

        Returns
        -------
        float64[n], square of the figures
        """
        return np.asarray(np.maximum(rows.noisy @ self.noise, _QUIETEST))


def folds(world: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the fold of each row.

    Parameters
    ----------
    world : int64[n], number of the world

    Returns
    -------
    int64[n], index of the fold
        Rows of one world share theirs.
    """
    return np.asarray((world - 1) % FOLDS)


def found_relevance(rows: Rows, figures: Floats) -> Relevance:
    """Return what matters how much, by the likelihood of the figures.

    Parameters
    ----------
    rows : Rows
        The packages.
    figures : float64[n, n_columns], standardised, their mean square 1 or so

    Returns
    -------
    Relevance
        The same for all columns, which differ in place and year only.
    """
    curves, parameters = rows.curves, rows.worlds.shape[1]
    noise = 0.1 * fitted_spread(rows.noisy, (figures**2).mean(axis=1))
    found = Relevance(
        term=np.full(rows.terms.shape[1], 0.1),
        lever=np.full(curves, 0.1 / max(parameters, 1)),
        parameter=np.ones(parameters),
        apart=np.full(curves, 0.01),
        noise=noise,
    )
    both = rows.terms[:, :curves, None] * rows.worlds[:, None, :]
    flat = both.reshape(len(both), -1)
    alone = (rows.world[:, None] == np.unique(rows.world)).astype(float)
    apart_of = (rows.terms[:, :curves, None] * alone[:, None, :]).reshape(len(both), -1)
    many = alone.shape[1]
    for _ in range(_ROUNDS):
        variance = found.variance(rows)
        inverse: Floats = np.linalg.inv(
            found.common(rows, rows) + found.own(rows, rows) + np.diag(variance)
        ).astype(np.float64)
        dual = inverse @ figures
        # Mean square of each weight, and how many of its kind the data determine.
        square = found.term**2 * _mean_square(rows.terms, dual)
        known = found.term * _quadratic(rows.terms, inverse)
        term = _moved(found.term, square, known)
        each = (found.lever[:, None] * found.parameter).ravel()
        square = (each**2 * _mean_square(flat, dual)).reshape(curves, parameters)
        known = (each * _quadratic(flat, inverse)).reshape(curves, parameters)
        lever = _moved(found.lever, (square / found.parameter).sum(axis=1), known.sum(axis=1))
        parameter = _moved(
            found.parameter,
            (square / np.maximum(lever, _SMALLEST)[:, None]).sum(axis=0),
            known.sum(axis=0),
        )
        size = max(float(parameter.mean()), _SMALLEST)
        each = np.repeat(found.apart, many)
        square = (each**2 * _mean_square(apart_of, dual)).reshape(curves, many).sum(axis=1)
        known = (each * _quadratic(apart_of, inverse)).reshape(curves, many).sum(axis=1)
        apart = _moved(found.apart, square, known)
        rest = (variance**2) * ((dual**2).mean(axis=1) - np.diag(inverse)) + variance
        noise = fitted_spread(rows.noisy, np.maximum(rest, _QUIETEST))
        parameter = np.maximum(parameter / size, _SMALLEST)
        found = Relevance(term, lever * size, parameter, apart, noise)
    return found


def _mean_square(columns: Floats, dual: Floats) -> Floats:
    """Return mean squares over figures of what columns have to do with them: float64[n]."""
    return np.asarray(((columns.T @ dual) ** 2).mean(axis=1))


def _quadratic(columns: Floats, inverse: Floats) -> Floats:
    """Return the quadratic form of each column: float64[n]."""
    return np.asarray(((inverse @ columns) * columns).sum(axis=0))


def _moved(before: Floats, square: Floats, known: Floats) -> Floats:
    """Return variances by how large weights are and how well they are known."""
    after = square / np.maximum(known, _SMALLEST)
    after = np.clip(after, before / _STEP, before * _STEP)
    return np.asarray(np.maximum(np.where(known > _SMALLEST, after, before), _SMALLEST))


def _dual(relevance: Relevance, rows: Rows, figures: Floats) -> Floats:
    """Return the weights of rows: float64[n, n_columns]."""
    alike = relevance.common(rows, rows) + relevance.own(rows, rows)
    return np.asarray(np.linalg.solve(alike + np.diag(relevance.variance(rows)), figures))


def weights(relevance: Relevance, rows: Rows, figures: Floats) -> Floats:
    """Return the weights of the terms in the middle of the worlds.

    Parameters
    ----------
    relevance : Relevance
        What matters.
    rows : Rows
        The packages.
    figures : float64[n, n_columns], standardised

    Returns
    -------
    float64[n_terms, n_columns], standardised
    """
    dual = _dual(relevance, rows, figures)
    return np.asarray(relevance.term[:, None] * (rows.terms.T @ dual))


def predicted(
    relevance: Relevance, rows: Rows, figures: Floats, asked: Rows
) -> tuple[Floats, Floats]:
    """Predict packages from others.

    Parameters
    ----------
    relevance : Relevance
        What matters.
    rows : Rows
        Packages that are known.
    figures : float64[n, n_columns], standardised
    asked : Rows
        Packages that are asked for.

    Returns
    -------
    tuple of float64[n_asked, n_columns], standardised figures
        In the middle of the worlds, and in each package's own world.
    """
    dual = _dual(relevance, rows, figures)
    middle = relevance.common(asked, rows) @ dual
    return np.asarray(middle), np.asarray(middle + relevance.own(asked, rows) @ dual)
