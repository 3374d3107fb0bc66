"""How far worlds lie apart in what a package does: a surface of its own, zero without a lever.

The variance of a change is a sum of squares of the levers' curves and of the curves themselves (few
households that cross a line by chance), none of them negative, fitted by the likelihood of a gamma
distribution, so that small packages count as much as large ones. The shape of the distribution
around the mean is that of the standardised residuals.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from kesos_sim.emulator.question import NAMES

__all__ = ["MONEY_PAIR", "fitted_spread", "spread_terms"]

Floats = NDArray[np.float64]

_ROUNDS: Final = 12
_FLOOR: Final = 1e-3
"""Least standard deviation of a package against that of all packages together."""
MONEY_PAIR: Final = (NAMES.index("apbd_poverty_share"), NAMES.index("apbn_poverty_share"))


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
    both = first[:, MONEY_PAIR[0]] * first[:, MONEY_PAIR[1]]
    return np.concatenate([first**2, first, both[:, None]], axis=1)


def fitted_spread(parts: Floats, squares: Floats) -> Floats:
    """Return the weight of each part of the variance.

    Parameters
    ----------
    parts : float64[n, n_parts], pure numbers, see `spread_terms`
    squares : float64[n], squared residuals, their mean 1 or so

    Returns
    -------
    float64[n_parts], pure numbers, not negative
    """
    floor = _FLOOR**2 * max(float(squares.mean()), np.finfo(float).tiny)
    variance = np.maximum(squares.mean() * np.ones_like(squares), floor)
    found = np.zeros(parts.shape[1])
    for _ in range(_ROUNDS):
        found, _ = nnls(parts / variance[:, None], squares / variance)
        variance = np.maximum(parts @ found, floor)
    return np.asarray(found)
