"""How far worlds lie apart in what a package does: a surface of its own, zero without a lever.

The variance of a change is a sum of squares of the levers' curves and of the curves themselves (few
households that cross a line by chance), none of them negative, fitted by the likelihood of a gamma
distribution, so that small packages count as much as large ones. The shape of the distribution
around the mean is that of the standardised residuals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.emulator.question import NAMES

__all__ = [
    "BAND",
    "STEPS",
    "Band",
    "covered",
    "crossed",
    "deviations",
    "fitted_spread",
    "spread_terms",
]

Floats = NDArray[np.float64]

BAND: Final = (0.1, 0.5, 0.9)
"""Parts of the worlds below the low, the middle and the high figure."""
HELD: Final = (0.075, 0.5, 0.925)
"""The same for changes of worlds that nobody has lived: a little farther out, as the ends of a
band that is told from some 40 worlds lie too near by one part in 41 (conformal prediction)."""
STEPS: Final = 41
"""Points at which the distribution over worlds is kept."""
_ROUNDS: Final = 60
_TURNS: Final = 3
_SMALLEST: Final = 1e-100
_QUIETEST: Final = 1e-8
"""Least variance of a row against the mean one."""
_MONEY: Final = (NAMES.index("apbd_poverty_share"), NAMES.index("apbn_poverty_share"))


def spread_terms(curves: Floats) -> Floats:
    """Return the parts of a variance.

    Parameters
    ----------
    curves : float64[n, n_curves], pure numbers, heights of the curves

    Returns
    -------
    float64[n, 2 n_levers + 1], pure numbers, not negative
        Squares of the first curves, the first curves, and the product of those of money.
    """
    first = np.abs(curves[:, : len(NAMES)])
    both = first[:, _MONEY[0]] * first[:, _MONEY[1]]
    return np.concatenate([first**2, first, both[:, None]], axis=1)


def fitted_spread(parts: Floats, squares: Floats, floor: float = 0.0) -> Floats:
    """Return the weight of each part of the variance.

    Parameters
    ----------
    parts : float64[n, n_parts], pure numbers, see `spread_terms`
    squares : float64[n], squared residuals
    floor : float, likewise, below which nobody can tell variances apart

    Returns
    -------
    float64[n_parts], pure numbers, not negative
    """
    if not squares.any():
        return np.zeros(parts.shape[1])
    least = max(_QUIETEST * float(squares.mean()), _SMALLEST)
    squares, floor = np.maximum(squares, least), max(floor, least)
    size = parts.mean(axis=0)
    used = size > 0.0
    found = np.zeros(parts.shape[1])
    found[used] = squares.mean() / (used.sum() * size[used])
    for _ in range(_ROUNDS):
        # Each step lowers the divergence (Févotte, Bertin and Durrieu 2009), whatever the start.
        variance = parts @ found + floor
        up, down = parts.T @ (squares / variance**2), parts.T @ (1.0 / variance)
        found[used] *= np.sqrt(up[used] / down[used])
    return np.asarray(found)


@dataclass(frozen=True)
class Band:
    """How far worlds lie apart in one outcome; columns are places and years, the whole first.

    Attributes
    ----------
    parts : float64[2, n_parts], pure numbers
        Weights of the parts of the variance, of the whole region and of provinces: chance matters
        more where there are fewer households.
    column : float64[n_columns], unit of the residuals, standard deviation where the parts add to 1
    steps : float64[2, STEPS], standard deviations, quantiles of what worlds do, likewise
    least : float64[n_columns], unit of the residuals, what nobody can see
    years : int
        Columns of a place.
    """

    parts: Floats
    column: Floats
    steps: Floats
    least: Floats
    years: int

    @classmethod
    def of(
        cls,
        parts_of: Floats,
        left_over: Floats,
        fold: NDArray[np.int64],
        least: Floats,
        years: int,
    ) -> Band:
        """Find it from residuals.

        Parameters
        ----------
        parts_of : float64[n, n_parts], pure numbers, see `spread_terms`
        left_over : float64[n, n_columns], any unit, residuals
        fold : int64[n], index, fold of each row
        least : float64[n_columns], the unit of residuals, what nobody can see
        years : int
            Columns of a place.

        Returns
        -------
        Band
            Quantiles are those of residuals whose standard deviation is told from other folds, as
            it will be of worlds that nobody has lived; only what can be seen counts.
        """
        known, seen = crossed(parts_of, left_over, fold, least, years)
        steps = np.zeros((2, STEPS))
        for number, group in enumerate(_groups(least.size, years)):
            if (seen & group).any():
                steps[number] = np.quantile(known[seen & group], np.linspace(0.0, 1.0, STEPS))
        parts, column = _sizes(parts_of, left_over, least, years)
        return cls(parts, column, steps, least, years)

    def deviation(self, parts_of: Floats) -> Floats:
        """Return standard deviations.

        Parameters
        ----------
        parts_of : float64[n, n_parts], pure numbers, see `spread_terms`

        Returns
        -------
        float64[n, n_columns], unit of the residuals
        """
        return deviations(parts_of, self.parts, self.column, self.years)

    def standard(self, parts_of: Floats, left_over: Floats) -> Floats:
        """Return residuals in standard deviations.

        Parameters
        ----------
        parts_of : float64[n, n_parts], pure numbers, see `spread_terms`
        left_over : float64[n, n_columns], any unit, residuals

        Returns
        -------
        float64[n, n_columns], standard deviations
            0 where nothing can move.
        """
        return _ratio(left_over, self.deviation(parts_of))


def crossed(
    parts_of: Floats, left_over: Floats, fold: NDArray[np.int64], least: Floats, years: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return residuals in standard deviations that are told from other folds.

    Parameters
    ----------
    parts_of : float64[n, n_parts], pure numbers, see `spread_terms`
    left_over : float64[n, n_columns], any unit, residuals
    fold : int64[n], index, fold of each row
    least : float64[n_columns], the unit of residuals, what nobody can see
    years : int
        Columns of a place.

    Returns
    -------
    tuple of float64[n, n_columns], standard deviations, and bool[n, n_columns], flag
        The residuals, and whether they or their band are large enough to be seen.
    """
    known, seen = np.zeros_like(left_over), np.zeros(left_over.shape, bool)
    for number in np.unique(fold):
        out = fold == number
        parts, column = _sizes(parts_of[~out], left_over[~out], least, years)
        wide, rest = deviations(parts_of[out], parts, column, years), left_over[out]
        # What is hardly expected to move must not decide on the shape of the distribution.
        known[out] = _ratio(rest, np.maximum(wide, least))
        seen[out] = (wide > 0.0) & (np.maximum(wide, np.abs(rest)) >= least)
    return known, seen


