"""Indicators of disasters, of those they hit, and of the help they get."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.welfare import share

__all__ = ["HAZARD_MEASURES", "hazard_indicators"]

HAZARD_MEASURES: Final = (
    "affected",
    "needed",
    "helped",
    "days",
    "waiting",
    "aided",
    "stock",
    "target",
    "damaged",
    "unrepaired",
    "repaired",
    "lost",
    "recovered",
    "cash_families",
)
"""What is counted in each month and district: people affected, those who need first help, those
who get it, the days they waited together, those who still wait, those helped through other
provinces; parcels in store, and those that are to be there; houses damaged, still to be repaired,
repaired; losses of twelve months before, and what of them is recovered, in thousandths of a
person's log point; families to whom a rule gives cash."""


def hazard_indicators(counts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the indicators of disasters.

    Parameters
    ----------
    counts : float64[n_months, n_measures, n_regions], counts in the order of `HAZARD_MEASURES`

    Returns
    -------
    dict of float64[n_months, n_regions]
        ``disaster_affected``, ``disaster_waiting``, ``disaster_helped`` and ``aid_received`` in
        persons, ``days_to_aid`` in days, ``relief_stock`` and ``disaster_recovery`` in percent,
        ``houses_unrepaired`` in houses, ``emergency_cash_families`` in families; NaN where there is
        nobody to count.
    """
    of = dict(zip(HAZARD_MEASURES, np.moveaxis(counts, 1, 0), strict=True))
    return {
        "disaster_affected": of["affected"],
        "disaster_helped": of["helped"],
        "disaster_waiting": of["waiting"],
        "days_to_aid": 0.01 * share(of["days"], of["helped"]),
        "aid_received": of["aided"],
        "relief_stock": share(of["stock"], of["target"]),
        "houses_unrepaired": of["unrepaired"],
        "disaster_recovery": share(of["recovered"], of["lost"]),
        "emergency_cash_families": of["cash_families"],
    }
