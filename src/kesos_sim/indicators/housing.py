"""Indicators of houses."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.welfare import share

__all__ = ["HOUSING_MEASURES", "housing_indicators"]

HOUSING_MEASURES: Final = ("unfit", "repaired", "households")
"""What is counted in each month and district: households in an unfit house after the repairs of
the last January, houses repaired in it, and all households."""


def housing_indicators(counts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the indicators of houses.

    Parameters
    ----------
    counts : float64[n_months, n_measures, n_regions], counts in the order of `HOUSING_MEASURES`

    Returns
    -------
    dict of float64[n_months, n_regions]
        ``unfit_housing_rate`` in percent, ``houses_repaired`` in houses; NaN where nobody lives.
    """
    of = dict(zip(HOUSING_MEASURES, np.moveaxis(counts, 1, 0), strict=True))
    return {
        "unfit_housing_rate": share(of["unfit"], of["households"]),
        "houses_repaired": of["repaired"],
    }
