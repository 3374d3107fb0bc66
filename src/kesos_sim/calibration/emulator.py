"""A response surface in the place of the model: what figures are at settings that nobody lived.

Each figure is a polynomial of the second order in the places that parameters have in their ranges
(Craig and others, 1997). Its error is that of predicting each life from all others, in which the
chance of a finite sample is contained.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

__all__ = ["Emulator", "terms"]

Floats = NDArray[np.float64]


def terms(places: Floats) -> Floats:
    """Return the terms of a polynomial of the second order.

    Parameters
    ----------
    places : float64[n, n_parameters], between 0 and 1

    Returns
    -------
    float64[n, n_terms], pure numbers
    """
    centred = 2.0 * places - 1.0
    columns = [np.ones(places.shape[0]), *centred.T]
    columns += [
        centred[:, i] * centred[:, j]
        for i, j in combinations_with_replacement(range(places.shape[1]), 2)
    ]
    return np.stack(columns, axis=1)


@dataclass(frozen=True)
class Emulator:
    """A response surface for several figures.

    Attributes
    ----------
    weight : float64[n_terms, n_figures], unit of each figure
    variance : float64[n_figures], unit squared, mean square error of predicting a life from others
    """

    weight: Floats
    variance: Floats

    @property
    def parameters(self) -> int:
        """Number of parameters: a polynomial of k of them has (k + 1)(k + 2) / 2 terms."""
        return int(np.sqrt(8 * self.weight.shape[0] + 1) - 3) // 2

    @classmethod
    def fit(cls, places: Floats, figures: Floats) -> Emulator:
        """Fit a response surface.

        Parameters
        ----------
        places : float64[n_lives, n_parameters], between 0 and 1
        figures : float64[n_lives, n_figures], any units

        Returns
        -------
        Emulator

        Raises
        ------
        ValueError
            If there are hardly more lives than terms.
        """
        known = terms(places)
        if known.shape[0] < known.shape[1] + 2:
            raise ValueError(f"{known.shape[1]} terms need more than {known.shape[0]} lives")
        basis, _ = np.linalg.qr(known)
        weight, *_ = np.linalg.lstsq(known, figures, rcond=None)
        # What is left of a life when it is predicted from the others, without fitting anew.
        leverage = (basis**2).sum(axis=1)
        left = (figures - known @ weight) / (1.0 - leverage)[:, None]
        return cls(weight.astype(np.float64), (left**2).mean(axis=0).astype(np.float64))

    def at(self, places: Floats) -> Floats:
        """Return figures at places.

        Parameters
        ----------
        places : float64[n, n_parameters], between 0 and 1

        Returns
        -------
        float64[n, n_figures], unit of each figure
        """
        return np.asarray(terms(places) @ self.weight)
