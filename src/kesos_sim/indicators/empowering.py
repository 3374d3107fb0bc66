"""Indicators of enterprises, of families that leave PKH with support, and of who gets what."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.welfare import share

__all__ = ["EMPOWERING_MEASURES", "empowering_indicators"]

EMPOWERING_MEASURES: Final = (
    "enterprises",
    "of_earners",
    "starters",
    "survivors",
    "graduates",
    "relapsed",
    "topup",
    "topup_unable",
    "pioneers",
)
"""What is counted in each month and district: households with a working enterprise, those of them
with an earner; households whose enterprise began two years before the last ranking, and those of
them where it works; families that left PKH with support, and those of them who are poor;
households with new cash or food, and those of them without an earner; families that were poor when
their enterprise began, or left PKH with support, and are not poor now."""


def empowering_indicators(counts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the indicators of empowerment.

    Parameters
    ----------
    counts : float64[n_months, n_measures, n_regions], counts in the order of `EMPOWERING_MEASURES`

    Returns
    -------
    dict of float64[n_months, n_regions]
        ``enterprises``, ``pkh_graduates`` and ``pioneer_families`` in households;
        ``enterprise_survival``,
        ``stimulus_to_earners``, ``graduate_relapse`` and ``topup_to_unable`` in percent, NaN where
        there is nobody to count.
    """
    of = dict(zip(EMPOWERING_MEASURES, np.moveaxis(counts, 1, 0), strict=True))
    return {
        "enterprises": of["enterprises"],
        "enterprise_survival": share(of["survivors"], of["starters"]),
        "stimulus_to_earners": share(of["of_earners"], of["enterprises"]),
        "pkh_graduates": of["graduates"],
        "graduate_relapse": share(of["relapsed"], of["graduates"]),
        "topup_to_unable": share(of["topup_unable"], of["topup"]),
        "pioneer_families": of["pioneers"],
    }