def covered(known: Floats, seen: NDArray[np.bool_], fold: NDArray[np.int64], years: int) -> Floats:
    """Return how often a band that is made from other folds holds what it should.

    Parameters
    ----------
    known : float64[n, n_columns], standard deviations, see `crossed`
    seen : bool[n, n_columns], flag, see `crossed`
    fold : int64[n], index, fold of each row
    years : int
        Columns of a place.

    Returns
    -------
    float64[n_seen], 1 where the band of 80 percent holds it and 0 where not, last years only
    """
    last = np.arange(known.shape[1]) % years == years - 1
    inside = [np.zeros(0)]
    for group in _groups(known.shape[1], years):
        for number in np.unique(fold):
            out = (fold == number)[:, None]
            others, own = known[seen & group & ~out], known[seen & group & last & out]
            if others.size:
                low, high = np.quantile(others, [HELD[0], HELD[2]])
                inside.append(((own >= low) & (own <= high)).astype(float))
    return np.concatenate(inside)


def _sizes(parts_of: Floats, left_over: Floats, least: Floats, years: int) -> tuple[Floats, Floats]:
    """Return the weights of the parts of a variance, and the size of each column.

    The two are found by turns, so that a place where little happens counts like any other.
    """
    column = np.sqrt((left_over**2).mean(axis=0))
    parts = np.zeros((2, parts_of.shape[1]))
    for number, group in enumerate(_groups(column.size, years)):
        moved = group & (column > 0.0)
        if not moved.any():
            continue
        own = left_over[:, moved]
        for _ in range(_TURNS):
            size = column[moved]
            floor = float(((least[moved] / size) ** 2).mean())
            parts[number] = fitted_spread(parts_of, ((own / size) ** 2).mean(axis=1), floor)
            variance = np.maximum(parts_of @ parts[number], floor)
            column[moved] = np.sqrt((own**2 / variance[:, None]).mean(axis=0))
    return parts, column


def _ratio(rest: Floats, wide: Floats) -> Floats:
    """Return a ratio, 0 where there is nothing to compare with."""
    return np.divide(rest, wide, out=np.zeros_like(rest), where=wide > 0.0)


def _groups(columns: int, years: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the columns of the whole region, and those of provinces: bool[n_columns], flag."""
    whole = np.arange(columns) < years
    return whole, ~whole


def deviations(parts_of: Floats, parts: Floats, column: Floats, years: int) -> Floats:
    """Return standard deviations.

    Parameters
    ----------
    parts_of : float64[n, n_parts], pure numbers, see `spread_terms`
    parts : float64[2, n_parts], pure numbers, weights of the whole region and of provinces
    column : float64[n_columns], any unit, where the parts add to 1
    years : int
        Columns of a place.

    Returns
    -------
    float64[n, n_columns], the unit of `column`
    """
    both = np.sqrt(parts_of @ parts.T)
    return np.asarray(both[:, np.where(_groups(column.size, years)[0], 0, 1)] * column)
