"""Indicators of services and of those who coordinate them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.welfare import share
from kesos_sim.kernels.funding import SOURCES
from kesos_sim.units import DAYS_PER_MONTH, MONTHS_PER_YEAR

__all__ = ["SERVICE_MEASURES", "service_indicators"]

SERVICE_MEASURES: Final = (
    "in_need",
    "served",
    "places",
    "reached",
    "waited",
    "bodies",
    "awake",
    "working",
    "members",
    "sent_away",
    "helped",
    "relapsed",
    "at_risk",
    "remote",
    "returned",
    "volunteers",
    "school_age",
    "school_missed",
    *SOURCES,
    "through_forum",
    "spent",
    "reserves",
)
"""What is counted in each month and district: people in need, those whom somebody serves, places
that organisations of any district give them, people newly reached and the months that they had
waited, coordinating bodies and those that work, organisations that work and the members among
them, clients sent away since money has run out, people whose need a service ended, those
helped before who fell back and those who still can, families of remote communities in need,
people with an organisation of their home province, volunteers of organisations, children of
school age, school years of children that an unmet need of education costs, rupiah that
organisations receive by source, that firms give them through business forums, that they spend, and
that they have left."""


def service_indicators(counts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the indicators of services and coordination.

    Parameters
    ----------
    counts : float64[n_months, n_measures, n_regions], counts in the order of `SERVICE_MEASURES`

    Returns
    -------
    dict of float64[n_months, n_regions]
        ``unmet_need_rate``, ``duplicate_service_rate``, ``coordination_active`` and
        ``orsos_membership`` in percent, ``orsos_working`` in organisations, ``cases_served`` in
        persons, ``days_to_service`` in days, ``school_attendance`` in percent;
        NaN where there is nobody to count.
    """
    of = dict(zip(SERVICE_MEASURES, np.moveaxis(counts, 1, 0), strict=True))
    income = sum((of[source] for source in SOURCES), start=np.zeros_like(of["served"]))
    return {
        "unmet_need_rate": share(of["in_need"] - of["served"], of["in_need"]),
        "cases_served": of["served"],
        "duplicate_service_rate": share(of["places"] - of["served"], of["served"]),
        "days_to_service": DAYS_PER_MONTH / 100.0 * share(of["waited"], of["reached"]),
        "coordination_active": share(of["awake"], of["bodies"]),
        "orsos_membership": share(of["members"], of["working"]),
        "orsos_working": of["working"],
        "cases_ended": of["helped"],
        "remote_in_need": of["remote"],
        "returned_home": of["returned"],
        "orsos_volunteers": of["volunteers"],
        "school_attendance": share(of["school_age"] - of["school_missed"], of["school_age"]),
        "relapse_rate": share(of["relapsed"], of["relapsed"] + of["at_risk"]),
        "service_interruptions": MONTHS_PER_YEAR * share(of["sent_away"], of["places"]),
        "orsos_income": income,
        "orsos_government_share": share(of["government"], income),
        "orsos_business_share": share(of["csr"], income),
        "orsos_zakat": of["zakat"],
        "csr_through_forum": share(of["through_forum"], of["csr"]),
        "orsos_reserve_months": share(of["reserves"], of["spent"]) / 100.0,
    }
