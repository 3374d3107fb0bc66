"""Indicators of councils: how far they are won, and where bylaws hold."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.welfare import share

__all__ = ["POLITICAL_MEASURES", "political_indicators"]

POLITICAL_MEASURES: Final = (
    "people",
    "won",
    "covered_people",
    "covered",
    "months",
    "districts",
    "province_awake",
)
"""What is counted in each month and district: people, people times the support in the councils
over them, people under a bylaw; whether one holds and the months that it took; one for the
district, and whether the body of its province works."""


def political_indicators(counts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the indicators of councils.

    Parameters
    ----------
    counts : float64[n_months, n_measures, n_regions], counts in the order of `POLITICAL_MEASURES`

    Returns
    -------
    dict of float64[n_months, n_regions]
        ``political_support``, ``bylaw_coverage`` and ``province_bodies_active`` in percent,
        ``months_to_bylaw`` in months; NaN where there is nobody to count.
    """
    of = dict(zip(POLITICAL_MEASURES, np.moveaxis(counts, 1, 0), strict=True))
    return {
        "political_support": share(of["won"], of["people"]),
        "bylaw_coverage": share(of["covered_people"], of["people"]),
        "months_to_bylaw": share(of["months"], of["covered"]) / 100.0,
        "province_bodies_active": share(of["province_awake"], of["districts"]),
    }
