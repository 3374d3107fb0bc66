"""Indicators of complaints and of villages that deliberate."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.welfare import share

__all__ = ["CITIZEN_MEASURES", "citizen_indicators"]

CITIZEN_MEASURES: Final = ("complaints", "open", "resolved", "villages", "deliberating")
"""What is counted in each month and district: new complaints, those that are open before offices
handle some of them, those that they handle; villages, and those that hold a deliberation on the
list in a year."""


def citizen_indicators(counts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the indicators of complaints and deliberations.

    Parameters
    ----------
    counts : float64[n_months, n_measures, n_regions], counts in the order of `CITIZEN_MEASURES`

    Returns
    -------
    dict of float64[n_months, n_regions]
        ``complaints`` in complaints; ``complaints_resolved`` and ``villages_deliberating`` in
        percent, NaN where there is nothing to count.
    """
    of = dict(zip(CITIZEN_MEASURES, np.moveaxis(counts, 1, 0), strict=True))
    return {
        "complaints": of["complaints"],
        "complaints_resolved": share(of["resolved"], of["open"]),
        "villages_deliberating": share(of["deliberating"], of["villages"]),
    }
