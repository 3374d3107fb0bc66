"""Indicators of the people and points that link households to help."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.welfare import share

__all__ = ["LINKING_MEASURES", "linking_indicators"]

LINKING_MEASURES: Final = (
    "arrived",
    "local",
    "gave_up",
    "counselled",
    "referred",
    "proposed",
    "refused",
    "days",
    "backlog",
    "families",
    "facilitators",
    "volunteers",
    "youth_groups",
)
"""What is counted in each month and district: new cases of the referral service, those settled at
the front office and those given up; cases decided, by outcome (family counselling, organisation,
programme, refusal); days that the decided had taken together; cases that wait; PKH families and
their facilitators; volunteers (PSM); youth groups (Karang Taruna) that are active."""

_HUNDREDTH: Final = 0.01


def linking_indicators(counts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the indicators of facilitators, volunteers and the referral service.

    Parameters
    ----------
    counts : float64[n_months, n_measures, n_regions], counts in the order of `LINKING_MEASURES`

    Returns
    -------
    dict of float64[n_months, n_regions]
        ``slrt_cases``, ``slrt_referred``, ``families_counselled``, ``slrt_backlog`` in cases,
        ``slrt_days`` in days,
        ``facilitator_caseload`` in families per facilitator, ``volunteers`` in persons,
        ``youth_groups_active`` in groups; NaN where there is nobody to count.
    """
    of = dict(zip(LINKING_MEASURES, np.moveaxis(counts, 1, 0), strict=True))
    decided = of["counselled"] + of["referred"] + of["proposed"] + of["refused"]
    return {
        "slrt_cases": of["arrived"],
        "slrt_referred": of["counselled"] + of["referred"] + of["proposed"],
        "families_counselled": of["counselled"],
        "slrt_backlog": of["backlog"],
        "slrt_days": _HUNDREDTH * share(of["days"], decided),
        "facilitator_caseload": _HUNDREDTH * share(of["families"], of["facilitators"]),
        "volunteers": of["volunteers"],
        "youth_groups_active": of["youth_groups"],
    }
