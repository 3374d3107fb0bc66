"""Money of firms for social organisations: how matching moves it between districts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["matched"]


def matched(
    usual: NDArray[np.float64],
    handed: NDArray[np.float64],
    need: NDArray[np.int64],
    province: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the money of firms in each district when a part of it goes where people wait.

    Parameters
    ----------
    usual : float64[n_districts], rupiah per month, what firms give there in the long run
    handed : float64[n_districts], share of it, that firms hand to the coordinating body
    need : int64[n_districts], people in need whom nobody serves, where any organisation works
    province : int64[n_districts], index, province of each district

    Returns
    -------
    float64[n_districts], ratio, to the usual; the money of a province stays the same
    """
    pooled = handed * usual
    everybody = np.bincount(province, need)[province]
    pot = np.bincount(province, pooled)[province]
    # Without anybody in need the money stays where it was.
    got = np.where(everybody > 0, pot * need / np.maximum(everybody, 1), pooled)
    return np.divide(usual - pooled + got, usual, out=np.ones_like(usual), where=usual > 0.0)
